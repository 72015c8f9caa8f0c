/*
 * attend.h - mem-run as the parent of the program: signals, and the end.
 *
 * The program is in the process group of mem-run, so that what the terminal sends reaches it, too.
 * While it runs, mem-run
 * 1. ignores SIGINT and SIGQUIT, which are the program's to answer;
 * 2. passes on SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGTSTP and SIGCONT that a process has sent;
 * 3. stops when the program has stopped, so that a shell sees its job stop;
 * 4. ignores SIGPIPE and SIGXFSZ: what cannot be written is an error like any other.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ATTEND_H
#define ATTEND_H

#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/* Signals that mem-run ignores; the first so many of them until attend_end. */
enum { ATTEND_KEYS = 2, ATTEND_IGNORED = 4 };

/* When it began, and how signals were dealt with before. */
struct attention {
    uint64_t started_ns;
    sigset_t mask;
    struct sigaction ignored[ATTEND_IGNORED];
    struct sigaction child;
};

/* How the program ended. */
struct ending {
    int status;          /* as wait() tells it */
    uint64_t elapsed_ns; /* since attend_prepare */
    struct rusage usage; /* its own, and that of the descendants for which it waited */
};

/* Before the fork: from now on signals wait for attend. */
void attend_prepare(struct attention *before);

/* In the child: signals are as they were, as the program expects them. */
void attend_undo(const struct attention *before);

/* Waits for the end of the program that was started then. */
void attend(pid_t program, uint64_t started_ns, struct ending *ending);

/* When nothing is left but to report: it can be interrupted and stopped by the keys. SIGTERM and
 * others that are passed on, which may have been meant for the program, do not act on mem-run any
 * more. */
void attend_end(const struct attention *before);

/* Before work that leaves something behind when it is not ended in good order: signals that end
 * mem-run wait, and attend_interrupted tells of one, or 0. */
void attend_hold(void);
int attend_interrupted(void);

/* The status to exit with. */
int attend_status(const struct ending *ending);

#endif /* ATTEND_H */
