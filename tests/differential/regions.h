/*
 * regions.h - the regions of a run, each with a twin and a workload of its own.
 *
 * The default region is number 0. Others are mapped, or placed in memory of the test's own, at
 * addresses as odd as any. Now and then one of them is destroyed and another made in its stead.
 * Each operation goes to one of the regions at random, sometimes with a pointer of another.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REGIONS_H
#define REGIONS_H

#include "workload.h"

struct slot {
    struct twin twin;
    struct workload workload;
    char *memory; /* of a region that was placed, or NULL */
    size_t bytes; /* of that memory */
};

struct regions {
    const struct setting *setting;
    struct run_log *log;
    uint64_t random; /* the state of the generator */
    char *arena;     /* memory to place regions in; NULL if there is only the default one */
    struct slot slots[REGIONS_MOST];
};

/* Makes the regions. False here and below: the system has no memory for them. */
bool regions_start(struct regions *regions, const struct setting *setting, struct run_log *log,
                   uint64_t seed);

/* One operation, or some. */
bool regions_step(struct regions *regions);

/* Calls chore for each region's twin. */
void regions_each(struct regions *regions, void (*chore)(const struct twin *twin));

/* The last operations: compares everything and ends the regions. */
void regions_finish(struct regions *regions);

#endif
