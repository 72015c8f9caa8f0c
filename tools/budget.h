/*
 * budget.h - what is refused, against the size of the region.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef BUDGET_H
#define BUDGET_H

#include "complaint.h"
#include "progress.h"
#include "replay.h"
#include "status.h"
#include "style.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>

enum { BUDGET_POINTS = 40 };

struct budget {
    size_t count; /* of points: fewer where sizes of regions would be the same */
    struct budget_point {
        size_t region;                         /* bytes, whole pages */
        struct replay_refused refused[STYLES]; /* by each style, in their order */
    } at[BUDGET_POINTS];
};

enum { BUDGET_STAGES = 1 }; /* that budget_find enters, for progress_start */

/*
 * Replays the trace in regions from 95 of 100 of its peak of live bytes to `most` or, if need
 * be, more, where no style refuses anything; each is larger than the one before by the same factor,
 * but for the rounding to whole pages. Statuses are those of apart_do.
 */
enum status budget_find(struct budget *b, const struct trace *t, const struct styles *styles,
                        bool moves, size_t most, struct progress *p, struct complaint *c);

#endif /* BUDGET_H */
