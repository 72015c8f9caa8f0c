/*
 * workload.c - the phases of a random run; see workload.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "workload.h"

#include <stddef.h>

#include "draw.h"
#include "mistakes.h"
#include "steps.h"
#include "twin_survey.h"

enum {
    REFUSALS = 16,       /* so many end a filling, */
    VECTOR_MOST = 65536, /* and so many bytes a vector */
};

/* ---- Phases ---- */

static uint32_t phase_length(struct workload *work, enum phase_kind kind) {
    uint32_t objects = work->setting->objects;
    uint32_t live = (uint32_t)work->twin->model.live.count;
    switch (kind) {
    case PHASE_FILL:
    case PHASE_ALIGN:
        return 2 * objects;
    case PHASE_BRIM:
        return UINT32_MAX;
    case PHASE_CHURN:
        return 1 + draw_below(work, 4 * objects);
    case PHASE_PAIRS:
    case PHASE_VECTOR:
        return 1 + draw_below(work, 200);
    case PHASE_RESIZE:
        return 1 + draw_below(work, 2 * live);
    case PHASE_SHRINK:
    case PHASE_THIN:
        return live;
    default:
        return draw_one_in(work, 4) ? live : draw_below(work, live + 1);
    }
}

/* The first phases leave a heap with many free chunks; then chance decides. */
static enum phase_kind phase_draw(struct workload *work) {
    static const enum phase_kind opening[] = {PHASE_FILL, PHASE_THIN, PHASE_CHURN};
    if (work->phases < sizeof opening / sizeof opening[0])
        return opening[work->phases];
    if (work->twin->model.live.count == 0)
        return draw_one_in(work, 8) ? PHASE_ALIGN : PHASE_FILL;
    return (enum phase_kind)draw_below(work, PHASE_COUNT);
}

static void phase_begin(struct workload *work) {
    enum phase_kind kind = phase_draw(work);
    enum sizes sizes = work->setting->sizes;
    if (sizes == SIZES_MIXED)
        sizes = (enum sizes)(1 + draw_below(work, SIZES_COUNT - 1));
    work->phases++;
    work->phase = (struct phase){
        .kind = kind,
        .sizes = sizes,
        .left = phase_length(work, kind),
        .grow = 40 + draw_below(work, 31),
    };
}

static bool phase_is_over(const struct workload *work) {
    const struct phase *phase = &work->phase;
    size_t live = work->twin->model.live.count;
    if (phase->left == 0)
        return true;
    switch (phase->kind) {
    case PHASE_FILL:
    case PHASE_ALIGN:
        return phase->refused >= REFUSALS || live >= work->setting->objects;
    case PHASE_BRIM:
        return work->twin->model.free.count == 0 || live >= 2 * (size_t)work->setting->objects;
    case PHASE_SHRINK:
    case PHASE_THIN:
        return phase->cursor >= live;
    case PHASE_CHURN:
    case PHASE_PAIRS:
        return false;
    default:
        return live == 0 || phase->refused >= REFUSALS;
    }
}

/* ---- Their steps ---- */

static void churn(struct workload *work) {
    const struct spans *live = &work->twin->model.live;
    if (live->count == 0 ||
        (live->count < work->setting->objects && draw_below(work, 100) < work->phase.grow))
        steps_allocate(work);
    else if (draw_one_in(work, 8))
        steps_resize_at(work, draw_span(work, live).offset);
    else
        steps_free_at(work, draw_span(work, live).offset);
}

static void pair(struct workload *work) {
    size_t live = work->twin->model.live.count;
    if (live == 0 || (live < 2 * (size_t)work->setting->objects && work->phase.left % 2 == 0))
        steps_allocate(work);
    else
        steps_free_at(work, steps_newest(work));
}

static void fill_a_chunk(struct workload *work) {
    int64_t size = draw_as_size(work, draw_span(work, &work->twin->model.free).size);
    steps_alloc(work, size, draw_style(work));
}

/* An object grows by half, until it is large or cannot: then there is a new vector. */
static void grow_vector(struct workload *work) {
    struct span vector = model_object(&work->twin->model, steps_newest(work));
    uintptr_t pointer = (uintptr_t)work->twin->base + vector.offset;
    if (vector.size > VECTOR_MOST)
        steps_alloc(work, 1 + draw_below(work, 256), draw_style(work));
    else if (!steps_resize(work, pointer, vector.size + vector.size / 2 + 1, draw_style(work)))
        work->phase.refused++;
}

static void shrink(struct workload *work, struct span object) {
    int64_t size = 1 + (int64_t)draw_below(work, (uint64_t)draw_as_size(work, object.size));
    steps_resize(work, (uintptr_t)work->twin->base + object.offset, size, draw_style(work));
}

static void phase_step(struct workload *work) {
    const struct spans *live = &work->twin->model.live;
    work->phase.left--;
    switch (work->phase.kind) {
    case PHASE_FILL:
        work->phase.refused += !steps_allocate(work);
        return;
    case PHASE_ALIGN:
        work->phase.refused += !steps_allocate_aligned(work);
        return;
    case PHASE_BRIM:
        fill_a_chunk(work);
        return;
    case PHASE_CHURN:
        churn(work);
        return;
    case PHASE_PAIRS:
        pair(work);
        return;
    case PHASE_RESIZE:
        steps_resize_at(work, draw_span(work, live).offset);
        return;
    case PHASE_VECTOR:
        grow_vector(work);
        return;
    case PHASE_SHRINK:
        shrink(work, live->at[work->phase.cursor++]);
        return;
    case PHASE_THIN:
        steps_free_at(work, live->at[work->phase.cursor++].offset);
        return;
    case PHASE_DRAIN_UP:
        steps_free_at(work, live->at[0].offset);
        return;
    case PHASE_DRAIN_DOWN:
        steps_free_at(work, live->at[live->count - 1].offset);
        return;
    case PHASE_DRAIN_NEWEST:
        steps_free_at(work, steps_newest(work));
        return;
    default:
        steps_free_at(work, draw_span(work, live).offset);
    }
}

/* ---- A run ---- */

void workload_start(struct workload *work, const struct setting *setting, struct twin *twin,
                    uint64_t seed) {
    *work = (struct workload){.setting = setting, .twin = twin, .random = seed};
    for (size_t i = 0; i < HOT_SIZES; i++)
        work->hot[i] = 1 + draw_below(work, 512);
    work->without_best = draw_below(work, 2) * draw_below(work, 12);
}

void workload_without_region(struct workload *work) {
    for (int i = 0; i < 8; i++) {
        mistakes_make_without_region(work);
        twin_init(work->twin, -i);
        twin_survey_without_region(work->twin);
    }
}

/* Looks at the region as a whole, which takes the longer the more objects there are. */
static bool looked_around(struct workload *work) {
    uint32_t interval = 1024 + work->setting->objects;
    if (draw_one_in(work, interval)) {
        steps_walk(work);
        return true;
    }
    if (draw_one_in(work, 2 * interval)) {
        twin_trim(work->twin);
        return true;
    }
    return false;
}

void workload_step(struct workload *work) {
    if (work->setting->vandal && draw_one_in(work, 2))
        mistakes_vandalise(work);
    if (looked_around(work))
        return;
    if (draw_one_in(work, 24)) {
        mistakes_make(work);
        return;
    }
    while (phase_is_over(work))
        phase_begin(work);
    phase_step(work);
}

void workload_finish(struct workload *work) {
    int64_t region = (int64_t)work->twin->model.region;
    for (int64_t alignment = MAPPED_ALIGNMENT; alignment <= region; alignment *= 2)
        for (int i = 0; i < 4; i++)
            steps_aligned(work, alignment, draw_size(work), draw_style(work));
    twin_trim(work->twin);
    twin_survey(work->twin);
}
