/*
 * search.c - binary search over whole pages.
 *
 * With first fit, a trace that completes in a region completes in every larger
 * one: its objects get the same places there. The two differ in the size of the
 * last chunk alone, which is chosen only when no other is large enough. So the
 * size found is the smallest. Worst and best fit choose by the size of that chunk,
 * and may complete in a region and not in some larger one; what holds of the
 * size found is that the trace completes there, and not a page below.
 *
 * Invariants between two probes:
 * 1. The trace does not complete in low - 1 pages.
 * 2. It completes in high pages, unless high is 0, which stands for none known.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "search.h"

#include "heap.h"
#include "probe.h"

#include <limits.h>
#include <stdint.h>
#include <unistd.h>

struct search {
    const struct trace *trace;
    struct replay_terms terms;
    size_t page;  /* bytes */
    size_t low;   /* pages */
    size_t high;  /* pages */
    size_t most;  /* pages of the largest region */
    size_t index; /* bytes resident at the end of the probe of high */
    uint64_t probes;
    uint64_t probes_left; /* as far as can be seen, the current one included */
    struct progress *progress;
    struct complaint *complaint;
};

/* The bar: each probe counts alike, whether it comes to the end of the trace or not. */

static uint64_t halvings(size_t pages) {
    uint64_t count = 0;
    for (; pages > 0; pages /= 2)
        count++;
    return count;
}

static void move_bar(void *who, size_t done) {
    const struct search *s = who;
    progress_step(s->progress, s->probes * s->trace->count + done,
                  (s->probes + s->probes_left) * s->trace->count);
}

/* Probes */

static enum status try_pages(struct search *s, size_t pages) {
    struct replay_watcher watcher = {move_bar, s};
    size_t index;
    enum status status = probe(s->trace, pages * s->page, s->terms, &watcher, &index, s->complaint);
    s->probes++;
    if (status == REFUSED)
        s->low = pages + 1;
    if (status == SERVED) {
        s->high = pages;
        s->index = index;
    }
    return status;
}

/* Doubles the pages until they are enough. */
static enum status find_enough(struct search *s) {
    enum status status;
    size_t pages = s->low;
    s->probes_left = 1 + halvings(pages);
    while ((status = try_pages(s, pages)) == REFUSED && pages < s->most) {
        pages = pages < s->most / 2 ? 2 * pages : s->most;
        s->probes_left = 1 + halvings(pages / 2);
    }
    return status;
}

static enum status narrow(struct search *s) {
    enum status status = SERVED;
    while (status <= REFUSED && s->low < s->high) {
        s->probes_left = halvings(s->high - s->low);
        status = try_pages(s, s->low + (s->high - s->low) / 2);
    }
    return status <= REFUSED ? SERVED : status;
}

static enum status search(struct search *s) {
    enum status status = find_enough(s);
    if (status == REFUSED)
        complain(s->complaint, s->complaint->line,
                 "this request is refused in the largest region, of %zu bytes", s->most * s->page);
    return status == SERVED ? narrow(s) : status;
}

static size_t pages_for(const struct search *s, uint64_t bytes) {
    uint64_t pages = (bytes + s->page - 1) / s->page;
    return pages < s->most ? (size_t)pages : s->most;
}

enum status search_region(const struct trace *t, struct replay_terms terms, struct progress *p,
                          struct search_figures *figures, struct complaint *c) {
    struct search s = {.trace = t, .terms = terms, .progress = p, .complaint = c};
    s.page = (size_t)sysconf(_SC_PAGESIZE);
    s.most = HEAP_MOST / s.page;
    uint64_t least = terms.moves ? t->moving : t->rounded;
    s.low = pages_for(&s, least > 0 ? least : 1);
    progress_stage(p, "searching");
    enum status status = search(&s);
    *figures = (struct search_figures){s.high * s.page, s.index};
    return status;
}
