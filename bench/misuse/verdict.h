/*
 * verdict.h - what became of a process that misused its heap, from the best to the worst. All
 * deaths are equally bad: where a misuse leads to a crash or to an abort, depending on addresses,
 * the table shows the abort.
 *
 * A process notes what it sees in memory that it shares with its parent, so that nothing is lost
 * when it dies.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

enum verdict {
    REFUSED,     /* the call said so, and all is well */
    SOUND,       /* nobody said anything, and all is well */
    CRASHED,     /* a signal ended it that the allocator did not send */
    HUNG,        /* it went on for ever */
    ABORTED,     /* the allocator saw something and ended it */
    OVERWRITTEN, /* what the program owns has other bytes now, and nobody said anything */
    ASTRAY,      /* the allocator refuses good requests, or counts wrongly */
    OVERLAPPED,  /* two objects share bytes */
    CHOSEN,      /* an object lies where the program wanted it, in memory that is no heap's */
    VERDICTS
};

/* A word or two. */
const char *verdict_name(enum verdict verdict);

/* Makes the memory that is shared, once. False when the system refuses. */
bool verdict_share(void);

/* Before a process begins. */
void verdict_clear(void);

/* Keeps the worst. From ASTRAY on the process ends here: what it would do next tells no more. */
void verdict_note(enum verdict verdict);

/* The worst, once the process has ended with this wait status. */
enum verdict verdict_of(int status);

#endif
