/*
 * axis.h - an axis from 0 on: where it has marks, and what is written there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_AXIS_H
#define PICTURE_AXIS_H

#include <stddef.h>
#include <stdint.h>

struct axis {
    uint64_t most; /* at its end, at least 1 */
    uint64_t step; /* from one mark to the next */
    int shift;     /* numbers are written divided by 2^shift */
    const char *unit;
};

enum { AXIS_LABEL = 40 }; /* bytes of a label */

/* With `marks` marks at most, besides that of 0. */
struct axis axis_of_bytes(uint64_t most, unsigned marks);
struct axis axis_of_numbers(uint64_t most, unsigned marks);

/* What is written at a value. */
void axis_label(const struct axis *a, uint64_t value, char *label);

/* A number in groups of three digits. */
void axis_group(uint64_t value, char *label);

#endif /* PICTURE_AXIS_H */
