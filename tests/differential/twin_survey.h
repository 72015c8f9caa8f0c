/*
 * twin_survey.h - all that the library tells of a region, held against the model:
 * figures, sizes, blocks, contents, list.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TWIN_SURVEY_H
#define TWIN_SURVEY_H

#include "twin.h"

/* After each operation: the figures often, everything now and then. */
void twin_survey_now_and_then(struct twin *twin);

/* Everything, now. */
void twin_survey(struct twin *twin);

/* Checks what Mem_Size tells of an object. A tool that watches the region (valgrind, a sanitizer)
 * then allows all bytes of that size, not only those that were requested. */
void twin_survey_size(const struct twin *twin, struct span object);

/* Everything must fail: there is no default region yet. */
void twin_survey_without_region(struct twin *twin);

/* A walk over the blocks, which may change while it goes on. It has to show the first block that
 * starts at `reached` or above. */
struct tour {
    struct twin *twin;
    size_t reached; /* the end of the block shown last */
};

/* Looks at the block that a walk shows. */
void twin_survey_visit(struct tour *tour, const struct Mem_Block *block);

/* Does a walk whose visitor calls twin_survey_visit: `tour` is part of its context. Returns what
 * the library did; if that is 0, all blocks must have been shown. */
int twin_survey_walk(struct tour *tour, calls_visitor *visit, void *context);

#endif
