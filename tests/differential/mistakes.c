/*
 * mistakes.c - bad arguments, wild pointers and overwritten nodes; see mistakes.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "mistakes.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "draw.h"
#include "random.h"
#include "steps.h"

/* ---- Bad numbers ---- */

/* For a region, all but the 0 are size_ts that are too large for it. */
static int64_t draw_bad_size(struct workload *work) {
    static const int64_t sizes[] = {0, 0, -1, -16, -4096, INT_MIN, INT_MIN + 1};
    return sizes[draw_below(work, sizeof sizes / sizeof sizes[0])];
}

/* Not a mistake, but rounding it up may not overflow. In a region of more than INT_MAX bytes, it is
 * more than the region has: an object resized to less could be copied, which takes too long. */
static int64_t draw_huge_size(struct workload *work) {
    int64_t beyond = (int64_t)draw_below(work, 40);
    if (work->twin->region && draw_one_in(work, 2))
        return (int64_t)(SIZE_MAX >> draw_below(work, 2)) - beyond;
    if (work->twin->model.region > (uint64_t)INT_MAX + 1)
        return (int64_t)work->twin->model.region + 1 + beyond;
    return INT_MAX - beyond;
}

static int draw_bad_style(struct workload *work) {
    static const int unknown[] = {-1, 3, 256, 258, INT_MIN, INT_MAX};
    return unknown[draw_below(work, 6)];
}

static int64_t draw_bad_alignment(struct workload *work) {
    static const int64_t alignments[] = {0, -1, -16, 3, 24, 48, 4095, INT_MAX, INT_MIN};
    return alignments[draw_below(work, sizeof alignments / sizeof alignments[0])];
}

/* The product overflows, or just does not. Not if the region could have so much, which takes too
 * long to clear. */
static void calloc_of_much(struct workload *work) {
    uint64_t most = work->twin->region ? SIZE_MAX : INT_MAX;
    int64_t count = INT64_C(1) << draw_below(work, CHAR_BIT * sizeof(int) - 1);
    uint32_t least = work->twin->model.region > INT_MAX / 2;
    int64_t size = (int64_t)(most / (uint64_t)count + least + draw_below(work, 3));
    if (draw_one_in(work, 2))
        steps_calloc(work, count, size, draw_style(work));
    else
        steps_calloc(work, size, count, draw_style(work));
}

static void calloc_of_bad_size(struct workload *work) {
    int64_t size = draw_bad_size(work);
    if (draw_one_in(work, 2))
        steps_calloc(work, size, draw_one_in(work, 2) ? 1 : size, draw_style(work));
    else
        steps_calloc(work, 1, size, draw_style(work));
}

/* An alignment, a size and a style, of which some are bad. */
static void aligned_of_bad_numbers(struct workload *work) {
    int64_t alignment = draw_one_in(work, 2) ? draw_alignment(work) : draw_bad_alignment(work);
    int64_t size = draw_one_in(work, 4) ? draw_bad_size(work) : draw_size(work);
    int style = draw_one_in(work, 8) ? draw_bad_style(work) : draw_style(work);
    steps_aligned(work, alignment, size, style);
}

static void alloc_of_bad_numbers(struct workload *work) {
    if (draw_one_in(work, 2))
        steps_alloc(work, draw_bad_size(work), draw_one_in(work, 4) ? 3 : draw_style(work));
    else
        steps_alloc(work, draw_size(work), draw_bad_style(work));
}

static void alloc_of_huge_size(struct workload *work) {
    int64_t size = draw_huge_size(work);
    if (draw_one_in(work, 3))
        steps_aligned(work, 1 << draw_below(work, 13), size, draw_style(work));
    else
        steps_alloc(work, size, draw_style(work));
}

static void init_again(struct workload *work) {
    static const int sizes[] = {1, 4096, INT_MAX, 0, -1, INT_MIN};
    if (work->twin->kind == KIND_DEFAULT)
        twin_init(work->twin, sizes[draw_below(work, 6)]);
    else
        alloc_of_bad_numbers(work);
}

/* ---- Bad pointers ---- */

/* A place in an object, with one more high bit set: the library must not ignore that bit. */
static uintptr_t place_far_away(struct workload *work) {
    uint32_t bits = CHAR_BIT * sizeof(uintptr_t);
    return draw_place(work, &work->twin->model.live) +
           ((uintptr_t)1 << (bits - 1 - draw_below(work, bits - 28)));
}

/* In an object of another region, if there is one. */
static uintptr_t foreign_pointer(struct workload *work) {
    const struct twin *twin = work->stranger ? work->stranger : work->twin;
    return (uintptr_t)twin->base + draw_place(work, &twin->model.live);
}

static uintptr_t wild_pointer(struct workload *work) {
    uintptr_t base = (uintptr_t)work->twin->base;
    switch (draw_below(work, 11)) {
    case 0:
    case 1:
        return base + work->recent[draw_below(work, RECENT)];
    case 2:
        return base + draw_place(work, &work->twin->model.live);
    case 3:
        return base + draw_place(work, &work->twin->model.free);
    case 4:
        return base + work->twin->model.region + draw_below(work, 8) * (GRANULE / 2);
    case 5:
        return base - draw_below(work, 8) * (GRANULE / 2);
    case 6:
        return base + place_far_away(work);
    case 7:
        return draw_below(work, 3 * GRANULE);
    case 8:
    case 9:
        return foreign_pointer(work);
    default:
        return (uintptr_t)random_next(&work->random);
    }
}

/* Any size will do, if the pointer is a bad one. */
static void resize_of_wild_pointer(struct workload *work) {
    uintptr_t pointer = wild_pointer(work);
    size_t offset = pointer - (uintptr_t)work->twin->base;
    if (pointer != 0 && model_is_live(&work->twin->model, offset))
        steps_resize_at(work, offset);
    else
        steps_resize(work, pointer, draw_size(work), draw_style(work));
}

/* Mostly of a live object, which has to stay as it is. */
static void resize_to_bad_numbers(struct workload *work) {
    const struct spans *live = &work->twin->model.live;
    uintptr_t pointer = live->count > 0 && !draw_one_in(work, 8)
                            ? (uintptr_t)work->twin->base + draw_span(work, live).offset
                            : wild_pointer(work);
    uint32_t kind = draw_below(work, 3);
    if (kind == 0)
        steps_resize(work, pointer, draw_bad_size(work), draw_style(work));
    else if (kind == 1)
        steps_resize(work, pointer, draw_huge_size(work), draw_style(work));
    else
        steps_resize(work, pointer, draw_size(work), draw_bad_style(work));
}

void mistakes_make(struct workload *work) {
    switch (draw_below(work, 24)) {
    case 0:
    case 1:
        alloc_of_bad_numbers(work);
        return;
    case 2:
        alloc_of_huge_size(work);
        return;
    case 3:
        init_again(work);
        return;
    case 4:
        calloc_of_much(work);
        return;
    case 5:
        calloc_of_bad_size(work);
        return;
    case 6:
    case 7:
        aligned_of_bad_numbers(work);
        return;
    case 8:
    case 9:
        resize_to_bad_numbers(work);
        return;
    case 10:
    case 11:
    case 12:
        resize_of_wild_pointer(work);
        return;
    case 13:
    case 14:
        twin_size(work->twin, wild_pointer(work));
        return;
    default:
        twin_free(work->twin, wild_pointer(work));
    }
}

void mistakes_make_without_region(struct workload *work) {
    alloc_of_bad_numbers(work);
    alloc_of_huge_size(work);
    calloc_of_much(work);
    calloc_of_bad_size(work);
    aligned_of_bad_numbers(work);
    resize_to_bad_numbers(work);
    resize_of_wild_pointer(work);
    twin_size(work->twin, wild_pointer(work));
    twin_free(work->twin, wild_pointer(work));
}

/* ---- Vandalism ---- */

static void spoil_with_noise(struct workload *work, unsigned char *node) {
    for (size_t i = 0; i < sizeof(struct __list_t); i++)
        node[i] = (unsigned char)draw_below(work, 256);
}

/* The node that would mislead a trusting library best: it leads somewhere in the region, with a
 * size from elsewhere. */
static void spoil_with_a_lie(struct workload *work, unsigned char *node) {
    struct __list_t lie = {
        .size = (int)(draw_below(work, work->twin->model.region) & ~UINT32_C(15)),
        .type = !draw_one_in(work, 4),
        .next = (void *)(work->twin->base + draw_place(work, &work->twin->model.live))};
    memcpy(node, &lie, sizeof lie);
}

static void spoil_one_field(struct workload *work, struct __list_t *node) {
    switch (draw_below(work, 4)) {
    case 0:
        node->next = node;
        return;
    case 1:
        node->next = NULL;
        return;
    case 2:
        node->size = draw_as_int(draw_span(work, &work->twin->model.free).size);
        return;
    default:
        node->type = false;
    }
}

void mistakes_vandalise(struct workload *work) {
    if (work->twin->model.free.count == 0)
        return;
    char *node = work->twin->base + draw_span(work, &work->twin->model.free).offset;
    switch (draw_below(work, 5)) {
    case 0:
        memset(node, 0, sizeof(struct __list_t));
        return;
    case 1:
        memset(node, 0xff, sizeof(struct __list_t));
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
