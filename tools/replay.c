/*
 * replay.c - the passes over a trace.
 *
 * All passes make the same calls, from the same empty heap, and so must get the same addresses. The
 * first fills each object with a pattern of its id, which it verifies when the object is resized or
 * freed, and at the end. The others are timed: they make only the calls, and the copies for
 * resizes, in pages that have been touched before. The median of their times counts, so that a pass
 * that the machine disturbed does not.
 *
 * A probe is one pass that only makes the calls, to see whether every request is served.
 *
 * A resize is an allocation, a copy and a free, so that the policy alone decides where each object
 * lies, and figures can be compared with those of heaps that have no resize of their own. A refused
 * resize leaves the object as it was.
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

enum {
    ALIGNMENT = 16, /* of every object, in bytes */
    SLICE = 1024,   /* operations timed at once; the watcher is told between two */
};

struct object {
    unsigned char *start; /* NULL: not live, or refused */
    size_t bytes;
};

enum purpose {
    VERIFY,
    TIME,
    PROBE, /* the calls alone, up to the first request that is refused */
};

struct pass {
    const struct trace *trace;
    int style;
    enum purpose purpose;
    const struct heap *heap;
    struct object *objects; /* one for each id */
    struct complaint *complaint;
    size_t at;            /* the operation being done */
    uint64_t ns;          /* that the operations took, in a pass for the time */
    uint64_t clock_ns;    /* that reading the clock takes */
    uint64_t history;     /* a hash of all offsets that the heap returned */
    size_t refused;       /* requests */
    size_t first_refused; /* the operation that was the first of them */
};

#define wrong(p, ...)                                                                              \
    complain((p)->complaint, trace_line((p)->trace, (p)->at), "heap failure: " __VA_ARGS__)

/* The pattern: 64-bit words, different for each id and each place, so that an
 * object that was moved or mixed up with another shows. */

static uint64_t pattern_word(uint32_t id, size_t i) {
    return (id + UINT64_C(1)) * UINT64_C(0xd1b54a32d192ed03) + i * UINT64_C(0x9e3779b97f4a7c15);
}

static void pattern_fill(unsigned char *start, size_t bytes, uint32_t id) {
    for (size_t i = 0; bytes > 0; i++) {
        uint64_t word = pattern_word(id, i);
        size_t part = bytes < sizeof word ? bytes : sizeof word;
        memcpy(start, &word, part);
        start += part;
        bytes -= part;
    }
}

static bool pattern_holds(const unsigned char *start, size_t bytes, uint32_t id) {
    for (size_t i = 0; bytes > 0; i++) {
        uint64_t word = pattern_word(id, i);
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

static bool check_place(const struct pass *p, uintptr_t offset, size_t bytes) {
    if (offset > p->heap->bytes || bytes > p->heap->bytes - offset)
        return wrong(p, "an object lies outside the region");
    return offset % ALIGNMENT == 0 || wrong(p, "an object is not aligned");
}

/* False when the pass ends here. */
static bool accept_refusal(struct pass *p, uint64_t bytes) {
    if (bytes <= HEAP_MOST && m_error != E_NO_SPACE)
        return wrong(p, "a request failed, but not for want of space");
    if (p->refused++ == 0)
        p->first_refused = p->at;
    remember(p, UINT64_MAX);
    return p->purpose != PROBE;
}

/* Allocates *object, whose start is NULL when the heap refuses. A size that no heap can have may
 * not fit a size_t, and is not passed on. */
static bool request(struct pass *p, uint64_t bytes, struct object *object) {
    object->bytes = (size_t)trace_size(bytes);
    object->start =
        bytes <= HEAP_MOST ? Mem_RegionAlloc(p->heap->region, object->bytes, p->style) : NULL;
    if (object->start == NULL)
        return accept_refusal(p, bytes);
    uintptr_t offset = (uintptr_t)object->start - (uintptr_t)p->heap->start;
    remember(p, offset);
    return check_place(p, offset, object->bytes);
}

static bool release(struct pass *p, const struct object *object) {
    return Mem_RegionFree(p->heap->region, object->start) == 0 ||
           wrong(p, "the free of a live object failed");
}

/* Operations */

static bool check_contents(const struct pass *p, const struct object *object, uint32_t id) {
    return p->purpose != VERIFY || pattern_holds(object->start, object->bytes, id) ||
           wrong(p, "the contents of id %" PRIu32 " changed", id);
}

static bool do_alloc(struct pass *p, const struct trace_op *op, struct object *object) {
    if (!request(p, op->bytes, object))
        return false;
    if (object->start != NULL && p->purpose == VERIFY)
        pattern_fill(object->start, object->bytes, op->id);
    return true;
}

/* Not memcpy: a heap that fails may hand out objects that overlap. */
static void copy(const struct object *to, const struct object *from) {
    memmove(to->start, from->start, to->bytes < from->bytes ? to->bytes : from->bytes);
}

static bool do_resize(struct pass *p, const struct trace_op *op, struct object *object) {
    struct object new;
    if (!check_contents(p, object, op->id) || !request(p, op->bytes, &new))
        return false;
    if (new.start == NULL)
        return true;
    if (p->purpose != PROBE)
        copy(&new, object);
    if (p->purpose == VERIFY)
        pattern_fill(new.start, new.bytes, op->id);
    if (!release(p, object))
        return false;
    *object = new;
    return true;
}

static bool do_free(struct pass *p, const struct trace_op *op, struct object *object) {
    if (!check_contents(p, object, op->id) || !release(p, object))
        return false;
    object->start = NULL;
    return true;
}

static bool do_operation(struct pass *p) {
    const struct trace_op *op = &p->trace->ops[p->at];
    struct object *object = &p->objects[op->id];
    if (object->start == NULL) /* not live, or refused: then a resize tries again */
        return op->kind == TRACE_FREE || do_alloc(p, op, object);
    return op->kind == TRACE_FREE ? do_free(p, op, object) : do_resize(p, op, object);
}

/* Passes */

static bool do_slice(struct pass *p) {
    size_t end = p->trace->count - p->at > SLICE ? p->at + SLICE : p->trace->count;
    for (; p->at < end; p->at++)
        if (!do_operation(p))
            return false;
    return true;
}

static bool time_slice(struct pass *p) {
    uint64_t start = cputime_ns();
    bool right = do_slice(p);
    uint64_t ns = cputime_ns() - start;
    p->ns += ns > p->clock_ns ? ns - p->clock_ns : 0;
    return right;
}

static bool do_pass(struct pass *p, const struct replay_watcher *watcher) {
    for (size_t i = 0; i <= p->trace->ids; i++)
        p->objects[i] = (struct object){.start = NULL};
    while (p->at < p->trace->count) {
        if (!(p->purpose == TIME ? time_slice(p) : do_slice(p)))
            return false;
        watcher->see(watcher->who, p->at);
    }
    return true;
}

/* The free list has to be the one chunk that it was before. */
static bool check_empty(const struct pass *p, int whole) {
    MemNodePtr head = Mem_RegionFreeList(p->heap->region);
    return (head != NULL && (unsigned char *)head == p->heap->start && head->size == whole &&
            head->next == NULL) ||
           wrong(p, "freeing every object did not leave one chunk");
}

static bool free_all(struct pass *p) {
    for (size_t i = 0; i < p->trace->ids; i++)
        if (p->objects[i].start != NULL && !release(p, &p->objects[i]))
            return false;
    return true;
}

static bool check_all(const struct pass *p) {
    for (size_t i = 0; i < p->trace->ids; i++)
        if (p->objects[i].start != NULL && !check_contents(p, &p->objects[i], (uint32_t)i))
            return false;
    return true;
}

static bool count_heap(const struct pass *p, struct replay_figures *figures) {
    for (size_t i = 0; i < p->trace->ids; i++)
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
    *figures =
        (struct replay_figures){.refused = timed.refused, .first_refused = timed.first_refused};
    if (timed.at > 0)
        figures->ns = ns / (double)timed.at;
    return count_heap(&timed, figures) || wrong(&timed, "its figures are refused");
}

/* The objects are to be freed by free(). */
static bool start(struct pass *p, const struct trace *t, const struct heap *heap, int style,
                  struct complaint *c) {
    *p = (struct pass){.trace = t, .style = style, .complaint = c, .heap = heap};
    p->objects = malloc((t->ids + 1) * sizeof *p->objects); /* + 1: the null pointer's */
    return p->objects != NULL || complain(c, 0, "out of memory");
}

bool replay_run(const struct trace *t, const struct heap *heap, int style, struct progress *p,
                struct replay_figures *figures, struct complaint *c) {
    struct pass pass;
    bool right = start(&pass, t, heap, style, c) && all_passes(&pass, p, figures);
    free(pass.objects);
    return right;
}

bool replay_probe(const struct trace *t, const struct heap *heap, int style,
                  const struct replay_watcher *watcher, bool *refused, struct complaint *c) {
    struct pass pass;
    bool right = start(&pass, t, heap, style, c);
    pass.purpose = PROBE;
    right = right && do_pass(&pass, watcher);
    *refused = pass.refused > 0;
    if (*refused)
        complain(c, trace_line(pass.trace, pass.at), "this request is refused in %zu bytes",
                 heap->bytes);
    free(pass.objects);
    return right || *refused;
}
