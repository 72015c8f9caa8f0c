/*
 * clock.h - the time, for the bar and for the figures.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

/* What a clock of clock_gettime shows, in nanoseconds. */
static inline uint64_t clock_read_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Nanoseconds since some moment in the past, never going back. */
static inline uint64_t clock_ns(void) {
    return clock_read_ns(CLOCK_MONOTONIC);
}

#endif /* CLOCK_H */
