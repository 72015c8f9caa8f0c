/*
 * unit.h - what the unit tests share: an assertion for loops.
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

#endif /* UNIT_H */
