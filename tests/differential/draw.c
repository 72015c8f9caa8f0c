/*
 * draw.c - random sizes, styles, alignments and places; see draw.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "draw.h"

#include <limits.h>
#include <stddef.h>

#include "random.h"

/* Larger objects are not resized in ways that copy them: that takes too long. */
enum { COPY_MOST = 1 << 18 };

/* The bits of the largest region's size. */
enum { REGION_BITS = 36 };

uint64_t draw_below(struct workload *work, uint64_t bound) {
    return random_below_large(&work->random, bound);
}

bool draw_one_in(struct workload *work, uint32_t chances) {
    return draw_below(work, chances) == 0;
}

int draw_style(struct workload *work) {
    static const int styles[] = {FIRSTFIT, WORSTFIT, BESTFIT};
    if (work->setting->style != STYLE_MIXED)
        return work->setting->style;
    return styles[draw_below(work, work->phases > work->without_best ? 3 : 2)];
}

struct span draw_span(struct workload *work, const struct spans *spans) {
    return spans->at[draw_below(work, spans->count)];
}

int draw_as_int(uint64_t size) {
    return size > INT_MAX ? INT_MAX : (int)size;
}

int64_t draw_as_size(const struct workload *work, uint64_t size) {
    return work->twin->region ? (int64_t)size : draw_as_int(size);
}

size_t draw_place(struct workload *work, const struct spans *spans) {
    if (spans->count == 0)
        return 1;
    struct span span = draw_span(work, spans);
    if (draw_one_in(work, 4))
        return span.offset;
    if (draw_one_in(work, 2))
        return span.offset + draw_below(work, span.size);
    return span.offset + draw_below(work, span.size / GRANULE) * GRANULE;
}

/* ---- Sizes ---- */

/* The bytes of the region, or some number if there is none yet. */
static uint64_t region_of(const struct workload *work) {
    return work->twin->model.region > 0 ? work->twin->model.region : 4096;
}

/* Each order of magnitude up to the whole region is as likely as the others. */
static uint64_t draw_large(struct workload *work) {
    uint64_t bound;
    do
        bound = region_of(work) >> draw_below(work, REGION_BITS);
    while (bound < GRANULE);
    return 1 + draw_below(work, bound);
}

/* Up to the region's size. */
static uint64_t draw_power(struct workload *work) {
    uint64_t power;
    do
        power = UINT64_C(1) << draw_below(work, REGION_BITS);
    while (power > region_of(work));
    return power;
}

static uint64_t draw_program(struct workload *work) {
    if (!draw_one_in(work, 6))
        return work->hot[draw_below(work, HOT_SIZES)];
    return draw_one_in(work, 10) ? draw_large(work) / 16 + 1 : 1 + draw_below(work, 1024);
}

static uint64_t draw_by_kind(struct workload *work, enum sizes kind) {
    switch (kind) {
    case SIZES_GRANULE:
        return 1 + draw_below(work, GRANULE);
    case SIZES_SMALL:
        return 1 + draw_below(work, 256);
    case SIZES_SEGMENT:
        return 1024 * (1 + draw_below(work, 4)) - 64 + draw_below(work, 128);
    case SIZES_PAGE:
        return 252 * GRANULE + 1 + draw_below(work, 6 * GRANULE);
    case SIZES_LARGE:
        return draw_large(work);
    case SIZES_POWERS:
        return draw_power(work) - 1 + draw_below(work, 3);
    case SIZES_EVEN:
        return 1 + draw_below(work, 2 * (region_of(work) / work->setting->objects) + GRANULE);
    default:
        return draw_program(work);
    }
}

/* The size of a chunk, or nearly, where mistakes are likely. Mostly spares large chunks, since a
 * heap that is soon full tests little. */
static uint64_t draw_fitting(struct workload *work) {
    uint64_t size = draw_span(work, &work->twin->model.free).size;
    if (size > work->twin->model.region / 32 && !draw_one_in(work, work->setting->objects))
        return draw_by_kind(work, work->phase.sizes);
    return size + GRANULE - draw_below(work, size == GRANULE ? 2 * GRANULE : 3 * GRANULE);
}

int64_t draw_size(struct workload *work) {
    bool fitting = work->twin->model.free.count > 0 && draw_one_in(work, 12);
    uint64_t size = fitting ? draw_fitting(work) : draw_by_kind(work, work->phase.sizes);
    return size == 0 ? 1 : draw_as_size(work, size);
}

/* ---- New sizes ---- */

/* A few granules more or less. */
static uint64_t draw_near(struct workload *work, uint64_t size) {
    uint64_t near = size + draw_below(work, 8 * GRANULE);
    return near > 4 * GRANULE ? near - 4 * GRANULE : 1;
}

static uint64_t draw_new_size_freely(struct workload *work, struct span object, uint64_t room) {
    switch (draw_below(work, 8)) {
    case 0:
    case 1:
        return draw_near(work, object.size);
    case 2:
    case 3:
        return draw_near(work, object.size + room);
    case 4:
        return object.size + draw_below(work, room + GRANULE);
    case 5:
        return 1 + draw_below(work, object.size);
    case 6:
        return object.size * 2 - draw_below(work, object.size);
    default:
        return (uint64_t)draw_size(work);
    }
}

int64_t draw_new_size(struct workload *work, struct span object) {
    uint64_t room = model_room_after(&work->twin->model, object);
    uint64_t size = draw_new_size_freely(work, object, room);
    if (object.size > COPY_MOST && size > object.size + room)
        size = object.size - draw_below(work, 2 * GRANULE);
    return draw_as_size(work, size);
}

/* ---- Alignments ---- */

/* Any power of two that the call can be given: it takes an int or a size_t. Negative ints count as
 * one. */
static int64_t draw_any_power(struct workload *work) {
    uint32_t bits = CHAR_BIT * (uint32_t)(work->twin->region ? sizeof(size_t) : sizeof(int));
    return (int64_t)(UINT64_C(1) << draw_below(work, bits));
}

int64_t draw_alignment(struct workload *work) {
    uint64_t region = work->twin->model.region;
    bool mapped = work->twin->kind != KIND_PLACED;
    int64_t alignment = draw_one_in(work, 12) ? draw_any_power(work) : (int64_t)draw_power(work);
    bool bounded = alignment > 0 && (uint64_t)alignment <= region;
    if (mapped && bounded && alignment > MAPPED_ALIGNMENT)
        return INT64_C(1) << draw_below(work, 13);
    return alignment;
}
