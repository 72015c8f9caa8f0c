/*
 * search.h - the smallest region in which a trace completes, no request refused.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "complaint.h"
#include "progress.h"
#include "replay.h"
#include "status.h"
#include "trace.h"

#include <stddef.h>

struct search_figures {
    size_t region; /* bytes, whole pages */
    size_t index;  /* bytes of libmem's index that are resident at the end; 0: not known */
};

/* Stages that search_region enters, for progress_start. */
enum { SEARCH_STAGES = 1 };

/*
 * Finds a region in which the trace completes, while it does not in one a page
 * smaller. It takes a probe for each doubling of the region, and for each
 * halving of what is left to search.
 *
 * REFUSED when the trace does not complete in the largest region; other statuses
 * as of probe. Then c says what went wrong.
 */
enum status search_region(const struct trace *t, struct replay_terms terms, struct progress *p,
                          struct search_figures *figures, struct complaint *c);

#endif /* SEARCH_H */
