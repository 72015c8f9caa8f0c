/*
 * unit.h - what the unit tests share: an assertion for loops, and the seed of
 * random numbers.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef UNIT_H
#define UNIT_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "random.h"
#include "support.h"

/* As must() of support.h, for two numbers: it names both when they differ. */
#define must_equal(got, expected)                                                                  \
    do {                                                                                           \
        uint64_t got_ = (got), expected_ = (expected);                                             \
        if (got_ != expected_)                                                                     \
            ck_abort_msg("%s is %#" PRIx64 ", not %#" PRIx64, #got, got_, expected_);              \
    } while (0)

/* The seed to start with: that of the test, which does the same each time, or
 * the one that MEM_TEST_SEED in the environment names. Either is printed. */
static inline uint64_t random_seed(uint64_t own) {
    const char *named = getenv("MEM_TEST_SEED");
    uint64_t seed = named != NULL ? strtoull(named, NULL, 0) : own;
    printf("MEM_TEST_SEED=%" PRIu64 "\n", seed);
    fflush(stdout);
    return seed;
}

#endif /* UNIT_H */
