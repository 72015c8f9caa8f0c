/*
 * outcome.h - the exit statuses that are mem-run's own, as those of env(1), time(1) and timeout(1);
 * all others are the program's.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef OUTCOME_H
#define OUTCOME_H

enum outcome {
    STARTED = 0,
    BROKEN = 125, /* mem-run itself fails: usage, its own files, a program that it cannot serve */
    UNEXECUTABLE = 126, /* the program is there, and the system does not run it */
    NOT_FOUND = 127,
    BY_SIGNAL = 128 /* and the number of the signal that ended the program */
};

#endif /* OUTCOME_H */
