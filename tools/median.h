/*
 * median.h - sorted samples, and what stands in the middle of them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEDIAN_H
#define MEDIAN_H

#include <stdlib.h>

static inline int median_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the samples, at least one. */
static inline double median_of(double *samples, size_t count) {
    qsort(samples, count, sizeof *samples, median_order);
    return samples[count / 2];
}

#endif /* MEDIAN_H */
