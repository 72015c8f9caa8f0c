/*
 * run.c - runs every experiment on every allocator, round after round:
 *
 *     run [--quick] [--seconds N] PROGRAMS TRACE...
 *
 * PROGRAMS is the folder where the drivers are. In a round, an experiment is done with one
 * allocator right after the other, so that whatever else the machine does affects all of them
 * alike. Rounds go on as long as the time allows; there is one at least.
 *
 * Each figure becomes a line `ROUND,ALLOCATOR,EXPERIMENT,CASE,METRIC,VALUE` on
 * stdout, each remark a line that starts with `# `.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "clock.h"
#include "cycles.h"
#include "outcome.h"
#include "progress.h"
#include "recorded.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

struct allocator {
    const char *name;
    const char *program;
    const char *policy;
    bool ladder_alone; /* it serves as a measure there, and is too slow elsewhere */
};

static const struct allocator allocators[] = {
    {"libmem first", "with-libmem", "first", false},
    {"libmem worst", "with-libmem", "worst", false},
    {"libmem best", "with-libmem", "best", false},
    {"list first", "with-list", "first", false},
    {"list worst", "with-list", "worst", true},
    {"glibc", "with-libc", "own", false},
    {"jemalloc", "with-jemalloc", "own", false},
    {"mimalloc", "with-mimalloc", "own", false},
    {"tcmalloc", "with-tcmalloc", "own", false},
    {"Boost", "with-boost", "own", false},
};
enum { ALLOCATORS = sizeof allocators / sizeof *allocators };

struct job {
    const char *experiment;
    const char *argument;
    bool once;                 /* the same in each round */
    bool left_out[ALLOCATORS]; /* for good */
};

enum { JOBS_MAX = 64, ROUNDS_MAX = 15, PATH_BYTES = 4096, QUICK_TRACES = 2 };

struct plan {
    const char *programs;
    char **trace;
    size_t traces;
    bool quick;
    unsigned seconds;
    size_t count;
    struct job jobs[JOBS_MAX];
    bool failed;
    unsigned round;
};

/* What is done. A quick run is for a look: fewer traces, and no heap with a million
 * chunks. */

static void plan_job(struct plan *p, const char *experiment, const char *argument, bool once) {
    if (p->count == JOBS_MAX)
        outcome_failed("too many traces");
    p->jobs[p->count++] =
        (struct job){.experiment = experiment, .argument = argument, .once = once};
}

static void plan_jobs(struct plan *p) {
    size_t traces = p->quick && p->traces > QUICK_TRACES ? QUICK_TRACES : p->traces;
    for (size_t i = 0; i < traces; i++)
        plan_job(p, "trace", p->trace[i], false);
    plan_job(p, "ladder", "100", false);
    plan_job(p, "ladder", "1000", false);
    plan_job(p, "ladder", "10000", false);
    plan_job(p, "ladder", "100000", false);
    if (!p->quick)
        plan_job(p, "ladder", "1000000", false);
    plan_job(p, "threads", "", false);
    plan_job(p, "polite", "", false);
    plan_job(p, "latency", "churn", false);
    plan_job(p, "latency", p->trace[0], false);
    for (size_t i = 0; i < traces; i++)
        plan_job(p, "memory", p->trace[i], true);
}

/* One driver: its output, line by line */

/* A child with its output in a pipe. No shell, no buffer to flush. */
static pid_t start_driver(const char *const argv[], FILE **output) {
    int ends[2];
    if (pipe(ends) != 0)
        outcome_failed("no pipe: %s", strerror(errno));
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        outcome_failed("no process: %s", strerror(errno));
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(argv[0], (char *const *)argv); /* it changes none of them */
        _exit(127);
    }
    close(ends[1]);
    *output = fdopen(ends[0], "r");
    if (*output == NULL)
        outcome_failed("no stream: %s", strerror(errno));
    return child;
}

static int exit_status(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static void program_path(const struct plan *p, const struct allocator *a, char path[PATH_BYTES]) {
    snprintf(path, PATH_BYTES, "%s/%s", p->programs, a->program);
}

static void pass_on(const struct plan *p, const struct allocator *a, const struct job *j,
                    const char *line) {
    if (line[0] == '#')
        printf("# left out: %s, %s %s: %s", a->name, j->experiment, recorded_name(j->argument),
               line + 2);
    else
        printf("%u,%s,%s", p->round, a->name, line);
}

static int run_driver(struct plan *p, const struct allocator *a, const struct job *j) {
    char path[PATH_BYTES], line[512];
    FILE *output;
    program_path(p, a, path);
    const char *const argv[] = {path, "--policy", a->policy, j->experiment, j->argument, NULL};
    pid_t child = start_driver(argv, &output);
    while (fgets(line, sizeof line, output) != NULL)
        pass_on(p, a, j, line);
    fclose(output);
    return exit_status(child);
}

/* What could not be measured is not tried again. With a trace, neither are the other experiments
 * with it. */
static void leave_out_from(struct plan *p, size_t allocator, struct job *first) {
    for (struct job *j = first; j < p->jobs + p->count; j++)
        if (strcmp(j->argument, first->argument) == 0)
            j->left_out[allocator] = true;
}

static void run_job(struct plan *p, size_t allocator, struct job *j) {
    const struct allocator *a = &allocators[allocator];
    if (j->left_out[allocator])
        return;
    int status = run_driver(p, a, j);
    j->left_out[allocator] = j->once;
    if (status == 0)
        return;
    leave_out_from(p, allocator, j);
    if (WIFEXITED(status) && WEXITSTATUS(status) == OUTCOME_LEFT_OUT)
        return;
    p->failed = true;
    printf("# FAILED: %s, %s %s: wait status %d\n", a->name, j->experiment,
           recorded_name(j->argument), status);
}

/* Which allocators there are, and where all of it happens */

static void leave_out(struct plan *p, size_t allocator) {
    for (size_t i = 0; i < p->count; i++)
        p->jobs[i].left_out[allocator] = true;
}

static void leave_out_but_ladder(struct plan *p, size_t allocator) {
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->jobs[i].experiment, "ladder") != 0)
            p->jobs[i].left_out[allocator] = true;
}

static void tell_version(const struct allocator *a, const char *path) {
    char line[512];
    FILE *output;
    const char *const argv[] = {path, "version", NULL};
    pid_t child = start_driver(argv, &output);
    while (fgets(line, sizeof line, output) != NULL)
        printf("# with: %s: %s", a->name, line);
    fclose(output);
    exit_status(child);
}

static void find_allocators(struct plan *p) {
    char path[PATH_BYTES];
    for (size_t i = 0; i < ALLOCATORS; i++) {
        program_path(p, &allocators[i], path);
        if (access(path, X_OK) != 0) {
            printf("# left out: %s: configure has not found it\n", allocators[i].name);
            leave_out(p, i);
            continue;
        }
        tell_version(&allocators[i], path);
        if (allocators[i].ladder_alone)
            leave_out_but_ladder(p, i);
    }
}

static void tell_machine(void) {
    struct utsname system;
    double load = 0;
    if (uname(&system) == 0)
        printf("# machine: %s %s, %s\n", system.sysname, system.release, system.machine);
    if (getloadavg(&load, 1) == 1)
        printf("# processors: %ld, load at the start: %.1f\n", sysconf(_SC_NPROCESSORS_ONLN), load);
    printf("# latency: in " CYCLES_UNIT ", %.2f to a nanosecond; %d for the reading subtracted\n",
           cycles_rate(), (int)cycles_overhead());
}

/* Rounds */

static bool is_time_for_another(const struct plan *p, uint64_t start) {
    uint64_t so_far = clock_ns() - start;
    uint64_t most = p->seconds * UINT64_C(1000000000);
    return p->round < ROUNDS_MAX && so_far + so_far / p->round <= most;
}

static void do_round(struct plan *p, uint64_t start, struct progress *progress) {
    for (size_t j = 0; j < p->count; j++)
        for (size_t a = 0; a < ALLOCATORS; a++) {
            run_job(p, a, &p->jobs[j]);
            progress_step(progress, (clock_ns() - start) / 1000000, p->seconds * UINT64_C(1000));
        }
}

static void do_rounds(struct plan *p) {
    struct progress progress;
    uint64_t start = clock_ns();
    progress_start(&progress, "benchmarks", 1);
    progress_stage(&progress, "measuring");
    do {
        p->round++;
        do_round(p, start, &progress);
    } while (is_time_for_another(p, start));
    progress_erase(&progress);
    printf("# rounds: %u, in %.0f s\n", p->round, (double)(clock_ns() - start) / 1e9);
}

static bool parse(struct plan *p, int argc, char **argv) {
    *p = (struct plan){.seconds = 840};
    for (argv++; argc > 1 && strncmp(*argv, "--", 2) == 0; argv++, argc--) {
        if (strcmp(*argv, "--quick") == 0) {
            p->quick = true;
            p->seconds = 50;
        } else if (strcmp(*argv, "--seconds") == 0 && argc > 2) {
            p->seconds = (unsigned)strtoul(*++argv, NULL, 10);
            argc--;
        } else {
            return false;
        }
    }
    if (argc < 3)
        return false;
    p->programs = argv[0];
    p->trace = argv + 1;
    p->traces = (size_t)argc - 2;
    return true;
}

int main(int argc, char **argv) {
    static struct plan plan;
    if (!parse(&plan, argc, argv))
        outcome_failed("usage: run [--quick] [--seconds N] PROGRAMS TRACE...");
    plan_jobs(&plan);
    tell_machine();
    find_allocators(&plan);
    do_rounds(&plan);
    return plan.failed ? OUTCOME_FAILED : OUTCOME_DONE;
}
