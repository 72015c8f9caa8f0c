/*
 * cycles.h - a clock for single calls: the processor's time-stamp counter where
 * it is known how to read it, else nanoseconds.
 *
 * The counter goes on at one rate whatever the processor's frequency. Fences keep
 * the call between the two readings.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CYCLES_H
#define CYCLES_H

#include "clock.h"
#include "median.h"

#include <stdint.h>

#ifdef __x86_64__

#include <x86intrin.h>

#define CYCLES_UNIT "cycles"

static inline uint64_t cycles_begin(void) {
    _mm_lfence();
    uint64_t now = __rdtsc();
    _mm_lfence();
    return now;
}

static inline uint64_t cycles_end(void) {
    unsigned processor;
    uint64_t now = __rdtscp(&processor);
    _mm_lfence();
    return now;
}

#else

#define CYCLES_UNIT "ns"

static inline uint64_t cycles_begin(void) {
    return clock_ns();
}

static inline uint64_t cycles_end(void) {
    return clock_ns();
}

#endif

/* What the two readings measure when there is nothing between them. */
static inline uint64_t cycles_overhead(void) {
    enum { READINGS = 1001 };
    double samples[READINGS];
    for (int i = 0; i < READINGS; i++) {
        uint64_t start = cycles_begin();
        samples[i] = (double)(cycles_end() - start);
    }
    return (uint64_t)median_of(samples, READINGS);
}

/* The units in a nanosecond; takes 20 ms. */
static inline double cycles_rate(void) {
    uint64_t ns = clock_ns(), cycles = cycles_begin();
    while (clock_ns() - ns < 20000000)
        ;
    return (double)(cycles_end() - cycles) / (double)(clock_ns() - ns);
}

#endif
