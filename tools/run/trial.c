/*
 * trial.c - runs a program, and waits for a time.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "trial.h"

#include "clock.h"
#include "descriptor.h"
#include "message.h"
#include "nameless.h"
#include "outcome.h"
#include "start.h"
#include "variables.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- Signals ---- */

/* The programs are in groups of their own: so these come to this process alone. */
static const int interrupting[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
enum { INTERRUPTING = sizeof interrupting / sizeof interrupting[0] };

static void fill(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    for (size_t i = 0; i < INTERRUPTING; i++)
        sigaddset(set, interrupting[i]);
}

/* After attend_prepare, which ignores some of them: a blocked one is kept, if it is not ignored.
 * One that was ignored before stays so. What stops a process stops this one: no program is in its
 * group. */
static void catch_signals(const struct attention *before) {
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t set;
    fill(&set);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (size_t i = 0; i < ATTEND_KEYS; i++)
        if (before->ignored[i].sa_handler != SIG_IGN)
            sigaction(interrupting[i], &usual, NULL);
}

void trials_prepare(struct trials *t, const char *path, struct attention *before) {
    struct stat status;
    bool is_file = fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode);
    attend_prepare(before);
    catch_signals(before);
    *t = (struct trials){.path = path, .before = before, .input = is_file ? STDIN_FILENO : -1};
    if (is_file)
        t->input_at = lseek(STDIN_FILENO, 0, SEEK_CUR);
}

/* ---- The streams ---- */

/* A descriptor of its own, since a program may leave its place in the file where it likes. */
static int open_input(const struct trials *t) {
    if (t->input < 0)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int file = open("/proc/self/fd/0", O_RDONLY | O_CLOEXEC);
    if (file >= 0)
        (void)lseek(file, t->input_at, SEEK_SET);
    return file;
}

/* ---- The wait ---- */

/* Its status is left to be taken: until then, no other process gets its number. */
static bool has_ended(pid_t program, struct trial *result) {
    siginfo_t now = {.si_pid = 0};
    if (waitid(P_PID, (id_t)program, &now, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0 ||
        now.si_pid != program)
        return false;
    result->end = now.si_code == CLD_STOPPED ? TRIAL_STOPPED : TRIAL_ENDED;
    result->signal = now.si_status;
    return true;
}

/* Waits for a signal until that time; 0: for ever. Returns it, or 0 when the time is over. */
static int wait_until(uint64_t due_ns) {
    sigset_t set;
    siginfo_t signal;
    fill(&set);
    uint64_t now = clock_ns();
    uint64_t left = due_ns > now ? due_ns - now : 0;
    struct timespec wait = {(time_t)(left / 1000000000), (long)(left % 1000000000)};
    int got;
    do
        got = due_ns == 0 ? sigwaitinfo(&set, &signal) : sigtimedwait(&set, &signal, &wait);
    while (got < 0 && errno == EINTR);
    return got > 0 ? got : 0;
}

static void wait_for(pid_t program, uint64_t due_ns, struct trial *result) {
    while (!has_ended(program, result)) {
        int signal = wait_until(due_ns);
        if (signal == SIGCHLD)
            continue;
        result->end = signal == 0 ? TRIAL_HUNG : TRIAL_INTERRUPTED;
        result->signal = signal;
        return;
    }
}

/* Ends what is left of the program's group, and the program, which may have left that. */
static void end_group(pid_t program, struct trial *result) {
    kill(-program, SIGKILL);
    kill(program, SIGKILL);
    while (waitpid(program, &result->status, 0) < 0 && errno == EINTR)
        continue;
}

/* ---- A run ---- */

static void read_refusal(struct trial *result) {
    struct mem_refusal *refusal = &result->refusal;
    if (pread(result->log.file, refusal, sizeof *refusal, offsetof(struct mem_log, refusal)) !=
        (ssize_t)sizeof *refusal)
        memset(refusal, 0, sizeof *refusal);
}

static int start_and_wait(const struct trials *t, const struct request *r, uint64_t limit_ns,
                          int input, int messages, struct trial *result) {
    struct start_terms terms = {.before = t->before,
                                .log = result->log.file,
                                .apart = true,
                                .streams = {input, result->output, messages}};
    char name[COLLECT_NAME];
    collect_name(&result->log, name);
    if (!variables_set(r, name))
        return fail(BROKEN, "cannot set variables: %s", strerror(errno));
    uint64_t started_ns = clock_ns();
    pid_t program = start(t->path, r->program, &terms);
    if (program < 0)
        return fail(BROKEN, "cannot start a process: %s", strerror(errno));
    wait_for(program, limit_ns > 0 ? started_ns + limit_ns : 0, result);
    result->elapsed_ns = clock_ns() - started_ns;
    end_group(program, result);
    read_refusal(result);
    return STARTED;
}

int trial_run(const struct trials *t, const struct request *r, uint64_t limit_ns,
              struct trial *result) {
    *result = (struct trial){.output = -1, .log = {.file = -1}};
    int status = collect_begin(&result->log, r);
    if (status != STARTED)
        return status;
    int input = descriptor_above(open_input(t));
    int messages = descriptor_above(open("/dev/null", O_WRONLY | O_CLOEXEC));
    result->output = descriptor_above(nameless_open());
    if (input < 0 || messages < 0 || result->output < 0)
        status = fail(BROKEN, "cannot make files for a run: %s", strerror(errno));
    else
        status = start_and_wait(t, r, limit_ns, input, messages, result);
    if (input >= 0)
        close(input);
    if (messages >= 0)
        close(messages);
    return status;
}

void trial_free(struct trial *t) {
    if (t->log.file >= 0)
        collect_end(&t->log);
    if (t->output >= 0)
        close(t->output);
}

bool trial_same_output(const struct trial *a, const struct trial *b) {
    char of_a[4096], of_b[sizeof of_a];
    off_t at = 0;
    ssize_t got;
    do {
        got = pread(a->output, of_a, sizeof of_a, at);
        if (got != pread(b->output, of_b, sizeof of_b, at) || got < 0 ||
            memcmp(of_a, of_b, (size_t)got) != 0)
            return false;
        at += got;
    } while (got > 0);
    return true;
}
