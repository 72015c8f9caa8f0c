/*
 * replay.c - the passes over a trace.
 *
 * All passes make the same calls, from the same empty heap, and so must get the same addresses. The
 * first fills each object with a pattern of its slot, which it verifies when the object is resized
 * or freed, and at the end. The others are timed: they make only the calls, and the copies for
 * resizes, in pages that have been touched before. The median of their times counts, so that a pass
 * that the machine disturbed does not.
 *
 * A probe is one pass that only makes the calls, to see whether every request is served; and so is
 * a count of what is refused, and a pass for somebody who observes the heap.
 *
 * A resize is the library's own, or an allocation, a copy and a free: then the policy alone decides
 * where each object lies, and figures can be compared with those of heaps that have no resize of
 * their own. A refused resize leaves the object as it was.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "replay.h"

#include "cputime.h"
#include "median.h"

#include <inttypes.h>
#include <mem.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 16 }; /* of every object, in bytes */

struct object {
    unsigned char *start; /* NULL: not live, or refused */
    size_t bytes;
};

enum purpose {
    VERIFY,
    TIME,
    PROBE, /* the calls alone, up to the first request that is refused */
    COUNT, /* the calls alone */
    SHOW,  /* the calls alone, each of which is observed */
};

struct pass {
    const struct trace *trace;
    struct replay_terms terms;
    enum purpose purpose;
    const struct heap *heap;
    struct object *objects; /* by slot */
    struct complaint *complaint;
    size_t done;                            /* operations */
    const struct operation *at;             /* the one being done; NULL between passes */
    size_t line;                            /* behind the last block that was done */
    uint64_t ns;                            /* that the operations took, in a pass for the time */
    uint64_t clock_ns;                      /* that reading the clock takes */
    uint64_t history;                       /* a hash of all offsets that the heap returned */
    const struct replay_listener *listener; /* NULL: nobody */
    const struct replay_observer *observer; /* when it is to SHOW */
    struct replay_refused refused;
    struct replay_refusal first_refused;
    struct replay_refusal last_refused;
    struct replay_moment worst;
};

static size_t line_of(const struct pass *p) {
    return p->at != NULL ? p->at->line : p->line;
}

#define wrong(p, ...) complain((p)->complaint, line_of(p), "heap failure: " __VA_ARGS__)

/* The pattern: 64-bit words, different for each slot and each place, so that an
 * object that was moved or mixed up with another shows. */

static uint64_t pattern_word(uint32_t slot, size_t i) {
    return (slot + UINT64_C(1)) * UINT64_C(0xd1b54a32d192ed03) + i * UINT64_C(0x9e3779b97f4a7c15);
}

static void pattern_fill(unsigned char *start, size_t bytes, uint32_t slot) {
    for (size_t i = 0; bytes > 0; i++) {
        uint64_t word = pattern_word(slot, i);
        size_t part = bytes < sizeof word ? bytes : sizeof word;
        memcpy(start, &word, part);
        start += part;
        bytes -= part;
    }
}

static bool pattern_holds(const unsigned char *start, size_t bytes, uint32_t slot) {
    for (size_t i = 0; bytes > 0; i++) {
        uint64_t word = pattern_word(slot, i);
        size_t part = bytes < sizeof word ? bytes : sizeof word;
        if (memcmp(start, &word, part) != 0)
            return false;
        start += part;
        bytes -= part;
    }
    return true;
}

/* Calls of the library */

static void remember(struct pass *p, uint64_t offset) {
    p->history = (p->history ^ offset) * UINT64_C(0x9e3779b97f4a7c15);
    p->history ^= p->history >> 32;
}

static bool check_place(const struct pass *p, const struct object *object, unsigned alignment) {
    uintptr_t offset = (uintptr_t)object->start - (uintptr_t)p->heap->start;
    if (offset > p->heap->bytes || object->bytes > p->heap->bytes - offset)
        return wrong(p, "an object lies outside the region");
    if (offset % ALIGNMENT != 0 ||
        ((uintptr_t)object->start & (((uintptr_t)1 << alignment) - 1)) != 0)
        return wrong(p, "an object is not aligned");
    return true;
}

/* An alignment that is larger than the region is no valid argument there. */
static bool is_for_space(const struct pass *p) {
    return p->at->bytes > HEAP_MOST || m_error == E_NO_SPACE ||
           (m_error == E_BAD_ARGS && (size_t)1 << p->at->alignment > p->heap->bytes);
}

static void count_refusal(struct pass *p) {
    struct Mem_Stats stats = {.free_bytes = 0};
    (void)Mem_RegionGetStats(p->heap->region, &stats);
    const struct replay_refusal refusal = {trace_size(p->at->bytes), stats.free_bytes,
                                           stats.largest_free, p->at->line};
    if (p->refused.requests == 0)
        p->first_refused = refusal;
    p->last_refused = refusal;
    p->refused.requests++;
    p->refused.bytes += refusal.bytes;
    p->refused.full += replay_is_full(&refusal);
    if (p->listener != NULL)
        p->listener->hear(p->listener->who, &refusal);
}

/* False when the pass ends here. */
static bool accept_refusal(struct pass *p) {
    if (!is_for_space(p))
        return wrong(p, "a request failed, but not for want of space");
    if (p->purpose != TIME)
        count_refusal(p);
    remember(p, UINT64_MAX);
    return p->purpose != PROBE;
}

static bool accept_place(struct pass *p, const struct object *object, unsigned alignment) {
    remember(p, (uintptr_t)object->start - (uintptr_t)p->heap->start);
    return check_place(p, object, alignment);
}

/* An object that the heap refuses starts at NULL. A size that no heap can have may not fit a
 * size_t, and is not passed on. */

static bool request(struct pass *p, struct object *object) {
    const struct operation *op = p->at;
    Mem_Region *region = p->heap->region;
    *object = (struct object){.bytes = (size_t)trace_size(op->bytes)};
    if (op->bytes <= HEAP_MOST)
        object->start = op->alignment == 0
                            ? Mem_RegionAlloc(region, object->bytes, p->terms.style)
                            : Mem_RegionAlignedAlloc(region, (size_t)1 << op->alignment,
                                                     object->bytes, p->terms.style);
    return object->start != NULL ? accept_place(p, object, op->alignment) : accept_refusal(p);
}

static bool request_resize(struct pass *p, const struct object *old, struct object *object) {
    const struct operation *op = p->at;
    *object = (struct object){.bytes = (size_t)trace_size(op->bytes)};
    if (op->bytes <= HEAP_MOST)
        object->start =
            Mem_RegionRealloc(p->heap->region, old->start, object->bytes, p->terms.style);
    return object->start != NULL ? accept_place(p, object, 0) : accept_refusal(p);
}

static bool release(struct pass *p, const struct object *object) {
    return Mem_RegionFree(p->heap->region, object->start) == 0 ||
           wrong(p, "the free of a live object failed");
}

/* Operations */

static bool check_contents(const struct pass *p, const struct object *object, uint32_t slot,
                           size_t bytes) {
    return p->purpose != VERIFY || pattern_holds(object->start, bytes, slot) ||
           wrong(p, "the contents of an object of %zu bytes changed", object->bytes);
}

static bool do_alloc(struct pass *p, struct object *object) {
    if (!request(p, object))
        return false;
    if (object->start != NULL && p->purpose == VERIFY)
        pattern_fill(object->start, object->bytes, p->at->slot);
    return true;
}

static size_t lesser(size_t a, size_t b) {
    return a < b ? a : b;
}

/* What moves is copied here; not by memcpy: a heap that fails may hand out objects that overlap. */
static bool move(struct pass *p, const struct object *old, struct object *new) {
    if (!request(p, new))
        return false;
    if (new->start == NULL)
        return true;
    if (p->purpose == VERIFY || p->purpose == TIME)
        memmove(new->start, old->start, lesser(new->bytes, old->bytes));
    return release(p, old);
}

static bool do_resize(struct pass *p, struct object *object) {
    struct object new;
    uint32_t slot = p->at->slot;
    if (!check_contents(p, object, slot, object->bytes) ||
        !(p->terms.moves ? move(p, object, &new) : request_resize(p, object, &new)))
        return false;
    if (new.start == NULL)
        return true;
    if (!check_contents(p, &new, slot, lesser(new.bytes, object->bytes)))
        return false;
    if (p->purpose == VERIFY)
        pattern_fill(new.start, new.bytes, slot);
    *object = new;
    return true;
}

static bool do_free(struct pass *p, struct object *object) {
    if (!check_contents(p, object, p->at->slot, object->bytes) || !release(p, object))
        return false;
    object->start = NULL;
    return true;
}

/* What is not live was refused: then a resize tries again, and a free has nothing to do. */
static bool do_operation(struct pass *p) {
    struct object *object = &p->objects[p->at->slot];
    if (object->start == NULL)
        return p->at->kind == OPERATION_FREE || do_alloc(p, object);
    return p->at->kind == OPERATION_FREE ? do_free(p, object) : do_resize(p, object);
}

/* Passes */

static bool do_block(struct pass *p, const struct operation *ops, size_t count) {
    for (size_t i = 0; i < count; i++) {
        p->at = &ops[i];
        if (!do_operation(p))
            return false;
    }
    return true;
}

/* Looks at the heap after each operation. */
static void observe(struct pass *p) {
    struct Mem_Stats stats;
    if (Mem_RegionGetStats(p->heap->region, &stats) == 0 &&
        (p->worst.line == 0 || stats.largest_free < p->worst.largest))
        p->worst = (struct replay_moment){stats.free_bytes, stats.largest_free, stats.free_chunks,
                                          p->at->line};
}

static bool verify_block(struct pass *p, const struct operation *ops, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!do_block(p, &ops[i], 1))
            return false;
        observe(p);
    }
    return true;
}

static bool time_block(struct pass *p, const struct operation *ops, size_t count) {
    uint64_t start = cputime_ns();
    bool right = do_block(p, ops, count);
    uint64_t ns = cputime_ns() - start;
    p->ns += ns > p->clock_ns ? ns - p->clock_ns : 0;
    return right;
}

static struct replay_block block_of(const struct pass *p, const struct object *object) {
    if (object->start == NULL)
        return (struct replay_block){0, 0};
    return (struct replay_block){(size_t)(object->start - p->heap->start),
                                 (size_t)trace_taken(object->bytes)};
}

static bool show_operation(struct pass *p, const struct operation *op) {
    const struct object *object = &p->objects[op->slot];
    uint64_t refused = p->refused.requests;
    struct replay_step step = {.operation = op, .before = block_of(p, object)};
    if (!do_block(p, op, 1))
        return false;
    step.after = block_of(p, object);
    step.refusal = p->refused.requests > refused ? &p->last_refused : NULL;
    if (Mem_RegionGetStats(p->heap->region, &step.stats) != 0)
        return wrong(p, "its figures are refused");
    p->observer->see(p->observer->who, &step);
    return true;
}

static bool show_block(struct pass *p, const struct operation *ops, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!show_operation(p, &ops[i]))
            return false;
    return true;
}

static bool do_as_asked(struct pass *p, const struct operation *ops, size_t count) {
    switch (p->purpose) {
    case VERIFY:
        return verify_block(p, ops, count);
    case TIME:
        return time_block(p, ops, count);
    case SHOW:
        return show_block(p, ops, count);
    default:
        return do_block(p, ops, count);
    }
}

static bool do_blocks(struct pass *p, struct trace_cursor *cursor,
                      const struct replay_watcher *watcher) {
    const struct operation *ops;
    size_t count;
    do {
        if (!trace_next(cursor, &ops, &count, p->complaint) || !do_as_asked(p, ops, count))
            return false;
        p->done += count;
        p->line = count > 0 ? ops[count - 1].line + 1 : p->line;
        watcher->see(watcher->who, p->done);
    } while (count > 0);
    return true;
}

static bool do_pass(struct pass *p, const struct replay_watcher *watcher) {
    struct trace_cursor cursor;
    for (uint32_t i = 0; i < p->trace->slots; i++)
        p->objects[i] = (struct object){.start = NULL};
    bool done = trace_begin(&cursor, p->trace, p->complaint) && do_blocks(p, &cursor, watcher);
    trace_end(&cursor);
    p->at = NULL;
    return done;
}

/* The free list has to be the one chunk that it was before. */
static bool check_empty(const struct pass *p, int whole) {
    MemNodePtr head = Mem_RegionFreeList(p->heap->region);
    return (head != NULL && (unsigned char *)head == p->heap->start && head->size == whole &&
            head->next == NULL) ||
           wrong(p, "freeing every object did not leave one chunk");
}

static bool free_all(struct pass *p) {
    for (uint32_t i = 0; i < p->trace->slots; i++)
        if (p->objects[i].start != NULL && !release(p, &p->objects[i]))
            return false;
    return true;
}

static bool check_all(const struct pass *p) {
    for (uint32_t i = 0; i < p->trace->slots; i++)
        if (p->objects[i].start != NULL &&
            !check_contents(p, &p->objects[i], i, p->objects[i].bytes))
            return false;
    return true;
}

static bool count_heap(const struct pass *p, struct replay_figures *figures) {
    for (uint32_t i = 0; i < p->trace->slots; i++)
        figures->live += p->objects[i].start != NULL;
    struct Mem_Stats stats;
    if (Mem_RegionGetStats(p->heap->region, &stats) != 0)
        return false;
    figures->chunks = stats.free_chunks;
    figures->largest = stats.largest_free;
    return true;
}

/* The bar of a replay */

struct bar {
    struct progress *progress;
    size_t operations;
};

static void move_bar(void *who, size_t done) {
    const struct bar *bar = who;
    progress_step(bar->progress, done, bar->operations);
}

static bool do_stage(struct pass *p, struct progress *progress, const char *name) {
    struct bar bar = {progress, p->trace->count};
    progress_stage(progress, name);
    return do_pass(p, &(struct replay_watcher){move_bar, &bar});
}

/* What is asked of a trace */

static bool verifying_pass(struct pass *p, struct progress *progress) {
    int whole = Mem_RegionFreeList(p->heap->region)->size;
    p->purpose = VERIFY;
    return do_stage(p, progress, "verifying") && check_all(p) && free_all(p) &&
           check_empty(p, whole);
}

static bool timed_pass(struct pass *p, struct progress *progress, const struct pass *verified) {
    p->purpose = TIME;
    if (!do_stage(p, progress, "timing"))
        return false;
    if (p->history != verified->history)
        return wrong(p, "the same requests were given other addresses");
    return Mem_RegionCheck(p->heap->region) == 0 || wrong(p, "the free list is damaged");
}

/* The last pass leaves its objects in the region. */
static bool timed_passes(const struct pass *verified, struct pass *p, struct progress *progress,
                         double *ns) {
    const struct pass begin = *p;
    double times[REPLAY_TIMED];
    for (size_t i = 0; i < REPLAY_TIMED; i++) {
        bool empty = i == 0 || free_all(p);
        *p = begin;
        if (!empty || !timed_pass(p, progress, verified))
            return false;
        times[i] = (double)p->ns;
    }
    *ns = median_of(times, REPLAY_TIMED);
    return true;
}

static bool all_passes(struct pass *verifying, struct progress *progress,
                       struct replay_figures *figures) {
    struct pass timed = *verifying;
    double ns;
    timed.clock_ns = cputime_cost();
    if (!verifying_pass(verifying, progress) || !timed_passes(verifying, &timed, progress, &ns))
        return false;
    *figures = (struct replay_figures){.refused = (size_t)verifying->refused.requests,
                                       .full = (size_t)verifying->refused.full,
                                       .first_refused = verifying->first_refused,
                                       .worst = verifying->worst};
    if (timed.done > 0)
        figures->ns = ns / (double)timed.done;
    return count_heap(&timed, figures) || wrong(&timed, "its figures are refused");
}

/* The objects are to be freed by free(). */
static bool start(struct pass *p, const struct trace *t, const struct heap *heap,
                  struct replay_terms terms, struct complaint *c) {
    *p = (struct pass){.trace = t, .terms = terms, .complaint = c, .heap = heap, .line = 1};
    p->objects = malloc(t->slots * sizeof *p->objects);
    return p->objects != NULL || complain(c, 0, "out of memory");
}

bool replay_run(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                const struct replay_listener *listener, struct progress *p,
                struct replay_figures *figures, struct complaint *c) {
    struct pass pass;
    bool right = start(&pass, t, heap, terms, c);
    pass.listener = listener;
    right = right && all_passes(&pass, p, figures);
    free(pass.objects);
    return right;
}

bool replay_probe(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                  const struct replay_watcher *watcher, bool *refused, struct complaint *c) {
    struct pass pass;
    bool right = start(&pass, t, heap, terms, c);
    pass.purpose = PROBE;
    right = right && do_pass(&pass, watcher);
    *refused = pass.refused.requests > 0;
    if (*refused)
        complain(c, pass.first_refused.line, "this request is refused in %zu bytes", heap->bytes);
    free(pass.objects);
    return right || *refused;
}

bool replay_count(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                  const struct replay_watcher *watcher, struct replay_refused *refused,
                  struct complaint *c) {
    struct pass pass;
    bool right = start(&pass, t, heap, terms, c);
    pass.purpose = COUNT;
    right = right && do_pass(&pass, watcher);
    *refused = pass.refused;
    free(pass.objects);
    return right;
}

bool replay_observe(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                    const struct replay_observer *observer, const struct replay_watcher *watcher,
                    struct complaint *c) {
    struct pass pass;
    bool right = start(&pass, t, heap, terms, c);
    pass.purpose = SHOW;
    pass.observer = observer;
    right = right && do_pass(&pass, watcher);
    free(pass.objects);
    return right;
}
