/*
 * numbers.h - which allocations a sweep refuses.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "complaint.h"

#include "malloc/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbers {
    uint64_t *of;
    size_t count;
};

/* From first to last. False when memory is short. */
bool numbers_all(struct numbers *n, uint64_t first, uint64_t last);

/* Of the allocations from first to last of the process of a run, whose log is in the file: the
 * first of each place that they were called from. False when the log cannot be read, or lacks some
 * of those that the run counted; c says why. */
bool numbers_by_caller(struct numbers *n, int file, const struct mem_refusal *model, uint64_t first,
                       uint64_t last, struct complaint *c);

void numbers_free(struct numbers *n);

#endif /* NUMBERS_H */
