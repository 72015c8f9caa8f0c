/*
 * holders.c - two passes, in a process of their own: the first finds the worst moment, and looks at
 * what holds over the time; the second stands still at that moment.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "holders/holders.h"

#include "apart.h"
#include "blocks.h"
#include "heap.h"
#include "holders/walls.h"
#include "passes.h"
#include "replay.h"

#include <stdlib.h>
#include <string.h>

struct age {
    uint32_t caller;
    uint64_t operations;
};

struct looking {
    const struct trace *trace;
    size_t region;
    struct replay_terms terms;
    struct holders *holders; /* what is found */
    struct blocks blocks;
    struct block *sorted;
    struct hold *now;  /* by caller: at the moment at hand */
    struct hold *then; /* at the worst moment */
    uint64_t *sum;     /* of joins at all moments */
    uint64_t moments;  /* that were looked at */
    uint64_t worst;    /* operations that are done then; 0: none */
    struct age *ages;  /* of objects in walls, at the worst moment */
    size_t age_count;
};

static size_t callers_of(const struct looking *l) {
    return (size_t)l->trace->callers.count + 1;
}

/* ---- A moment ---- */

static void find_walls(struct looking *l, struct hold *of, const struct walls_listener *listener) {
    size_t count = blocks_sorted(&l->blocks, l->sorted);
    memset(of, 0, callers_of(l) * sizeof *of);
    walls_find(l->sorted, count, l->region, of, listener);
}

static void look(struct looking *l) {
    find_walls(l, l->now, NULL);
    for (size_t i = 0; i < callers_of(l); i++)
        l->sum[i] += l->now[i].joins;
    l->moments++;
}

/* Of the moments that are to be looked at, how many there are when so many operations are done. */
static uint64_t moments_until(const struct looking *l, uint64_t done) {
    uint64_t count = l->trace->count;
    uint64_t moments = count < HOLDERS_MOMENTS ? count : HOLDERS_MOMENTS;
    return done * moments / count;
}

static void see_all(void *who, const struct replay_step *step) {
    struct looking *l = who;
    blocks_see(&l->blocks, step);
    if (l->worst == 0 || step->stats.largest_free < l->holders->stats.largest_free) {
        l->worst = l->blocks.done;
        l->holders->line = step->operation->line;
        l->holders->stats = step->stats;
    }
    if (moments_until(l, l->blocks.done) > l->moments)
        look(l);
}

static void note_age(void *who, const struct block *block) {
    struct looking *l = who;
    l->ages[l->age_count++] = (struct age){block->caller, l->blocks.done - block->since};
}

static void see_worst(void *who, const struct replay_step *step) {
    struct looking *l = who;
    const struct walls_listener listener = {note_age, l};
    blocks_see(&l->blocks, step);
    if (l->blocks.done == l->worst)
        find_walls(l, l->then, &listener);
}

/* ---- Who holds most ---- */

static bool is_before(const struct holder *a, const struct holder *b) {
    if (a->joins != b->joins)
        return a->joins > b->joins;
    return a->average != b->average ? a->average > b->average : a->name.caller < b->name.caller;
}

/* Those that are told are in their order. */
static void add_holder(struct holders *h, const struct holder *one) {
    size_t at = h->count;
    while (at > 0 && is_before(one, &h->of[at - 1]))
        at--;
    if (at == HOLDERS_MOST)
        return;
    h->count += h->count < HOLDERS_MOST;
    memmove(&h->of[at + 1], &h->of[at], (h->count - at - 1) * sizeof h->of[0]);
    h->of[at] = *one;
}

static int compare_ages(const void *a, const void *b) {
    const struct age *x = a, *y = b;
    if (x->caller != y->caller)
        return x->caller < y->caller ? -1 : 1;
    return (x->operations > y->operations) - (x->operations < y->operations);
}

/* The ages are sorted, by caller first. */
static uint64_t median_age(const struct looking *l, uint32_t caller, uint64_t objects) {
    const struct age key = {caller, 0};
    size_t low = 0, high = l->age_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_ages(&l->ages[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return objects > 0 ? l->ages[low + (objects - 1) / 2].operations : 0;
}

static void choose(struct looking *l) {
    qsort(l->ages, l->age_count, sizeof *l->ages, compare_ages);
    for (uint32_t i = 0; i < callers_of(l); i++) {
        const struct hold *h = &l->then[i];
        uint64_t average = l->moments > 0 ? l->sum[i] / l->moments : 0;
        if (h->joins == 0 && average == 0)
            continue;
        struct holder one = {.name = {.caller = i},
                             .joins = h->joins,
                             .largest = h->largest,
                             .objects = h->objects,
                             .bytes = h->bytes,
                             .age = median_age(l, i, h->objects),
                             .average = average};
        add_holder(l->holders, &one);
        l->holders->all++;
    }
}

/* ---- The passes ---- */

static bool begin(struct looking *l, struct complaint *c) {
    size_t slots = l->trace->slots;
    l->sorted = malloc(slots * sizeof *l->sorted);
    l->ages = malloc(slots * sizeof *l->ages);
    l->now = calloc(callers_of(l), sizeof *l->now);
    l->then = calloc(callers_of(l), sizeof *l->then);
    l->sum = calloc(callers_of(l), sizeof *l->sum);
    return (l->sorted != NULL && l->ages != NULL && l->now != NULL && l->then != NULL &&
            l->sum != NULL) ||
           complain(c, 0, "out of memory");
}

static void end(struct looking *l) {
    free(l->sorted);
    free(l->ages);
    free(l->now);
    free(l->then);
    free(l->sum);
}

static bool pass(struct looking *l, void (*see)(void *, const struct replay_step *),
                 const struct replay_watcher *watcher, struct complaint *c) {
    const struct replay_observer observer = {see, l};
    struct heap heap;
    if (!heap_make(&heap, l->region))
        return complain(c, 0, "the system refuses a region of %zu bytes", l->region);
    l->region = heap.bytes;
    bool right = blocks_begin(&l->blocks, l->trace) || complain(c, 0, "out of memory");
    right = right && replay_observe(l->trace, &heap, l->terms, &observer, watcher, c);
    blocks_end(&l->blocks);
    Mem_RegionDestroy(heap.region);
    return right;
}

/* Tells of the second pass after the first. */
struct second {
    const struct replay_watcher *watcher;
    size_t before;
};

static void see_second(void *who, size_t done) {
    const struct second *s = who;
    s->watcher->see(s->watcher->who, s->before + done);
}

static enum status find(const void *what, const struct replay_watcher *watcher, void *result,
                        struct complaint *c) {
    struct looking l = *(const struct looking *)what;
    struct second second = {watcher, l.trace->count};
    const struct replay_watcher later = {see_second, &second};
    (void)result; /* it is in the memory that is shared */
    bool right = begin(&l, c) && pass(&l, see_all, watcher, c) && pass(&l, see_worst, &later, c);
    if (right)
        choose(&l);
    end(&l);
    if (right)
        return SERVED;
    return c->line == 0 ? UNUSABLE : FAILED;
}

/* ---- All styles ---- */

static size_t bytes_of(const struct styles *styles) {
    return styles->count * sizeof(struct holders);
}

bool holders_can(const struct trace *t, struct complaint *c) {
    return t->callers.count > 0 || t->count == 0 ||
           complain(c, 0,
                    "--holders needs the callers of a recording, and this has none: record with "
                    "mem-run to a file that ends in .mlog");
}

static void name_all(struct holders *h, const struct callers *callers) {
    struct caller_name names[HOLDERS_MOST];
    for (size_t i = 0; i < h->count; i++)
        names[i] = h->of[i].name;
    caller_names(callers, names, h->count);
    for (size_t i = 0; i < h->count; i++)
        h->of[i].name = names[i];
}

enum status holders_find(struct holders **holders, const struct trace *t, size_t region,
                         const struct styles *styles, bool moves, struct progress *p,
                         struct complaint *c) {
    struct passes passes = {p, t->count, 0, 2 * styles->count};
    struct replay_watcher watcher = passes_watcher(&passes);
    enum status status = SERVED;
    *holders = passes_share(bytes_of(styles), c);
    if (*holders == NULL)
        return UNUSABLE;
    progress_stage(p, "holders");
    for (size_t i = 0; status == SERVED && i < styles->count; i++) {
        const struct looking l = {.trace = t,
                                  .region = region,
                                  .terms = {styles->of[i]->value, moves},
                                  .holders = &(*holders)[i]};
        char nothing;
        status = apart_do(find, &l, &watcher, &nothing, 0, c);
        passes.done += 2;
    }
    for (size_t i = 0; status == SERVED && i < styles->count; i++)
        name_all(&(*holders)[i], &t->callers);
    if (status != SERVED) {
        holders_free(*holders, styles);
        *holders = NULL;
    }
    return status;
}

void holders_free(struct holders *holders, const struct styles *styles) {
    passes_unshare(holders, bytes_of(styles));
}
