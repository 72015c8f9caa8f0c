/*
 * answer.c - a search and a replay for each style.
 *
 * Both are done in processes of their own, which a heap that fails may end.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "answer.h"

#include "apart.h"
#include "heap.h"

#include <string.h>
#include <unistd.h>

/* ---- The replay in the region given ---- */

struct replaying {
    const struct trace *trace;
    struct replay_terms terms;
    size_t region;
    struct refusals *refusals;
    struct progress *progress;
};

static enum status run(const struct replaying *r, const struct heap *heap,
                       const struct replay_listener *listener, struct replay_figures *figures,
                       struct complaint *c) {
    progress_go_on(r->progress, REPLAY_STAGES);
    bool right = replay_run(r->trace, heap, r->terms, listener, r->progress, figures, c);
    progress_erase(r->progress);
    if (!right)
        return c->line == 0 ? UNUSABLE : FAILED;
    return figures->refused > 0 ? REFUSED : SERVED;
}

/* It draws the bar itself, and has nothing to tell the watcher. */
static enum status replay(const void *what, const struct replay_watcher *watcher, void *result,
                          struct complaint *c) {
    const struct replaying *r = what;
    struct replay_listener listener;
    struct heap heap;
    (void)watcher;
    if (!heap_make(&heap, r->region)) {
        complain(c, 0, "the system refuses a region of %zu bytes", r->region);
        return UNUSABLE;
    }
    if (r->refusals->file < 0)
        return run(r, &heap, NULL, result, c);
    if (!refusals_open(r->refusals, &listener, c))
        return UNUSABLE;
    enum status status = run(r, &heap, &listener, result, c);
    return refusals_close(r->refusals, c) ? status : UNUSABLE;
}

static void see_nothing(void *who, size_t done) {
    (void)who;
    (void)done;
}

static enum status replay_apart(const struct replaying *r, struct replay_figures *figures,
                                struct complaint *c) {
    static const struct replay_watcher blind = {see_nothing, NULL};
    enum status status = apart_do(replay, r, &blind, figures, sizeof *figures, c);
    if (status > REFUSED)
        progress_erase_left();
    return status;
}

/* ---- One style ---- */

/* REFUSED, and no region, when none is large enough. */
static enum status search(struct answer *a, const struct trace *t, struct replay_terms terms,
                          struct progress *p, struct complaint *c) {
    progress_go_on(p, SEARCH_STAGES);
    enum status status = search_region(t, terms, p, &a->search, c);
    if (status == REFUSED)
        a->search = (struct search_figures){.region = 0};
    return status;
}

static enum status answer(struct answers *all, struct answer *a, const struct question *q,
                          struct progress *p, struct complaint *c) {
    struct replaying r = {all->trace, {a->style->value, q->moves}, all->region, &a->refusals, p};
    enum status status = search(a, all->trace, r.terms, p, c);
    if (status > REFUSED)
        return status;
    if (q->refusals && !refusals_begin(&a->refusals, c))
        return UNUSABLE;
    return replay_apart(&r, &a->replay, c);
}

/* ---- All ---- */

static size_t whole_pages(size_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

enum status answers_find(struct answers *a, const struct trace *t, const struct question *q,
                         struct progress *p, struct complaint *c) {
    enum status worst = SERVED;
    *a = (struct answers){.trace = t, .count = q->styles.count, .lists_refusals = q->refusals};
    a->region = whole_pages(q->region > 0 ? q->region : heap_for(t));
    for (size_t i = 0; i < a->count; i++)
        a->of[i] = (struct answer){.style = q->styles.of[i], .refusals = {.file = -1}};
    for (size_t i = 0; i < a->count && worst <= REFUSED; i++) {
        enum status status = answer(a, &a->of[i], q, p, c);
        worst = status > worst ? status : worst;
    }
    return worst;
}

void answers_end(struct answers *a) {
    for (size_t i = 0; i < a->count; i++)
        refusals_end(&a->of[i].refusals);
}

const struct answer *answers_least(const struct answers *a) {
    const struct answer *least = NULL;
    for (size_t i = 0; i < a->count; i++) {
        size_t region = a->of[i].search.region;
        if (region > 0 && (least == NULL || region < least->search.region))
            least = &a->of[i];
    }
    return least;
}

double answers_to_peak(const struct answers *a, size_t region) {
    return a->trace->peak > 0 ? (double)region / (double)a->trace->peak : 0;
}
