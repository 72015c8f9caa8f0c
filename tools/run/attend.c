/*
 * attend.c - waits for a program and takes the signals meanwhile, one after the other: no handler
 * runs, so none can pass a signal on to a process that is no more.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "attend.h"

#include "clock.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Linux keeps a blocked signal even if it would be ignored by default, as SIGCHLD is. */
static const int awaited[] = {SIGCHLD, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT};

static void fill(sigset_t *set) {
    sigemptyset(set);
    for (size_t i = 0; i < sizeof awaited / sizeof awaited[0]; i++)
        sigaddset(set, awaited[i]);
}

static const int ignored[ATTEND_IGNORED] = {SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ};

/* If SIGCHLD was ignored by the parent of this process, the program would leave no status. */
void attend_prepare(struct attention *before) {
    sigset_t set;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction usual = {.sa_handler = SIG_DFL};
    fill(&set);
    sigprocmask(SIG_BLOCK, &set, &before->mask);
    for (size_t i = 0; i < ATTEND_IGNORED; i++)
        sigaction(ignored[i], &ignore, &before->ignored[i]);
    sigaction(SIGCHLD, &usual, &before->child);
    before->started_ns = clock_ns();
}

static void restore(const struct attention *before, size_t count) {
    for (size_t i = 0; i < count; i++)
        sigaction(ignored[i], &before->ignored[i], NULL);
}

/* Those that end a process, if nobody ignores them. */
static const int deadly[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

static void fill_deadly(sigset_t *set) {
    sigemptyset(set);
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        sigaddset(set, deadly[i]);
}

/* What waits until then is thrown away. */
void attend_end(const struct attention *before) {
    const struct timespec at_once = {0, 0};
    sigset_t set;
    fill(&set);
    while (sigtimedwait(&set, NULL, &at_once) > 0)
        continue;
    restore(before, ATTEND_KEYS);
    sigemptyset(&set);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGCONT);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void attend_hold(void) {
    sigset_t set;
    fill_deadly(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

int attend_interrupted(void) {
    const struct timespec at_once = {0, 0};
    sigset_t set;
    fill_deadly(&set);
    int signal = sigtimedwait(&set, NULL, &at_once);
    return signal > 0 ? signal : 0;
}

void attend_undo(const struct attention *before) {
    restore(before, ATTEND_IGNORED);
    sigaction(SIGCHLD, &before->child, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static bool is_pending(int signal) {
    sigset_t set;
    sigpending(&set);
    return sigismember(&set, signal) == 1;
}

/*
 * A stop for any reason but the terminal's is answered by SIGTSTP, not by SIGSTOP: where no shell
 * is there to continue mem-run, the system discards it. When a SIGCONT is waiting, the program has
 * been continued since.
 */
static void stop_too(int signal) {
    sigset_t set;
    if (is_pending(SIGCONT))
        return;
    if (signal != SIGTTIN && signal != SIGTTOU)
        signal = SIGTSTP;
    sigemptyset(&set);
    sigaddset(&set, signal);
    raise(signal);
    sigprocmask(SIG_UNBLOCK, &set, NULL); /* it stops here */
    fill(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Whether the program has ended; a stop is answered. */
static bool has_ended(pid_t program, struct ending *ending) {
    while (wait4(program, &ending->status, WNOHANG | WUNTRACED, &ending->usage) == program) {
        if (!WIFSTOPPED(ending->status))
            return true;
        stop_too(WSTOPSIG(ending->status));
    }
    return false;
}

/* What the terminal or the system sends has gone to the whole group. */
static void pass_on(const siginfo_t *signal, pid_t program) {
    if (signal->si_code <= 0)
        kill(program, signal->si_signo);
}

void attend(pid_t program, uint64_t started_ns, struct ending *ending) {
    sigset_t set;
    siginfo_t signal;
    fill(&set);
    while (!has_ended(program, ending))
        if (sigwaitinfo(&set, &signal) > 0 && signal.si_signo != SIGCHLD)
            pass_on(&signal, program);
    ending->elapsed_ns = clock_ns() - started_ns;
}

int attend_status(const struct ending *ending) {
    if (WIFSIGNALED(ending->status))
        return BY_SIGNAL + WTERMSIG(ending->status);
    return WEXITSTATUS(ending->status);
}
