/*
 * draw.h - the numbers that a workload draws: sizes, styles, alignments, places.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef DRAW_H
#define DRAW_H

#include "workload.h"

/* A number from 0 to bound - 1; 0 if bound is 0. */
uint64_t draw_below(struct workload *work, uint64_t bound);

bool draw_one_in(struct workload *work, uint32_t chances);

/* A style of the setting. */
int draw_style(struct workload *work);

/* One of the spans, at least one. */
struct span draw_span(struct workload *work, const struct spans *spans);

/* The size of an object for the phase, above 0; an int if the region is the default one. */
int64_t draw_size(struct workload *work);

/* A size for an object that exists: somewhat more or less than it has, what the chunk behind it
 * lets it grow to, and others. */
int64_t draw_new_size(struct workload *work, struct span object);

/* A power of two, which may be more than the region. It is at most MAPPED_ALIGNMENT or more than
 * the region if the region was mapped. */
int64_t draw_alignment(struct workload *work);

/*
 * Addresses are aligned, and the system chooses the address of a mapped region: the start of a
 * page, but another in each run. With an alignment beyond a page, objects would be placed
 * differently in each run, and a seed would not repeat it. So mapped regions get such alignments
 * only at the end of a run (workload_finish), when nothing else is drawn. Placed regions, which lie
 * in memory that is aligned well enough (regions.c), get them all the time. No system has smaller
 * pages.
 */
enum { MAPPED_ALIGNMENT = 4096 };

/* An int no larger than INT_MAX; the size as a call on the region takes it. */
int draw_as_int(uint64_t size);
int64_t draw_as_size(const struct workload *work, uint64_t size);

/* An offset in one of the spans; at its start now and then. 1 if there are none. */
size_t draw_place(struct workload *work, const struct spans *spans);

#endif
