/*
 * panel.c - a pass, and what is made of each operation.
 *
 * The heap is as an operation leaves it from its beginning on, for the time of one operation; so
 * the first one begins at 0, and the last ends at the right edge.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/panel.h"

#include "apart.h"
#include "heap.h"

struct making {
    struct panel *panel;
    const struct trace *trace;
    size_t region;
    struct replay_terms terms;
    uint64_t done;       /* operations */
    uint64_t operations; /* that there are; 1, if there are none */
};

/* The columns in which the operation to be done lies. */
static uint32_t first_column(const struct making *m) {
    return (uint32_t)(m->done * RASTER_COLUMNS / m->operations);
}

static uint32_t last_column(const struct making *m) {
    return (uint32_t)(((m->done + 1) * RASTER_COLUMNS - 1) / m->operations);
}

static void mark(struct making *m, const struct replay_refusal *refusal) {
    struct panel *p = m->panel;
    bool full = replay_is_full(refusal);
    p->refused[first_column(m)] |= full ? PANEL_FULL : PANEL_FRAGMENTED;
    p->full += full;
    p->fragmented += !full;
}

static void see(void *who, const struct replay_step *step) {
    struct making *m = who;
    struct raster *raster = &m->panel->raster;
    raster_advance(raster, m->done);
    raster_change(raster, m->done, step->before, false);
    raster_change(raster, m->done, step->after, true);
    curves_add(&m->panel->curves, first_column(m), last_column(m), &step->stats);
    if (step->refusal != NULL)
        mark(m, step->refusal);
    m->done++;
}

/* Of a trace without operations, the picture shows the empty heap. */
static void show_empty(struct making *m, const struct heap *heap) {
    struct Mem_Stats stats = {.free_bytes = 0};
    (void)Mem_RegionGetStats(heap->region, &stats);
    curves_add(&m->panel->curves, 0, RASTER_COLUMNS - 1, &stats);
}

static bool show(struct making *m, const struct heap *heap, const struct replay_watcher *watcher,
                 struct complaint *c) {
    const struct replay_observer observer = {see, m};
    raster_begin(&m->panel->raster, heap->bytes, m->operations);
    curves_begin(&m->panel->curves);
    if (m->trace->count == 0)
        show_empty(m, heap);
    bool right = replay_observe(m->trace, heap, m->terms, &observer, watcher, c);
    raster_advance(&m->panel->raster, m->operations);
    return right;
}

static enum status make(const void *what, const struct replay_watcher *watcher, void *result,
                        struct complaint *c) {
    struct making m = *(const struct making *)what;
    struct heap heap;
    (void)result; /* it is in the memory that is shared */
    if (!heap_make(&heap, m.region)) {
        complain(c, 0, "the system refuses a region of %zu bytes", m.region);
        return UNUSABLE;
    }
    if (show(&m, &heap, watcher, c))
        return SERVED;
    return c->line == 0 ? UNUSABLE : FAILED;
}

enum status panel_make(struct panel *p, const struct trace *t, size_t region,
                       struct replay_terms terms, const struct replay_watcher *watcher,
                       struct complaint *c) {
    const struct making m = {.panel = p,
                             .trace = t,
                             .region = region,
                             .terms = terms,
                             .operations = t->count > 0 ? t->count : 1};
    char nothing;
    return apart_do(make, &m, watcher, &nothing, 0, c);
}
