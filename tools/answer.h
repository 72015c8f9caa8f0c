/*
 * answer.h - how a trace fares under each of several styles: the smallest region, and what happens
 * in a given one.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ANSWER_H
#define ANSWER_H

#include "budget.h"
#include "complaint.h"
#include "holders/holders.h"
#include "progress.h"
#include "refusals.h"
#include "replay.h"
#include "search.h"
#include "status.h"
#include "style.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>

struct answer {
    const struct style *style;
    struct search_figures search; /* region is 0 when none is large enough */
    struct replay_figures replay; /* in the region given */
    struct refusals refusals;
};

struct answers {
    const char *name; /* of the trace, for people */
    const struct trace *trace;
    size_t region; /* bytes of the region given */
    size_t count;  /* of styles */
    struct answer of[STYLES];
    bool lists_refusals;
    const struct budget *budget;   /* NULL: not asked for */
    const struct holders *holders; /* by style; NULL: not asked for */
};

/* What is asked. */
struct question {
    struct styles styles;
    bool moves;    /* a resize is an allocation, a copy and a free */
    bool refusals; /* keep them */
    size_t region; /* bytes; 0: the one by default */
};

/*
 * Finds the answers. The bar is drawn, and is to be erased. SERVED; REFUSED when a request was
 * refused in the region given; otherwise c says what went wrong. answers_end is to be called in
 * any case.
 */
enum status answers_find(struct answers *a, const struct trace *t, const struct question *q,
                         struct progress *p, struct complaint *c);
void answers_end(struct answers *a);

/* The answer with the smallest region; NULL when none is large enough under any style. */
const struct answer *answers_least(const struct answers *a);

/* The region as a multiple of the peak of live bytes; 0 if nothing was ever live. */
double answers_to_peak(const struct answers *a, size_t region);

#endif /* ANSWER_H */
