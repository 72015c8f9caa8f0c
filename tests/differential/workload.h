/*
 * workload.h - what a random run does to a region.
 *
 * It goes through phases (fill, drain, churn, ...), because heaps take shapes
 * then that single random operations hardly ever reach. Mistakes come in
 * between: they have to fail with the right error and to change nothing.
 *
 * No decision depends on an address, and no outcome depends on one that differs
 * from run to run (draw.h says how alignments are drawn), so a seed and a setting
 * repeat a run exactly.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "setting.h"
#include "twin.h"

enum phase_kind {
    PHASE_FILL,         /* allocate until there are enough objects, or refusals */
    PHASE_ALIGN,        /* the same with alignments */
    PHASE_BRIM,         /* take whole chunks until none is left */
    PHASE_CHURN,        /* allocate and free in random order */
    PHASE_PAIRS,        /* allocate, free the same, and again */
    PHASE_RESIZE,       /* resize objects in random order */
    PHASE_VECTOR,       /* make the newest object larger and larger, as vectors grow */
    PHASE_SHRINK,       /* make each object smaller, in address order */
    PHASE_THIN,         /* free every other object */
    PHASE_DRAIN_UP,     /* free in address order, */
    PHASE_DRAIN_DOWN,   /* in reverse address order, */
    PHASE_DRAIN_NEWEST, /* the newest first, */
    PHASE_DRAIN_RANDOM, /* in random order */
    PHASE_COUNT,
};

struct phase {
    enum phase_kind kind;
    enum sizes sizes;
    uint32_t left;    /* operations to do */
    uint32_t grow;    /* churn: allocations in a hundred operations */
    uint32_t cursor;  /* thin, shrink: the index of the object that is next */
    uint32_t refused; /* fill, align, vector: allocations that failed */
};

enum { RECENT = 64, HOT_SIZES = 8 };

struct workload {
    const struct setting *setting;
    struct twin *twin;
    const struct twin *stranger; /* another region's, or the same */
    uint64_t random;             /* the state of the generator */
    struct phase phase;
    uint32_t phases;         /* begun so far */
    uint32_t without_best;   /* in so many phases at first, mixed styles are without best fit */
    uint64_t recent[RECENT]; /* a ring of offsets allocated of late */
    uint32_t recent_end;     /* counts on; modulo RECENT, one past the newest */
    uint32_t hot[HOT_SIZES]; /* the sizes that SIZES_PROGRAM draws most */
};

void workload_start(struct workload *workload, const struct setting *setting, struct twin *twin,
                    uint64_t seed);

/* Some operations before the twin has its region, the default one. */
void workload_without_region(struct workload *workload);

/* One operation on the twin's region, or a walk with some in between. */
void workload_step(struct workload *workload);

/* The last operations, on which nothing depends any more: alignments that workload_step cannot
 * draw. Then everything is compared. */
void workload_finish(struct workload *workload);

#endif
