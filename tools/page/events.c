/*
 * events.c - a pass that looks at the figures of the heap.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/events.h"

#include "apart.h"
#include "heap.h"

#include <stdbool.h>

struct looking {
    const struct trace *trace;
    size_t region;
    struct replay_terms terms;
    struct events *events;
    uint64_t done;    /* operations */
    uint64_t live;    /* the most bytes so far */
    uint64_t largest; /* the least that the largest free chunk had */
    double scatter;   /* the most that the free bytes were, divided by the largest free chunk */
};

static void note(struct looking *l, enum event event, bool happens) {
    if (happens)
        l->events->at[event] = l->done;
}

static void note_first(struct looking *l, enum event event, bool happens) {
    note(l, event, happens && l->events->at[event] == 0);
}

static double scatter_of(const struct Mem_Stats *s) {
    return s->largest_free > 0 ? (double)s->free_bytes / (double)s->largest_free : 0;
}

static void see(void *who, const struct replay_step *step) {
    struct looking *l = who;
    const struct Mem_Stats *s = &step->stats;
    double scatter = scatter_of(s);
    l->done++;
    note(l, EVENT_PEAK, s->live_bytes > l->live);
    note(l, EVENT_TIGHTEST, l->done == 1 || s->largest_free < l->largest);
    note(l, EVENT_SCATTERED, scatter > l->scatter);
    if (step->refusal != NULL)
        note_first(l, replay_is_full(step->refusal) ? EVENT_FULL : EVENT_FRAGMENTED, true);
    l->live = s->live_bytes > l->live ? s->live_bytes : l->live;
    l->largest = l->done == 1 || s->largest_free < l->largest ? s->largest_free : l->largest;
    l->scatter = scatter > l->scatter ? scatter : l->scatter;
}

static enum status find(const void *what, const struct replay_watcher *watcher, void *result,
                        struct complaint *c) {
    struct looking l = *(const struct looking *)what;
    const struct replay_observer observer = {see, &l};
    struct heap heap;
    l.events = result;
    if (!heap_make(&heap, l.region)) {
        complain(c, 0, "the system refuses a region of %zu bytes", l.region);
        return UNUSABLE;
    }
    if (replay_observe(l.trace, &heap, l.terms, &observer, watcher, c))
        return SERVED;
    return c->line == 0 ? UNUSABLE : FAILED;
}

enum status events_find(struct events *events, const struct trace *t, size_t region,
                        struct replay_terms terms, const struct replay_watcher *watcher,
                        struct complaint *c) {
    const struct looking l = {.trace = t, .region = region, .terms = terms};
    return apart_do(find, &l, watcher, events, sizeof *events, c);
}
