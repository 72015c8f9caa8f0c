/*
 * holders.h - the callers whose objects keep the most free memory apart (walls.h): at the worst
 * moment of a replay, and over its time.
 *
 * The worst moment is the first at which the largest free chunk is as small as it ever is, as in
 * the report of a replay. For what holds over time, the heap is looked at at moments that are
 * evenly spaced.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HOLDERS_HOLDERS_H
#define HOLDERS_HOLDERS_H

#include "caller_names.h"
#include "complaint.h"
#include "progress.h"
#include "status.h"
#include "style.h"
#include "trace.h"

#include <mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HOLDERS_MOST = 20,   /* that are told */
    HOLDERS_MOMENTS = 64 /* over the time; fewer, if there are fewer operations */
};

struct holder {
    struct caller_name name;
    uint64_t joins;   /* bytes of free chunks that would join larger ones if its objects went */
    uint64_t objects; /* of its own that hold them apart */
    uint64_t largest; /* chunk that would come of it if these objects went, in bytes */
    uint64_t bytes;   /* of these objects */
    uint64_t age;     /* the median of them, in operations since they were placed there */
    uint64_t average; /* of joins over the time */
};

struct holders {
    uint32_t line;          /* after which the worst moment is; 0: nothing was done */
    struct Mem_Stats stats; /* of the heap then */
    size_t count;           /* of those that are told */
    size_t all;             /* callers that keep free memory apart then, or did at other moments */
    struct holder of[HOLDERS_MOST]; /* who holds most comes first */
};

enum { HOLDERS_STAGES = 1 }; /* that holders_find enters, for progress_start */

/* Whether a trace has callers, or nothing to be called for; c says that it has not. */
bool holders_can(const struct trace *t, struct complaint *c);

/*
 * Finds the holders by each style, an array of them in memory that is to be freed by holders_free.
 * SERVED, whatever was refused; otherwise c says what went wrong, and there are none.
 */
enum status holders_find(struct holders **holders, const struct trace *t, size_t region,
                         const struct styles *styles, bool moves, struct progress *p,
                         struct complaint *c);
void holders_free(struct holders *holders, const struct styles *styles);

#endif /* HOLDERS_HOLDERS_H */
