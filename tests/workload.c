/*
 * workload.c - the operations of a random run, drawn one after another; see
 * workload.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "workload.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "mem.h"
#include "random.h"

enum { REFUSALS = 16 }; /* so many end a filling */

/* ---- Sizes and styles ---- */

static uint32_t below(struct workload *work, uint32_t bound) {
    return random_below(&work->random, bound);
}

static bool one_in(struct workload *work, uint32_t chances) {
    return below(work, chances) == 0;
}

static int draw_style(struct workload *work) {
    static const int styles[] = {FIRSTFIT, WORSTFIT, BESTFIT};
    if (work->setting->style != STYLE_MIXED)
        return work->setting->style;
    return styles[below(work, 3)];
}

static struct span draw_span(struct workload *work, const struct spans *spans) {
    return spans->at[below(work, (uint32_t)spans->count)];
}

static int as_int(uint32_t size) {
    return size > INT_MAX ? INT_MAX : (int)size;
}

/* Each order of magnitude up to the whole region is as likely as the others. */
static uint32_t draw_large(struct workload *work) {
    uint32_t bound;
    do
        bound = work->twin->model.region >> below(work, 32);
    while (bound < GRANULE);
    return 1 + below(work, bound);
}

static uint32_t draw_power(struct workload *work) {
    uint32_t power;
    do
        power = UINT32_C(1) << below(work, 32);
    while (power > work->twin->model.region);
    return power - 1 + below(work, 3);
}

static uint32_t draw_program(struct workload *work) {
    if (!one_in(work, 6))
        return work->hot[below(work, HOT_SIZES)];
    return one_in(work, 10) ? draw_large(work) / 16 + 1 : 1 + below(work, 1024);
}

static uint32_t draw_by_kind(struct workload *work, enum sizes kind) {
    switch (kind) {
    case SIZES_GRANULE:
        return 1 + below(work, GRANULE);
    case SIZES_SMALL:
        return 1 + below(work, 256);
    case SIZES_SEGMENT:
        return 1024 * (1 + below(work, 4)) - 64 + below(work, 128);
    case SIZES_PAGE:
        return 252 * GRANULE + 1 + below(work, 6 * GRANULE);
    case SIZES_LARGE:
        return draw_large(work);
    case SIZES_POWERS:
        return draw_power(work);
    case SIZES_EVEN:
        return 1 + below(work, 2 * (work->twin->model.region / work->setting->objects) + GRANULE);
    default:
        return draw_program(work);
    }
}

/* Just what a chunk has, or nearly: that is where mistakes are made. Large
 * chunks are spared mostly, as a heap soon full is dull. */
static uint32_t draw_fitting(struct workload *work) {
    uint32_t size = draw_span(work, &work->twin->model.free).size;
    if (size > work->twin->model.region / 32 && !one_in(work, work->setting->objects))
        return draw_by_kind(work, work->phase.sizes);
    return size + GRANULE - below(work, size == GRANULE ? 2 * GRANULE : 3 * GRANULE);
}

static int draw_size(struct workload *work) {
    bool fitting = work->twin->model.free.count > 0 && one_in(work, 12);
    uint32_t size = fitting ? draw_fitting(work) : draw_by_kind(work, work->phase.sizes);
    return size == 0 ? 1 : as_int(size);
}

/* ---- Steps ---- */

static bool do_alloc(struct workload *work, int size, int style) {
    if (!twin_alloc(work->twin, size, style))
        return false;
    work->recent[work->recent_end++ % RECENT] = work->twin->newest;
    return true;
}

static void free_at(struct workload *work, size_t offset) {
    twin_free(work->twin, (uintptr_t)work->twin->base + offset);
}

static bool allocate(struct workload *work) {
    return do_alloc(work, draw_size(work), draw_style(work));
}

/* The offset of the newest object that still lives, among the recent ones. */
static size_t newest(struct workload *work) {
    for (uint32_t i = 0; i < RECENT && work->recent_end > 0; i++) {
        uint32_t offset = work->recent[--work->recent_end % RECENT];
        if (model_is_live(&work->twin->model, offset))
            return offset;
    }
    return draw_span(work, &work->twin->model.live).offset;
}

/* ---- Mistakes ---- */

static void alloc_of_bad_size(struct workload *work) {
    static const int sizes[] = {0, -1, -16, -4096, INT_MIN, INT_MIN + 1};
    do_alloc(work, sizes[below(work, 6)], one_in(work, 4) ? 3 : draw_style(work));
}

static void alloc_of_bad_style(struct workload *work) {
    static const int unknown[] = {-1, 3, 256, 258, INT_MIN, INT_MAX};
    do_alloc(work, draw_size(work), unknown[below(work, 6)]);
}

/* No mistake, but rounding up has to mind the end of the integers. */
static void alloc_of_huge_size(struct workload *work) {
    do_alloc(work, INT_MAX - (int)below(work, 40), draw_style(work));
}

static void init_again(struct workload *work) {
    static const int sizes[] = {1, 4096, INT_MAX, 0, -1, INT_MIN};
    twin_init(work->twin, sizes[below(work, 6)]);
}

/* Somewhere in a span; at its start now and then. */
static size_t place_in(struct workload *work, const struct spans *spans) {
    if (spans->count == 0)
        return 1;
    struct span span = draw_span(work, spans);
    if (one_in(work, 4))
        return span.offset;
    if (one_in(work, 2))
        return span.offset + below(work, span.size);
    return span.offset + below(work, span.size / GRANULE) * GRANULE;
}

/* A place in an object, but with one more of the high bits: it must not be
 * lost on the way. */
static uintptr_t place_far_away(struct workload *work) {
    uint32_t bits = CHAR_BIT * sizeof(uintptr_t);
    return place_in(work, &work->twin->model.live) +
           ((uintptr_t)1 << (bits - 1 - below(work, bits - 28)));
}

static uintptr_t wild_pointer(struct workload *work) {
    uintptr_t base = (uintptr_t)work->twin->base;
    switch (below(work, 9)) {
    case 0:
    case 1:
        return base + work->recent[below(work, RECENT)];
    case 2:
        return base + place_in(work, &work->twin->model.live);
    case 3:
        return base + place_in(work, &work->twin->model.free);
    case 4:
        return base + work->twin->model.region + below(work, 8) * (GRANULE / 2);
    case 5:
        return base - below(work, 8) * (GRANULE / 2);
    case 6:
        return base + place_far_away(work);
    case 7:
        return below(work, 3 * GRANULE);
    default:
        return (uintptr_t)random_next(&work->random);
    }
}

/* Most of these are mistakes. Some happen to be right, and then have to
 * succeed: the model knows. */
static void blunder(struct workload *work) {
    switch (below(work, 16)) {
    case 0:
        alloc_of_bad_size(work);
        return;
    case 1:
        alloc_of_bad_style(work);
        return;
    case 2:
        alloc_of_huge_size(work);
        return;
    case 3:
        init_again(work);
        return;
    default:
        twin_free(work->twin, wild_pointer(work));
    }
}

/* ---- Vandalism ---- */

static void spoil_with_noise(struct workload *work, unsigned char *node) {
    for (size_t i = 0; i < GRANULE; i++)
        node[i] = (unsigned char)below(work, 256);
}

/* What a library that believed its nodes would like best: a node which leads
 * somewhere in the region, with a size from elsewhere. */
static void spoil_with_a_lie(struct workload *work, unsigned char *node) {
    struct __list_t lie = {
        .size = (int)(below(work, work->twin->model.region) & ~UINT32_C(15)),
        .type = !one_in(work, 4),
        .next = (void *)(work->twin->base + place_in(work, &work->twin->model.live))};
    memcpy(node, &lie, sizeof lie);
}

static void spoil_one_field(struct workload *work, struct __list_t *node) {
    switch (below(work, 4)) {
    case 0:
        node->next = node;
        return;
    case 1:
        node->next = NULL;
        return;
    case 2:
        node->size = as_int(draw_span(work, &work->twin->model.free).size);
        return;
    default:
        node->type = false;
    }
}

static void vandalise(struct workload *work) {
    if (work->twin->model.free.count == 0)
        return;
    char *node = work->twin->base + draw_span(work, &work->twin->model.free).offset;
    switch (below(work, 5)) {
    case 0:
        memset(node, 0, GRANULE);
        return;
    case 1:
        memset(node, 0xff, GRANULE);
        return;
    case 2:
        spoil_with_noise(work, (unsigned char *)node);
        return;
    case 3:
        spoil_with_a_lie(work, (unsigned char *)node);
        return;
    default:
        spoil_one_field(work, (void *)node);
    }
}

/* ---- Phases ---- */

static uint32_t phase_length(struct workload *work, enum phase_kind kind) {
    uint32_t objects = work->setting->objects;
    uint32_t live = (uint32_t)work->twin->model.live.count;
    switch (kind) {
    case PHASE_FILL:
        return 2 * objects;
    case PHASE_BRIM:
        return UINT32_MAX;
    case PHASE_CHURN:
        return 1 + below(work, 4 * objects);
    case PHASE_PAIRS:
        return 1 + below(work, 200);
    case PHASE_THIN:
        return live;
    default:
        return one_in(work, 4) ? live : below(work, live + 1);
    }
}

/* The first phases leave a heap with many free chunks; then chance decides. */
static enum phase_kind phase_draw(struct workload *work) {
    static const enum phase_kind opening[] = {PHASE_FILL, PHASE_THIN, PHASE_CHURN};
    if (work->phases < sizeof opening / sizeof opening[0])
        return opening[work->phases];
    if (work->twin->model.live.count == 0)
        return PHASE_FILL;
    return (enum phase_kind)below(work, PHASE_COUNT);
}

static void phase_begin(struct workload *work) {
    enum phase_kind kind = phase_draw(work);
    enum sizes sizes = work->setting->sizes;
    if (sizes == SIZES_MIXED)
        sizes = (enum sizes)(1 + below(work, SIZES_COUNT - 1));
    work->phases++;
    work->phase = (struct phase){
        .kind = kind,
        .sizes = sizes,
        .left = phase_length(work, kind),
        .grow = 40 + below(work, 31),
    };
}

static bool phase_is_over(const struct workload *work) {
    const struct phase *phase = &work->phase;
    size_t live = work->twin->model.live.count;
    if (phase->left == 0)
        return true;
    switch (phase->kind) {
    case PHASE_FILL:
        return phase->refused >= REFUSALS || live >= work->setting->objects;
    case PHASE_BRIM:
        return work->twin->model.free.count == 0 || live >= 2 * (size_t)work->setting->objects;
    case PHASE_THIN:
        return phase->cursor >= live;
    case PHASE_CHURN:
    case PHASE_PAIRS:
        return false;
    default:
        return live == 0;
    }
}

static void churn(struct workload *work) {
    size_t live = work->twin->model.live.count;
    if (live == 0 || (live < work->setting->objects && below(work, 100) < work->phase.grow))
        allocate(work);
    else
        free_at(work, draw_span(work, &work->twin->model.live).offset);
}

static void pair(struct workload *work) {
    size_t live = work->twin->model.live.count;
    if (live == 0 || (live < 2 * (size_t)work->setting->objects && work->phase.left % 2 == 0))
        allocate(work);
    else
        free_at(work, newest(work));
}

static void fill_a_chunk(struct workload *work) {
    do_alloc(work, as_int(draw_span(work, &work->twin->model.free).size), draw_style(work));
}

static void phase_step(struct workload *work) {
    const struct spans *live = &work->twin->model.live;
    work->phase.left--;
    switch (work->phase.kind) {
    case PHASE_FILL:
        work->phase.refused += !allocate(work);
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
    case PHASE_THIN:
        free_at(work, live->at[work->phase.cursor++].offset);
        return;
    case PHASE_DRAIN_UP:
        free_at(work, live->at[0].offset);
        return;
    case PHASE_DRAIN_DOWN:
        free_at(work, live->at[live->count - 1].offset);
        return;
    case PHASE_DRAIN_NEWEST:
        free_at(work, newest(work));
        return;
    default:
        free_at(work, draw_span(work, live).offset);
    }
}

/* ---- A run ---- */

void workload_start(struct workload *work, const struct setting *setting, struct twin *twin,
                    uint64_t seed) {
    *work = (struct workload){.setting = setting, .twin = twin, .random = seed};
    for (size_t i = 0; i < HOT_SIZES; i++)
        work->hot[i] = 1 + below(work, 512);
}

void workload_without_region(struct workload *work) {
    for (int i = 0; i < 8; i++) {
        alloc_of_bad_size(work);
        alloc_of_huge_size(work);
        twin_free(work->twin, wild_pointer(work));
        twin_init(work->twin, -i);
    }
}

void workload_step(struct workload *work) {
    if (work->setting->vandal && one_in(work, 2))
        vandalise(work);
    if (one_in(work, 24)) {
        blunder(work);
        return;
    }
    while (phase_is_over(work))
        phase_begin(work);
    phase_step(work);
}
