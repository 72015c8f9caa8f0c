/*
 * resizing.c - the two calls and the heap of the tests of Mem_Realloc; see resizing.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "resizing.h"

const struct chunk resizing_holes[3] = {{LOW, A - LOW}, {HOLE, WALL - HOLE}, {FAR, LAST - FAR}};

static const struct chunk objects[] = {
    {A, B - A}, {B, HOLE - B}, {WALL, FAR - WALL}, {LAST, REGION - LAST}};

/* ---- the two calls ---- */

static void *by_int(void *ptr, int size, int style) {
    return Mem_Realloc(ptr, size, style);
}

static void *by_region(void *ptr, int size, int style) {
    return Mem_RegionRealloc(Mem_DefaultRegion(), ptr, (size_t)size, style);
}

void *(*const calls[CALLS])(void *ptr, int size, int style) = {by_int, by_region};

void *(*resize)(void *ptr, int size, int style);

int resize_at(int offset, int size, int style) {
    return offset_of(resize(region + offset, size, style));
}

/* ---- the heap ---- */

void make_heap_for_resizing(int call) {
    static const int starts[] = {LOW, A, B, HOLE, WALL, FAR, LAST, REGION};
    init_region(REGION);
    resize = calls[call];
    for (size_t i = 0; i + 1 < COUNT(starts); i++)
        assert_placed(starts[i], starts[i + 1] - starts[i], FIRSTFIT);
    for (size_t i = 0; i < COUNT(objects); i++)
        fill(region + objects[i].offset, (size_t)objects[i].size, objects[i].offset);
    for (size_t i = 0; i < COUNT(resizing_holes); i++)
        assert_succeeds(release(resizing_holes[i].offset));
    assert_list_is(resizing_holes, COUNT(resizing_holes));
}

bool kept(int from, int to, int size) {
    return holds(region + to, (size_t)size, from);
}

void assert_others_kept(int offset) {
    for (size_t i = 0; i < COUNT(objects); i++)
        if (objects[i].offset != offset)
            ck_assert(kept(objects[i].offset, objects[i].offset, objects[i].size));
    assert_sound();
}

void assert_heap_unchanged(void) {
    assert_list_is(resizing_holes, COUNT(resizing_holes));
    assert_others_kept(NOWHERE);
    for (size_t i = 0; i < COUNT(objects); i++)
        assert_succeeds(release(objects[i].offset));
    assert_list({0, REGION});
}
