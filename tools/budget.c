/*
 * budget.c - a pass for each size and style, in a process of its own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "budget.h"

#include "apart.h"
#include "heap.h"
#include "passes.h"

#include <stdint.h>
#include <unistd.h>

/* ---- The sizes ---- */

static void add_region(struct budget *b, size_t region) {
    if (b->count == 0 || b->at[b->count - 1].region < region)
        b->at[b->count++].region = region;
}

/* The factor that comes to `all`, which is at least 1, when it is taken so many times: found by
 * bisection. */
static double factor_of(double all, int times) {
    double low = 1, high = all;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2, product = 1;
        for (int k = 0; k < times; k++)
            product *= middle;
        if (product < all)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The most alone, where that is less than what they would begin with. */
static void choose_regions(struct budget *b, const struct trace *t, size_t most) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    double bytes = 0.95 * (double)t->peak;
    double factor = bytes > 0 ? factor_of((double)most / bytes, BUDGET_POINTS - 1) : 1;
    *b = (struct budget){.count = 0};
    for (int i = 0; i < BUDGET_POINTS - 1 && bytes < (double)most; i++, bytes *= factor) {
        size_t region = ((size_t)bytes + page - 1) / page * page;
        if (region > 0 && region < most)
            add_region(b, region);
    }
    add_region(b, most);
}

/* ---- A pass ---- */

struct counting {
    const struct trace *trace;
    size_t region;
    struct replay_terms terms;
};

static enum status count(const void *what, const struct replay_watcher *watcher, void *result,
                         struct complaint *c) {
    const struct counting *k = what;
    struct heap heap;
    if (!heap_make(&heap, k->region)) {
        complain(c, 0, "the system refuses a region of %zu bytes", k->region);
        return UNUSABLE;
    }
    if (!replay_count(k->trace, &heap, k->terms, watcher, result, c))
        return c->line == 0 ? UNUSABLE : FAILED;
    return SERVED;
}

/* ---- All ---- */

/* By a small step, or 0 when no region can be as large. */
static size_t enlarged(size_t region) {
    enum { STEP = 64 };
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t more = region / STEP + page;
    return region < HEAP_MOST - more ? (region + more) / page * page : 0;
}

/* Enlarges a region until no style refuses anything there: that of one may not do for another. */
static enum status find_most(size_t *most, const struct trace *t, const struct styles *styles,
                             bool moves, const struct replay_watcher *watcher,
                             struct complaint *c) {
    enum { TRIES = 100 };
    struct replay_refused refused;
    size_t next = *most, served = 0;
    enum status status = SERVED;
    for (size_t i = 0; next > 0 && served < styles->count && i < TRIES * STYLES; i++) {
        *most = next;
        struct counting k = {t, *most, {styles->of[i % styles->count]->value, moves}};
        status = apart_do(count, &k, watcher, &refused, sizeof refused, c);
        if (status != SERVED)
            break;
        served = refused.requests == 0 ? served + 1 : 0;
        if (served == 0)
            next = enlarged(*most);
    }
    return status;
}

enum status budget_find(struct budget *b, const struct trace *t, const struct styles *styles,
                        bool moves, size_t most, struct progress *p, struct complaint *c) {
    struct passes passes = {p, t->count, 0, (BUDGET_POINTS + 1) * styles->count};
    struct replay_watcher watcher = passes_watcher(&passes);
    progress_stage(p, "refusing");
    enum status status = find_most(&most, t, styles, moves, &watcher, c);
    choose_regions(b, t, most);
    passes.all = b->count * styles->count;
    for (; status == SERVED && passes.done < passes.all; passes.done++) {
        size_t style = passes.done % styles->count;
        struct budget_point *point = &b->at[passes.done / styles->count];
        struct counting k = {t, point->region, {styles->of[style]->value, moves}};
        status =
            apart_do(count, &k, &watcher, &point->refused[style], sizeof point->refused[style], c);
    }
    return status;
}
