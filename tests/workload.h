/*
 * workload.h - what a random run does to a heap.
 *
 * It goes through phases (fill, drain, churn, ...), because heaps take shapes
 * then that single random operations hardly ever reach. Mistakes come in
 * between: they have to fail with the right error and to change nothing. No
 * decision depends on an address, so a seed and a setting repeat a run exactly.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "twin.h"

enum { STYLE_MIXED = -1 };

enum sizes {
    SIZES_MIXED,   /* each phase draws one of those below */
    SIZES_GRANULE, /* one granule */
    SIZES_SMALL,   /* up to 256 bytes */
    SIZES_SEGMENT, /* around multiples of 1 KiB, 64 granules */
    SIZES_PAGE,    /* around 4 KiB, 256 granules */
    SIZES_LARGE,   /* all orders of magnitude, up to the whole region */
    SIZES_POWERS,  /* powers of two, one less, one more */
    SIZES_EVEN,    /* such that the objects just about fill the region */
    SIZES_PROGRAM, /* a few sizes again and again, some others, few large */
    SIZES_COUNT,
};

struct setting {
    int region; /* bytes, as given to Mem_Init */
    int style;  /* of Mem_Alloc, or STYLE_MIXED */
    enum sizes sizes;
    uint32_t objects; /* about so many live at a time, at most */
    bool vandal;      /* overwrite nodes of the free list between operations */
};

enum phase_kind {
    PHASE_FILL,         /* allocate until there are enough objects, or refusals */
    PHASE_BRIM,         /* take whole chunks until none is left */
    PHASE_CHURN,        /* allocate and free in random order */
    PHASE_PAIRS,        /* allocate, free the same, and again */
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
    uint32_t cursor;  /* thin: the object to free next */
    uint32_t refused; /* fill: allocations that failed */
};

enum { RECENT = 64, HOT_SIZES = 8 };

struct workload {
    const struct setting *setting;
    struct twin *twin;
    uint64_t random; /* the state of the generator */
    struct phase phase;
    uint32_t phases;         /* begun so far */
    uint32_t recent[RECENT]; /* a ring of offsets allocated of late */
    uint32_t recent_end;     /* counts on; modulo RECENT, one past the newest */
    uint32_t hot[HOT_SIZES]; /* the sizes that SIZES_PROGRAM draws most */
};

void workload_start(struct workload *workload, const struct setting *setting, struct twin *twin,
                    uint64_t seed);

/* Some operations before the twin has its region. */
void workload_without_region(struct workload *workload);

/* One operation on the twin's region. */
void workload_step(struct workload *workload);

#endif
