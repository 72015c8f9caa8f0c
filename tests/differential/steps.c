/*
 * steps.c - single operations of a workload; see steps.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "steps.h"

#include "draw.h"
#include "twin_survey.h"

enum { CLEAR_MOST = 1 << 16 }; /* larger objects are not cleared: that takes too long */

/* ---- With numbers that are given ---- */

/* Remembers the object made last, if the operation has made one. */
static bool remember(struct workload *work, bool made) {
    if (made)
        work->recent[work->recent_end++ % RECENT] = work->twin->newest;
    return made;
}

bool steps_alloc(struct workload *work, int64_t size, int style) {
    return remember(work, twin_alloc(work->twin, size, style));
}

bool steps_calloc(struct workload *work, int64_t count, int64_t size, int style) {
    return remember(work, twin_calloc(work->twin, count, size, style));
}

bool steps_aligned(struct workload *work, int64_t alignment, int64_t size, int style) {
    return remember(work, twin_aligned(work->twin, alignment, size, style));
}

bool steps_resize(struct workload *work, uintptr_t pointer, int64_t size, int style) {
    return remember(work, twin_resize(work->twin, pointer, size, style));
}

void steps_free_at(struct workload *work, size_t offset) {
    twin_free(work->twin, (uintptr_t)work->twin->base + offset);
}

/* ---- With numbers that are drawn ---- */

static bool allocate_cleared(struct workload *work) {
    int64_t size = draw_size(work);
    int64_t count = 1 + (int64_t)draw_below(work, 4);
    if (size > CLEAR_MOST)
        return steps_alloc(work, size, draw_style(work));
    return steps_calloc(work, count, 1 + size / count, draw_style(work));
}

bool steps_allocate_aligned(struct workload *work) {
    int64_t alignment = draw_alignment(work);
    return steps_aligned(work, alignment, draw_size(work), draw_style(work));
}

bool steps_allocate(struct workload *work) {
    switch (draw_below(work, 16)) {
    case 0:
        return allocate_cleared(work);
    case 1:
        return steps_allocate_aligned(work);
    case 2:
        return steps_resize(work, 0, draw_size(work), draw_style(work));
    default:
        return steps_alloc(work, draw_size(work), draw_style(work));
    }
}

bool steps_resize_at(struct workload *work, size_t offset) {
    int64_t size = draw_new_size(work, model_object(&work->twin->model, offset));
    return steps_resize(work, (uintptr_t)work->twin->base + offset, size, draw_style(work));
}

size_t steps_newest(struct workload *work) {
    for (uint32_t i = 0; i < RECENT && work->recent_end > 0; i++) {
        uint64_t offset = work->recent[--work->recent_end % RECENT];
        if (model_is_live(&work->twin->model, offset))
            return offset;
    }
    return draw_span(work, &work->twin->model.live).offset;
}

/* ---- Walks ---- */

struct walk {
    struct workload *work;
    struct tour tour;
    uint32_t operations; /* to be done on the way, at most */
    uint32_t blocks;     /* to be shown before the walk is ended */
};

enum { ENOUGH = 42 };

/* Frees the block shown, or does something else anywhere in the region. */
static void operate_on_the_way(struct workload *work, const struct Mem_Block *block) {
    const struct spans *live = &work->twin->model.live;
    uint32_t kind = draw_below(work, 4);
    if (kind < 2 && block->live)
        twin_free(work->twin, (uintptr_t)block->address);
    else if (kind == 2 && live->count > 0)
        steps_resize_at(work, draw_span(work, live).offset);
    else if (kind == 3 && live->count > 0)
        steps_free_at(work, draw_span(work, live).offset);
    else
        steps_allocate(work);
}

static int visit(const struct Mem_Block *block, void *context) {
    struct walk *walk = context;
    twin_survey_visit(&walk->tour, block);
    if (walk->operations > 0 && draw_one_in(walk->work, 4)) {
        walk->operations--;
        operate_on_the_way(walk->work, block);
    }
    return --walk->blocks == 0 ? ENOUGH : 0;
}

void steps_walk(struct workload *work) {
    const struct operation op = {.call = CALL_WALK};
    size_t blocks = work->twin->model.free.count + work->twin->model.live.count;
    struct walk walk = {
        .work = work,
        .tour = {.twin = work->twin},
        .operations = draw_below(work, 8),
        .blocks = draw_one_in(work, 4) ? 1 + draw_below(work, (uint32_t)blocks) : UINT32_MAX,
    };
    twin_begin(work->twin, &op);
    int status = twin_survey_walk(&walk.tour, visit, &walk);
    if (status != (walk.blocks == 0 ? ENOUGH : 0))
        report_difference(work->twin->log, "a walk that returns what its visitor did",
                          "another value");
}
