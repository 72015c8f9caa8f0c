/*
 * cputime.h - the time that the processor has spent on this thread.
 *
 * It stands still while other processes run, so a busy machine disturbs it
 * less than any clock. Reading it is a call of the system.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CPUTIME_H
#define CPUTIME_H

#include "clock.h"

#include <stdint.h>
#include <time.h>

static inline uint64_t cputime_ns(void) {
    return clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* The least that passes between two readings. */
static inline uint64_t cputime_cost(void) {
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 1000; i++) {
        uint64_t start = cputime_ns();
        uint64_t took = cputime_ns() - start;
        least = took < least ? took : least;
    }
    return least;
}

#endif /* CPUTIME_H */
