/*
 * test_realloc.c - Mem_Realloc and Mem_RegionRealloc: an object stays where it
 * is whenever it can, else moves where its style says, keeps its contents, and
 * stays as it was when the call fails.
 *
 * Most tests work on the same heap, four objects and three free chunks, and do
 * so twice, through both calls:
 *
 *     0      96    160    208    320    336          1376         65536
 *     [ low  ][ A  ][ B  ][ hole ][ wall ][    far   ][    last   ]
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "random.h"
#include "support.h"

#include <limits.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { LOW = 0, A = 96, B = 160, HOLE = 208, WALL = 320, FAR = 336, LAST = 1376 };

static const struct chunk holes[] = {{LOW, A - LOW}, {HOLE, WALL - HOLE}, {FAR, LAST - FAR}};

static const struct chunk objects[] = {
    {A, B - A}, {B, HOLE - B}, {WALL, FAR - WALL}, {LAST, REGION - LAST}};

static const int styles[] = {BESTFIT, WORSTFIT, FIRSTFIT};
enum { STYLES = COUNT(styles) };

static const int bad_sizes[] = {0, -1, -15, -16, -4096, INT_MIN + 1, INT_MIN};
static const int bad_styles[] = {-1, 3, 4, 99, 256, INT_MAX, INT_MIN};

/* ---- the two calls ---- */

static void *by_int(void *ptr, int size, int style) {
    return Mem_Realloc(ptr, size, style);
}

static void *by_region(void *ptr, int size, int style) {
    return Mem_RegionRealloc(Mem_DefaultRegion(), ptr, (size_t)size, style);
}

static void *(*const calls[])(void *ptr, int size, int style) = {by_int, by_region};
enum { CALLS = COUNT(calls) };

/* The one that the test is about. */
static void *(*resize)(void *ptr, int size, int style);

/* Resizes the object at the offset; returns where it is then, or NOWHERE. */
static int resize_at(int offset, int size, int style) {
    char *object = resize(region + offset, size, style);
    return object == NULL ? NOWHERE : (int)(object - region);
}

/* The object at the offset from is at the offset to when it has its new size, and
 * m_error stays as it was. */
#define assert_resized(from, to, size, style)                                                      \
    do {                                                                                           \
        m_error = 4711;                                                                            \
        ck_assert_int_eq(resize_at((from), (size), (style)), (to));                                \
        ck_assert_int_eq(m_error, 4711);                                                           \
    } while (0)

/* ---- contents ---- */

static unsigned char letter(int key, size_t i) {
    return (unsigned char)((size_t)key + i * 7 + (i >> 8) * 3);
}

static void fill(void *memory, size_t size, int key) {
    unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        bytes[i] = letter(key, i);
}

static bool holds(const void *memory, size_t size, int key) {
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != letter(key, i))
            return false;
    return true;
}

/* The object is filled with its old offset as the key. */
static bool kept(int from, int to, int size) {
    return holds(region + to, (size_t)size, from);
}

/* ---- the heap ---- */

static void make_heap(int call) {
    static const int starts[] = {LOW, A, B, HOLE, WALL, FAR, LAST, REGION};
    init_region(REGION);
    resize = calls[call];
    for (size_t i = 0; i + 1 < COUNT(starts); i++)
        assert_placed(starts[i], starts[i + 1] - starts[i], FIRSTFIT);
    for (size_t i = 0; i < COUNT(objects); i++)
        fill(region + objects[i].offset, (size_t)objects[i].size, objects[i].offset);
    for (size_t i = 0; i < COUNT(holes); i++)
        assert_succeeds(release(holes[i].offset));
    assert_list_is(holes, COUNT(holes));
}

/* All objects but the one at the offset hold what they held. */
static void assert_others_kept(int offset) {
    for (size_t i = 0; i < COUNT(objects); i++)
        if (objects[i].offset != offset)
            ck_assert(kept(objects[i].offset, objects[i].offset, objects[i].size));
    assert_sound();
}

/* Nothing has changed: each object has its contents, and can be freed once. */
static void assert_heap_unchanged(void) {
    assert_list_is(holes, COUNT(holes));
    assert_others_kept(NOWHERE);
    for (size_t i = 0; i < COUNT(objects); i++)
        assert_succeeds(release(objects[i].offset));
    assert_list({0, REGION});
}

/* The address that lies so many bytes from the start of the region, which may
 * be far outside it. */
static void *address(intptr_t offset) {
    return (void *)((uintptr_t)region + (uintptr_t)offset);
}

/* ---- no object yet ---- */

START_TEST(test_null_pointer_is_allocated_where_Mem_Alloc_would) {
    make_heap(_i);
    char *low = resize(NULL, 1, FIRSTFIT);
    ck_assert_ptr_eq(low, region + LOW);
    assert_list({LOW + 16, 80}, holes[1], holes[2]);
    ck_assert_ptr_eq(resize(NULL, 97, BESTFIT), region + HOLE);
    assert_list({LOW + 16, 80}, holes[2]);
    ck_assert_ptr_eq(resize(NULL, 80, WORSTFIT), region + FAR);
    assert_list({LOW + 16, 80}, {FAR + 80, 960});
    assert_others_kept(NOWHERE);
    assert_succeeds(Mem_Free(low));
}
END_TEST

START_TEST(test_null_pointer_is_E_NO_SPACE_when_no_chunk_is_large_enough) {
    make_heap(_i);
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_NO_SPACE, resize(NULL, LAST - FAR + 1, styles[s]));
        assert_refused(E_NO_SPACE, resize(NULL, INT_MAX, styles[s]));
    }
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_null_pointer_may_take_the_whole_region) {
    init_region(REGION);
    ck_assert_ptr_eq(calls[_i](NULL, REGION, WORSTFIT), region);
    assert_nothing_free();
    assert_refused(E_NO_SPACE, calls[_i](NULL, 1, FIRSTFIT));
    assert_succeeds(release(0));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_null_pointer_before_init_is_E_NO_SPACE) {
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_NO_SPACE, Mem_Realloc(NULL, 1, styles[s]));
        assert_refused(E_NO_SPACE, Mem_Realloc(NULL, INT_MAX, styles[s]));
    }
}
END_TEST

/* ---- bad arguments ---- */

START_TEST(test_size_of_zero_or_less_is_E_BAD_ARGS) {
    make_heap(0);
    for (size_t i = 0; i < COUNT(bad_sizes); i++)
        for (int s = 0; s < STYLES; s++) {
            assert_refused(E_BAD_ARGS, Mem_Realloc(region + B, bad_sizes[i], styles[s]));
            assert_refused(E_BAD_ARGS, Mem_Realloc(region + LAST, bad_sizes[i], styles[s]));
            assert_refused(E_BAD_ARGS, Mem_Realloc(NULL, bad_sizes[i], styles[s]));
        }
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_size_of_zero_is_E_BAD_ARGS_in_a_region) {
    make_heap(1);
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_BAD_ARGS, resize(region + B, 0, styles[s]));
        assert_refused(E_BAD_ARGS, resize(NULL, 0, styles[s]));
    }
    assert_heap_unchanged();
}
END_TEST

/* The style is looked at even if the object stays where it is. */
START_TEST(test_unknown_style_is_E_BAD_ARGS) {
    make_heap(_i);
    for (size_t i = 0; i < COUNT(bad_styles); i++) {
        assert_refused(E_BAD_ARGS, resize(region + B, 16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, resize(region + B, 48, bad_styles[i]));
        assert_refused(E_BAD_ARGS, resize(region + B, 64, bad_styles[i]));
        assert_refused(E_BAD_ARGS, resize(region + A, 80, bad_styles[i]));
        assert_refused(E_BAD_ARGS, resize(NULL, 16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, resize(region + B, 0, bad_styles[i]));
    }
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_bad_arguments_are_found_before_a_bad_pointer) {
    make_heap(_i);
    void *const bad[] = {region + HOLE, region + B + 16, region + 1, address(REGION), &region};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_refused(E_BAD_ARGS, resize(bad[i], 0, FIRSTFIT));
        assert_refused(E_BAD_ARGS, resize(bad[i], 16, 3));
        assert_refused(E_BAD_ARGS, resize(bad[i], INT_MAX, -1));
    }
    assert_refused(E_BAD_ARGS, Mem_Realloc(region + HOLE, -1, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region + 1, INT_MIN, FIRSTFIT));
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_bad_arguments_are_found_before_lack_of_space) {
    make_heap(_i);
    assert_refused(E_BAD_ARGS, resize(region + B, INT_MAX, 3));
    assert_refused(E_BAD_ARGS, resize(NULL, INT_MAX, 3));
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_before_init_bad_arguments_are_found_first) {
    int local = 0;
    for (size_t i = 0; i < COUNT(bad_sizes); i++) {
        assert_refused(E_BAD_ARGS, Mem_Realloc(NULL, bad_sizes[i], FIRSTFIT));
        assert_refused(E_BAD_ARGS, Mem_Realloc(&local, bad_sizes[i], FIRSTFIT));
        assert_refused(E_BAD_ARGS, Mem_Realloc(NULL, 16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, Mem_Realloc(&local, 16, bad_styles[i]));
    }
}
END_TEST

START_TEST(test_region_NULL_is_E_BAD_ARGS) {
    int local = 0;
    assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, NULL, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, &local, 16, FIRSTFIT));
    make_heap(1);
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, NULL, 16, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, region + B, 16, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, region + B, SIZE_MAX, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, region + HOLE, 16, styles[s]));
    }
    assert_heap_unchanged();
}
END_TEST

/* ---- bad pointers ---- */

/* Whether it should shrink, stay, grow or find no space. */
static const int any_sizes[] = {1, 48, 64, 160, LAST - FAR, LAST - FAR + 1, INT_MAX};

static void assert_bad(void *pointer) {
    for (size_t i = 0; i < COUNT(any_sizes); i++)
        assert_refused(E_BAD_POINTER, resize(pointer, any_sizes[i], styles[i % STYLES]));
    assert_list_is(holes, COUNT(holes));
}

START_TEST(test_any_pointer_before_init_is_E_BAD_POINTER) {
    int local = 0;
    void *pointers[] = {&local, &region, (void *)1, (void *)16, (void *)4096, (void *)UINTPTR_MAX};
    for (size_t i = 0; i < COUNT(pointers); i++)
        for (size_t j = 0; j < COUNT(any_sizes); j++)
            assert_refused(E_BAD_POINTER, Mem_Realloc(pointers[i], any_sizes[j], FIRSTFIT));
}
END_TEST

START_TEST(test_freed_pointer_is_E_BAD_POINTER) {
    make_heap(_i);
    assert_bad(region + LOW);
    assert_bad(region + HOLE);
    assert_bad(region + FAR);
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_interior_pointer_is_E_BAD_POINTER) {
    const int steps[] = {1, 2, 4, 8, 12, 15, 16, 17, 24, 32, 47};
    make_heap(_i);
    for (size_t i = 0; i < COUNT(steps); i++) {
        assert_bad(region + A + steps[i]);
        assert_bad(region + B + steps[i]);
        assert_bad(region + LAST + steps[i]);
    }
    assert_bad(region + WALL + 8);
    assert_bad(region + (LAST + REGION) / 2 / GRANULE * GRANULE);
    assert_bad(region + REGION - GRANULE);
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_pointer_into_free_space_is_E_BAD_POINTER) {
    make_heap(_i);
    for (size_t i = 0; i < COUNT(holes); i++) {
        assert_bad(region + holes[i].offset + 1);
        assert_bad(region + holes[i].offset + 8);
        assert_bad(region + holes[i].offset + 16);
        assert_bad(region + holes[i].offset + holes[i].size - GRANULE);
    }
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_pointer_outside_the_region_is_E_BAD_POINTER) {
    const intptr_t distances[] = {1, 8, 15, 16, 17, 1024, 4096, REGION};
    int local = 0;
    make_heap(_i);
    for (size_t i = 0; i < COUNT(distances); i++) {
        assert_bad(address(-distances[i]));
        assert_bad(address(REGION + distances[i]));
    }
    assert_bad(address(REGION));
    assert_bad(&local);
    assert_bad(&region);
    assert_bad((void *)1);
    assert_bad((void *)16);
    assert_bad((void *)UINTPTR_MAX);
    assert_heap_unchanged();
}
END_TEST

/* Offsets that would look like an object's if only 31 to 44 bits of them were
 * looked at. */
START_TEST(test_pointer_far_from_the_region_is_E_BAD_POINTER) {
    make_heap(_i);
    for (int shift = 31; shift < (int)sizeof(intptr_t) * CHAR_BIT - 1 && shift <= 44; shift++) {
        const intptr_t distance = (intptr_t)1 << shift;
        assert_bad(address(distance + B));
        assert_bad(address(B - distance));
    }
    assert_heap_unchanged();
}
END_TEST

START_TEST(test_no_address_but_the_start_of_an_object_can_be_resized) {
    make_heap(_i);
    for (int offset = -REGION; offset < 2 * REGION; offset++) {
        if (offset == A || offset == B || offset == WALL || offset == LAST)
            continue;
        m_error = 0;
        if (resize(address(offset), 16, FIRSTFIT) != NULL || m_error != E_BAD_POINTER)
            ck_abort_msg("the address at offset %d was resized", offset);
    }
    assert_heap_unchanged();
}
END_TEST

/* ---- smaller ---- */

START_TEST(test_tail_is_joined_with_the_free_chunk_that_follows) {
    make_heap(_i / STYLES);
    const int style = styles[_i % STYLES];
    assert_resized(B, B, 32, style);
    assert_list(holes[0], {B + 32, WALL - B - 32}, holes[2]);
    assert_resized(B, B, 1, style);
    assert_list(holes[0], {B + 16, WALL - B - 16}, holes[2]);
    ck_assert(kept(B, B, 1));
    assert_others_kept(B);
    assert_fails(E_BAD_POINTER, release(B + 16));
    assert_fails(E_BAD_POINTER, release(B + 32));
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_succeeds(release(B));
    assert_list(holes[0], {B, WALL - B}, holes[2]);
}
END_TEST

/* The chunk before the object is not joined: the object lies between. */
START_TEST(test_tail_becomes_a_chunk_of_its_own_before_a_live_object) {
    make_heap(_i / STYLES);
    const int style = styles[_i % STYLES];
    assert_resized(A, A, 48, style);
    assert_list(holes[0], {A + 48, 16}, holes[1], holes[2]);
    assert_resized(A, A, 17, style);
    assert_list(holes[0], {A + 32, 32}, holes[1], holes[2]);
    assert_resized(A, A, 16, style);
    assert_list(holes[0], {A + 16, 48}, holes[1], holes[2]);
    ck_assert(kept(A, A, 16));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A + 16));
    assert_succeeds(release(A));
    assert_list({LOW, B}, holes[1], holes[2]);
}
END_TEST

START_TEST(test_tail_at_the_end_of_the_region_becomes_a_chunk) {
    static const int sizes[] = {REGION - LAST - 16, 30000, 4096, 1025, 1024, 1023, 17, 16, 1};
    make_heap(_i);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const int end = LAST + (sizes[i] + GRANULE - 1) / GRANULE * GRANULE;
        assert_resized(LAST, LAST, sizes[i], styles[i % STYLES]);
        assert_list(holes[0], holes[1], holes[2], {end, REGION - end});
        ck_assert(kept(LAST, LAST, sizes[i]));
    }
    assert_others_kept(LAST);
}
END_TEST

/* No space is needed to become smaller, and no style has a say. */
START_TEST(test_object_shrinks_in_a_full_region) {
    init_region(REGION);
    resize = calls[_i / STYLES];
    assert_placed(0, REGION, FIRSTFIT);
    for (int size = REGION - GRANULE; size > 0; size -= size > KIB ? KIB : GRANULE) {
        assert_resized(0, 0, size, styles[_i % STYLES]);
        assert_list({size, REGION - size});
    }
}
END_TEST

START_TEST(test_object_of_the_last_granules_shrinks_and_grows) {
    init_region(REGION);
    resize = calls[_i];
    assert_placed(0, REGION - 48, FIRSTFIT);
    assert_placed(REGION - 48, 48, FIRSTFIT);
    fill(region + REGION - 48, 48, 5);
    assert_resized(REGION - 48, REGION - 48, 16, FIRSTFIT);
    assert_list({REGION - 32, 32});
    assert_resized(REGION - 48, REGION - 48, 32, FIRSTFIT);
    assert_list({REGION - 16, 16});
    assert_resized(REGION - 48, REGION - 48, 48, FIRSTFIT);
    assert_nothing_free();
    assert_refused(E_NO_SPACE, resize(region + REGION - 48, 49, FIRSTFIT));
    ck_assert(holds(region + REGION - 48, 16, 5));
    assert_succeeds(release(REGION - 48));
    assert_list({REGION - 48, 48});
}
END_TEST

/* ---- as large as before ---- */

START_TEST(test_nothing_changes_within_the_same_granules) {
    make_heap(_i / STYLES);
    for (int size = 33; size <= 48; size++)
        assert_resized(B, B, size, styles[_i % STYLES]);
    for (int size = 64; size > 48; size--)
        assert_resized(A, A, size, styles[_i % STYLES]);
    for (int size = 1; size <= 16; size++)
        assert_resized(WALL, WALL, size, styles[_i % STYLES]);
    assert_resized(LAST, LAST, REGION - LAST - 15, styles[_i % STYLES]);
    assert_resized(LAST, LAST, REGION - LAST, styles[_i % STYLES]);
    assert_list_is(holes, COUNT(holes));
    ck_assert(kept(B, B, 33));
    ck_assert(kept(A, A, 49));
    ck_assert(kept(LAST, LAST, REGION - LAST - 15));
    assert_sound();
}
END_TEST

START_TEST(test_nothing_changes_within_the_same_granules_of_a_full_region) {
    init_region(REGION);
    resize = calls[_i];
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, 1, FIRSTFIT);
    assert_resized(0, 0, REGION - GRANULE - 15, WORSTFIT);
    assert_resized(0, 0, REGION - GRANULE, BESTFIT);
    assert_resized(REGION - GRANULE, REGION - GRANULE, GRANULE, FIRSTFIT);
    assert_nothing_free();
}
END_TEST

/* ---- larger, in place ---- */

START_TEST(test_object_grows_into_a_part_of_the_chunk_that_follows) {
    make_heap(_i / STYLES);
    assert_resized(B, B, 49, styles[_i % STYLES]);
    assert_list(holes[0], {HOLE + 16, 96}, holes[2]);
    assert_resized(B, B, 144, styles[_i % STYLES]);
    assert_list(holes[0], {HOLE + 96, 16}, holes[2]);
    ck_assert(kept(B, B, 48));
    assert_others_kept(B);
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_fails(E_BAD_POINTER, release(HOLE + 16));
    assert_succeeds(release(B));
    assert_list(holes[0], {B, WALL - B}, holes[2]);
}
END_TEST

START_TEST(test_object_grows_over_the_whole_chunk_that_follows) {
    make_heap(_i / STYLES);
    assert_resized(B, B, 160 - _i % 2 * 15, styles[_i % STYLES]);
    assert_list(holes[0], holes[2]);
    ck_assert(kept(B, B, 48));
    assert_others_kept(B);
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_succeeds(release(B));
    assert_list(holes[0], {B, WALL - B}, holes[2]);
}
END_TEST

/* Each style by itself would have taken another place. */
START_TEST(test_object_stays_although_its_style_prefers_another_chunk) {
    make_heap(_i);
    assert_resized(B, B, 64, FIRSTFIT); /* the first fit is LOW */
    assert_resized(B, B, 80, BESTFIT);  /* the best fit is LOW */
    assert_resized(B, B, 96, WORSTFIT); /* the worst fit is FAR */
    assert_list(holes[0], {HOLE + 48, 64}, holes[2]);
}
END_TEST

/* No chunk has so many bytes, but the object and the chunk that follows have. */
START_TEST(test_object_stays_when_only_the_sum_is_large_enough) {
    make_heap(_i);
    assert_succeeds(release(WALL));
    assert_list(holes[0], {HOLE, LAST - HOLE});
    assert_resized(B, B, LAST - B, BESTFIT);
    assert_list(holes[0]);
    ck_assert(kept(B, B, 48));
}
END_TEST

START_TEST(test_object_grows_to_the_whole_region_and_shrinks_again) {
    init_region(REGION);
    resize = calls[_i / STYLES];
    assert_placed(0, 1, FIRSTFIT);
    for (int size = 1; size < REGION; size += size / 2 + 1) {
        const int taken = (size + GRANULE - 1) / GRANULE * GRANULE;
        assert_resized(0, 0, size, styles[_i % STYLES]);
        assert_list({taken, REGION - taken});
    }
    assert_resized(0, 0, REGION, styles[_i % STYLES]);
    assert_nothing_free();
    assert_resized(0, 0, 1, styles[_i % STYLES]);
    assert_list({GRANULE, REGION - GRANULE});
}
END_TEST

START_TEST(test_growth_is_exact_whatever_the_nodes_say) {
    make_heap(_i);
    for (size_t i = 1; i < COUNT(holes); i++)
        memset(region + holes[i].offset, 0xff, sizeof(struct __list_t));
    assert_resized(B, B, 144, FIRSTFIT);
    ck_assert_int_eq(Mem_FreeList()->next->size, 16);
    assert_resized(B, B, 160, FIRSTFIT);
    ck_assert_ptr_eq(Mem_FreeList()->next, address(FAR));
    assert_resized(A, FAR, 1040, WORSTFIT);
    assert_list({LOW, B});
    assert_sound();
}
END_TEST

/* ---- larger, elsewhere ---- */

START_TEST(test_object_moves_to_the_first_fit) {
    make_heap(_i);
    assert_resized(A, HOLE, 97, FIRSTFIT);
    assert_list({LOW, B}, holes[2]);
    ck_assert(kept(A, HOLE, 64));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A));
    assert_succeeds(release(HOLE));
    assert_list({LOW, B}, holes[1], holes[2]);
}
END_TEST

START_TEST(test_object_moves_to_the_worst_fit) {
    make_heap(_i);
    assert_resized(A, FAR, 65, WORSTFIT);
    assert_list({LOW, B}, holes[1], {FAR + 80, 960});
    ck_assert(kept(A, FAR, 64));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A));
    assert_resized(FAR, FAR, 1040, FIRSTFIT);
    assert_list({LOW, B}, holes[1]);
}
END_TEST

START_TEST(test_object_moves_to_the_best_fit) {
    make_heap(_i);
    assert_resized(WALL, WALL, 1056, BESTFIT); /* FAR is in use */
    assert_resized(WALL, WALL, 1040, BESTFIT); /* 16 bytes of it are free */
    assert_list(holes[0], holes[1], {LAST - 16, 16});
    assert_resized(A, HOLE, 112, BESTFIT);
    assert_list({LOW, B}, {LAST - 16, 16});
    ck_assert(kept(A, HOLE, 64));
    assert_resized(B, LOW, 64, BESTFIT); /* LOW and A's old place are one chunk */
    assert_list({LOW + 64, HOLE - 64}, {LAST - 16, 16});
    ck_assert(kept(B, LOW, 48));
    assert_sound();
}
END_TEST

/* The old place is joined with what the new one leaves of the chunk before. */
START_TEST(test_object_moves_down_into_the_chunk_before_it_if_that_is_large_enough) {
    make_heap(_i);
    assert_resized(A, LOW, 80, FIRSTFIT);
    assert_list({LOW + 80, B - 80}, holes[1], holes[2]);
    ck_assert(kept(A, LOW, 64));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A));
    assert_resized(LOW, LOW, 160, FIRSTFIT);
    assert_list(holes[1], holes[2]);
}
END_TEST

START_TEST(test_object_moves_down_into_exactly_the_chunk_before_it) {
    make_heap(_i);
    assert_resized(A, LOW, 96, BESTFIT);
    assert_list({A, B - A}, holes[1], holes[2]);
    ck_assert(kept(A, LOW, 64));
    assert_others_kept(A);
}
END_TEST

START_TEST(test_old_place_is_joined_with_the_chunks_on_both_sides) {
    make_heap(_i);
    assert_succeeds(release(A));
    assert_list({LOW, B}, holes[1], holes[2]);
    assert_resized(B, FAR, 161, FIRSTFIT);
    assert_list({LOW, WALL}, {FAR + 176, LAST - FAR - 176});
    ck_assert(kept(B, FAR, 48));
    ck_assert(kept(WALL, WALL, 16));
    ck_assert(kept(LAST, LAST, REGION - LAST));
    assert_sound();
}
END_TEST

START_TEST(test_old_place_between_objects_becomes_a_chunk_of_its_own) {
    make_heap(_i);
    assert_placed(LOW, A - LOW, FIRSTFIT);
    assert_resized(A, FAR, 113, FIRSTFIT);
    assert_list({A, B - A}, holes[1], {FAR + 128, LAST - FAR - 128});
    ck_assert(kept(A, FAR, 64));
}
END_TEST

START_TEST(test_object_moves_when_the_chunk_that_follows_is_one_granule_too_small) {
    make_heap(_i / STYLES);
    assert_resized(B, FAR, WALL - B + 1, styles[_i % STYLES]);
    assert_list(holes[0], {B, WALL - B}, {FAR + 176, LAST - FAR - 176});
    ck_assert(kept(B, FAR, 48));
    assert_others_kept(B);
}
END_TEST

START_TEST(test_object_of_the_last_bytes_moves_and_leaves_a_chunk_there) {
    init_region(REGION);
    resize = calls[_i];
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, 16, FIRSTFIT);
    fill(region + REGION - GRANULE, 16, 9);
    assert_resized(0, 0, REGION - 64, FIRSTFIT);
    assert_list({REGION - 64, 48});
    assert_resized(REGION - GRANULE, REGION - 64, 17, WORSTFIT);
    assert_list({REGION - 32, 32});
    ck_assert(holds(region + REGION - 64, 16, 9));
    assert_resized(REGION - 64, REGION - 64, 64, FIRSTFIT);
    assert_nothing_free();
}
END_TEST

/* ---- no space ---- */

START_TEST(test_failure_leaves_all_as_it_was) {
    static const int sizes[] = {LAST - FAR + 1, 4096, REGION, REGION + 1, INT_MAX - 15, INT_MAX};
    make_heap(_i / STYLES);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_refused(E_NO_SPACE, resize(region + A, sizes[i], styles[_i % STYLES]));
        assert_refused(E_NO_SPACE, resize(region + B, sizes[i], styles[_i % STYLES]));
    }
    assert_refused(E_NO_SPACE, resize(region + LAST, REGION - LAST + 1, styles[_i % STYLES]));
    assert_heap_unchanged();
}
END_TEST

/* With the chunk before it, the object's own bytes or those of the chunk behind
 * it, there would be room enough. */
START_TEST(test_chunk_before_the_object_alone_must_be_large_enough) {
    const int style = styles[_i % STYLES];
    make_heap(_i / STYLES);
    assert_placed(FAR, LAST - FAR, WORSTFIT);
    assert_succeeds(release(A));
    const struct chunk left[] = {{LOW, B}, holes[1]};
    assert_list_is(left, COUNT(left));
    assert_refused(E_NO_SPACE, resize(region + B, 161, style));
    assert_refused(E_NO_SPACE, resize(region + B, HOLE - LOW, style));
    assert_refused(E_NO_SPACE, resize(region + B, WALL - LOW, style));
    assert_list_is(left, COUNT(left));
    ck_assert(kept(B, B, 48));
    assert_resized(B, B, 160, style);
}
END_TEST

START_TEST(test_object_cannot_grow_in_a_full_region) {
    init_region(REGION);
    assert_placed(0, 48, FIRSTFIT);
    assert_placed(48, REGION - 48, FIRSTFIT);
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_NO_SPACE, calls[_i](region, 49, styles[s]));
        assert_refused(E_NO_SPACE, calls[_i](region + 48, REGION - 47, styles[s]));
    }
    assert_nothing_free();
    assert_succeeds(release(48));
    assert_list({48, REGION - 48});
}
END_TEST

/* Sizes that would be small if only 31 to 36 bits of them were looked at, or if
 * they were rounded up to granules without care. */
START_TEST(test_size_that_no_int_holds_is_E_NO_SPACE) {
    make_heap(1);
    Mem_Region *r = Mem_DefaultRegion();
    for (int shift = 31; shift <= 60; shift++) {
        const uint64_t size = ((uint64_t)1 << shift) + 48;
        if (size > SIZE_MAX)
            break;
        assert_refused(E_NO_SPACE, Mem_RegionRealloc(r, region + B, (size_t)size, FIRSTFIT));
        assert_refused(E_NO_SPACE, Mem_RegionRealloc(r, NULL, (size_t)size, WORSTFIT));
    }
    for (size_t i = 0; i < 40; i++) {
        assert_refused(E_NO_SPACE, Mem_RegionRealloc(r, region + B, SIZE_MAX - i, BESTFIT));
        assert_refused(E_NO_SPACE, Mem_RegionRealloc(r, NULL, SIZE_MAX - i, FIRSTFIT));
    }
    assert_heap_unchanged();
}
END_TEST

/* ---- every arrangement ---- */

/* The object with a free chunk on either side, or none, and another far from it;
 * all in granules, and live objects around them. */
struct layout {
    int pad, before, object, after, far;
};

enum { SPACE = 1 << 20 };

/* Where they are, in bytes. */
struct places {
    int before, object, after, wall, far, rest;
};

static struct places lay_out(const struct layout *l) {
    struct places p = {.before = l->pad * GRANULE};
    p.object = p.before + l->before * GRANULE;
    p.after = p.object + l->object * GRANULE;
    p.wall = p.after + l->after * GRANULE;
    p.far = p.wall + GRANULE;
    p.rest = p.far + l->far * GRANULE;
    const int starts[] = {0, p.before, p.object, p.after, p.wall, p.far, p.rest, SPACE};
    for (size_t i = 0; i + 1 < COUNT(starts); i++)
        if (starts[i] < starts[i + 1])
            must(place(starts[i + 1] - starts[i], FIRSTFIT) == starts[i]);
    must(Mem_FreeList() == NULL);
    must(l->before == 0 || release(p.before) == 0);
    must(l->after == 0 || release(p.after) == 0);
    must(l->far == 0 || release(p.far) == 0);
    return p;
}

static void clear_away(const struct layout *l, const struct places *p, int object) {
    must(l->pad == 0 || release(0) == 0);
    must(release(object) == 0);
    must(release(p->wall) == 0);
    must(release(p->rest) == 0);
    assert_list({0, SPACE});
}

/* The chunk that the style takes for so many granules: `before`, `far` or none.
 * The one behind the object never comes into question: it is too small to grow
 * into, and so too small for the whole. */
static int chosen(const struct layout *l, const struct places *p, int granules, int style) {
    const bool before = l->before >= granules, far = l->far >= granules;
    if (!before || !far)
        return before ? p->before : far ? p->far : NOWHERE;
    if (style == FIRSTFIT || l->before == l->far)
        return p->before;
    return (style == WORSTFIT) == (l->before > l->far) ? p->before : p->far;
}

static size_t add(struct chunk *chunks, size_t count, int offset, int end) {
    if (offset < end)
        chunks[count++] = (struct chunk){offset, end - offset};
    return count;
}

/* What is free when the object, of `bytes` now, is at `to`. */
static void assert_free_around(const struct layout *l, const struct places *p, int to, int bytes) {
    struct chunk c[3];
    const int before = p->before + (to == p->before && to != p->object ? bytes : 0);
    const int far = p->far + (to == p->far ? bytes : 0);
    size_t n = 0;
    if (to == p->object || to == NOWHERE) {
        const int end = to == NOWHERE ? p->after : to + bytes;
        n = add(c, n, before, p->object);
        n = add(c, n, end, p->wall);
    } else {
        n = add(c, n, before, p->wall);
    }
    n = add(c, n, far, p->rest);
    const char *fault = list_fault(c, n);
    if (fault != NULL)
        ck_abort_msg("%d,%d,%d,%d,%d to %d bytes: %s", l->pad, l->before, l->object, l->after,
                     l->far, bytes, fault);
}

static void resize_in_layout(const struct layout *l, int granules, int style) {
    const struct places p = lay_out(l);
    const int old = l->object * GRANULE, bytes = granules * GRANULE;
    const int expected =
        granules <= l->object + l->after ? p.object : chosen(l, &p, granules, style);
    fill(region + p.object, (size_t)old, granules);
    memset(region + p.wall, 0x11, GRANULE);
    memset(region + p.rest, 0x11, GRANULE);

    const int to = resize_at(p.object, bytes, style);
    if (to != expected)
        ck_abort_msg("%d,%d,%d,%d,%d to %d granules by style %d is at %d, not %d", l->pad,
                     l->before, l->object, l->after, l->far, granules, style, to, expected);
    assert_free_around(l, &p, to, bytes);
    const int now = to == NOWHERE ? p.object : to;
    must(holds(region + now, (size_t)(to != NOWHERE && bytes < old ? bytes : old), granules));
    must(region[p.wall] == 0x11 && memcmp(region + p.wall, region + p.rest, GRANULE) == 0);
    must(memcmp(region + p.wall, region + p.wall + 1, GRANULE - 1) == 0);
    clear_away(l, &p, now);
}

/* All that can make a difference, and its neighbours. */
static void resize_to_all_sizes(const struct layout *l) {
    const int edges[] = {1, l->object, l->object + l->after, l->before, l->far, 64, 128};
    for (size_t i = 0; i < COUNT(edges); i++)
        for (int granules = edges[i] - 1; granules <= edges[i] + 1; granules++)
            if (granules > 0)
                resize_in_layout(l, granules, styles[granules % STYLES]);
    for (int s = 0; s < STYLES; s++)
        resize_in_layout(l, l->object + l->after + 1, styles[s]);
}

START_TEST(test_every_arrangement_of_chunks_around_the_object) {
    static const int pads[] = {0, 1, 63}, befores[] = {0, 1, 64, 300};
    static const int sizes[] = {1, 2, 63, 64, 65, 257}, afters[] = {0, 1, 63, 64, 65, 256};
    static const int fars[] = {0, 65, 400};
    struct layout l = {.pad = pads[_i % 3], .object = sizes[_i / 3]};

    init_region(SPACE);
    resize = calls[_i % CALLS];
    for (size_t i = 0; i < COUNT(befores); i++)
        for (size_t j = 0; j < COUNT(afters); j++)
            for (size_t k = 0; k < COUNT(fars); k++) {
                if (light() && (i + j + k) % 3 != 0)
                    continue;
                l.before = befores[i];
                l.after = afters[j];
                l.far = fars[k];
                resize_to_all_sizes(&l);
            }
    assert_sound();
}
END_TEST

/* ---- contents ---- */

/* In bytes, on either side of 1, 4 and 64 KiB. */
static const int lengths[] = {1,    15,   16,   17,    1023,  1024,  1025,  2047,  2048,
                              4095, 4096, 4097, 16384, 65535, 65536, 65537, 200000};
enum { LENGTHS = COUNT(lengths) };

/* From every length to every other, with a live object behind, so that it has
 * to move to grow. */
START_TEST(test_contents_are_kept_as_far_as_they_fit) {
    const int from = lengths[_i];
    init_region(SPACE);
    for (int i = 0; i < LENGTHS; i++) {
        const int to = lengths[i], kept_bytes = from < to ? from : to;
        char *object = Mem_Alloc(from, FIRSTFIT);
        char *wall = Mem_Alloc(16, FIRSTFIT);
        fill(object, (size_t)from, i);
        fill(wall, 16, 100);
        char *moved = calls[i % CALLS](object, to, styles[i % STYLES]);
        ck_assert_ptr_nonnull(moved);
        ck_assert(holds(moved, (size_t)kept_bytes, i));
        ck_assert(holds(wall, 16, 100));
        assert_succeeds(Mem_Free(moved));
        assert_succeeds(Mem_Free(wall));
        assert_list({0, SPACE});
    }
}
END_TEST

/* A buffer that grows as they do: by half, again and again, among objects that
 * make it move. */
START_TEST(test_contents_are_kept_while_the_object_grows_again_and_again) {
    init_region(SPACE);
    resize = calls[_i / STYLES];
    char *object = Mem_Alloc(1, FIRSTFIT);
    int size = 1, moves = 0;
    fill(object, 1, 42);
    while (size < SPACE / 4) {
        const int larger = size + size / 2 + 1;
        ck_assert_ptr_nonnull(Mem_Alloc(16, FIRSTFIT));
        char *now = resize(object, larger, styles[_i % STYLES]);
        ck_assert_ptr_nonnull(now);
        ck_assert(holds(now, (size_t)size, 42));
        moves += now != object;
        object = now;
        size = larger;
        fill(object, (size_t)size, 42);
    }
    ck_assert_int_gt(moves, 3);
    assert_sound();
}
END_TEST

/* All the bytes that Mem_Size tells of are the object's. */
START_TEST(test_all_usable_bytes_are_kept) {
    make_heap(_i);
    assert_resized(A, A, 50, FIRSTFIT);
    ck_assert_int_eq(Mem_Size(region + A), 64);
    fill(region + A, 64, 77);
    assert_resized(A, FAR, 200, WORSTFIT);
    ck_assert(holds(region + FAR, 64, 77));
}
END_TEST

/* Behind the region, and so behind the object that moves, is a page that cannot be
 * read. */
START_TEST(test_only_the_object_is_copied_and_not_what_lies_behind_it) {
    const size_t size = 4 * page();
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *memory = mmap(NULL, size + page(), PROT_READ | PROT_WRITE, flags, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    ck_assert_int_eq(mprotect(memory + size, page(), PROT_NONE), 0);
    Mem_Region *placed = Mem_RegionPlace(memory, size);
    const size_t rest = (size_t)Mem_RegionFreeList(placed)->size - 48;
    char *first = Mem_RegionAlloc(placed, rest, FIRSTFIT);
    char *last = Mem_RegionAlloc(placed, 48, FIRSTFIT);
    ck_assert_int_lt(memory + size - last, (int)page());
    fill(last, 48, 4);
    assert_succeeds(Mem_RegionFree(placed, first));
    ck_assert_ptr_eq(Mem_RegionRealloc(placed, last, 2 * page(), FIRSTFIT), first);
    ck_assert(holds(first, 48, 4));
    assert_succeeds(Mem_RegionDestroy(placed));
    munmap(memory, size + page());
}
END_TEST

/* ---- the largest region ---- */

START_TEST(test_object_grows_to_2_GiB_and_shrinks_in_place) {
    enum { HALF = 1 << 30, MOST = INT_MAX - 15 };
    init_region(INT_MAX);
    resize = calls[_i];
    assert_placed(0, 16, FIRSTFIT);
    region[15] = 'x';
    assert_resized(0, 0, HALF, FIRSTFIT);
    assert_list({HALF, HALF});
    assert_resized(0, 0, INT_MAX, FIRSTFIT);
    assert_nothing_free();
    Mem_Region *r = Mem_DefaultRegion();
    ck_assert_ptr_eq(Mem_RegionRealloc(r, region, (size_t)INT_MAX + 1, FIRSTFIT), region);
    assert_refused(E_NO_SPACE, Mem_RegionRealloc(r, region, (size_t)INT_MAX + 2, FIRSTFIT));
    assert_resized(0, 0, MOST, WORSTFIT);
    assert_list({MOST, 16});
    assert_resized(0, 0, 16, BESTFIT);
    assert_list({16, MOST});
    ck_assert_int_eq(region[15], 'x');
    assert_succeeds(release(0));
    assert_list({0, MOST}); /* 2 GiB, more than an int shows */
}
END_TEST

START_TEST(test_object_moves_from_one_end_of_2_GiB_to_the_other) {
    enum { TAIL = 64 * KIB, WALL_SIZE = INT_MAX - 15 - TAIL + 16 - 32 };
    init_region(INT_MAX);
    resize = calls[_i];
    assert_placed(0, 32, FIRSTFIT);
    assert_placed(32, WALL_SIZE, FIRSTFIT);
    fill(region, 32, 3);
    assert_list({32 + WALL_SIZE, TAIL});
    assert_resized(0, 32 + WALL_SIZE, 10000, FIRSTFIT);
    ck_assert(holds(region + 32 + WALL_SIZE, 32, 3));
    assert_list({0, 32}, {32 + WALL_SIZE + 10000, TAIL - 10000});
    assert_resized(32 + WALL_SIZE, 32 + WALL_SIZE, TAIL, FIRSTFIT);
    assert_list({0, 32});
}
END_TEST

/* ---- other regions ---- */

START_TEST(test_pointer_of_another_region_is_E_BAD_POINTER) {
    static char memory[20000];
    make_heap(1);
    Mem_Region *const r[] = {Mem_DefaultRegion(), Mem_RegionCreate(REGION),
                             Mem_RegionPlace(memory, sizeof memory)};
    char *object[] = {region + B, Mem_RegionAlloc(r[1], 48, FIRSTFIT),
                      Mem_RegionAlloc(r[2], 48, FIRSTFIT)};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            if (i != j) {
                assert_refused(E_BAD_POINTER, Mem_RegionRealloc(r[i], object[j], 16, FIRSTFIT));
                assert_refused(E_BAD_POINTER, Mem_RegionRealloc(r[i], object[j], 64, FIRSTFIT));
            }
    assert_refused(E_BAD_POINTER, Mem_Realloc(object[1], 64, FIRSTFIT));
    assert_refused(E_BAD_POINTER, Mem_Realloc(object[2], 64, FIRSTFIT));
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(Mem_RegionSize(r[i], object[i]), 48);
    assert_heap_unchanged();
}
END_TEST

/* However much room there is in another. */
START_TEST(test_object_stays_in_its_region) {
    init_region(SPACE);
    Mem_Region *other = Mem_RegionCreate(REGION);
    char *first = Mem_RegionRealloc(other, NULL, 48, FIRSTFIT);
    char *second = Mem_RegionRealloc(other, NULL, REGION / 2, FIRSTFIT);
    ck_assert_ptr_eq(second, first + 48);
    fill(first, 48, 6);
    assert_refused(E_NO_SPACE, Mem_RegionRealloc(other, first, REGION / 2, FIRSTFIT));
    ck_assert_ptr_eq(Mem_RegionRealloc(other, first, 100, FIRSTFIT), second + REGION / 2);
    ck_assert(holds(second + REGION / 2, 48, 6));
    ck_assert_ptr_eq(Mem_RegionFreeList(other), (void *)first);
    ck_assert_int_eq(Mem_RegionFreeList(other)->size, 48);
    assert_list({0, SPACE});
    assert_succeeds(Mem_RegionCheck(other));
    assert_succeeds(Mem_RegionDestroy(other));
}
END_TEST

START_TEST(test_object_in_a_region_at_an_odd_address) {
    enum { EDGE = 101, SIZE = 20000 };
    static char memory[EDGE + SIZE + EDGE];
    memset(memory, 0x5a, sizeof memory);
    Mem_Region *placed = Mem_RegionPlace(memory + EDGE, SIZE);
    const size_t size = (size_t)Mem_RegionFreeList(placed)->size;
    char *start = (char *)Mem_RegionFreeList(placed);

    ck_assert_ptr_eq(Mem_RegionRealloc(placed, NULL, 100, FIRSTFIT), start);
    fill(start, 100, 8);
    ck_assert_ptr_eq(Mem_RegionRealloc(placed, start, size, FIRSTFIT), start);
    ck_assert_ptr_null(Mem_RegionFreeList(placed));
    fill(start, size, 8);
    assert_refused(E_NO_SPACE, Mem_RegionRealloc(placed, start, size + 1, FIRSTFIT));
    ck_assert_ptr_eq(Mem_RegionRealloc(placed, start, size - 16, FIRSTFIT), start);
    ck_assert_ptr_eq(Mem_RegionFreeList(placed), (void *)(start + size - 16));
    ck_assert(holds(start, size - 16, 8));
    for (int i = 0; i < EDGE; i++)
        ck_assert(memory[i] == 0x5a && memory[EDGE + SIZE + i] == 0x5a);
    assert_succeeds(Mem_RegionDestroy(placed));
}
END_TEST

/* ---- threads ---- */

static sem_t copying, worked;
static char *forbidden;

/* The copy has come to the page that cannot be read: the other thread's turn. */
static void wait_for_worker(int number) {
    (void)number;
    sem_post(&copying);
    while (sem_wait(&worked) != 0)
        ;
}

static void *work_meanwhile(void *argument) {
    while (sem_wait(&copying) != 0)
        ;
    char *object = Mem_Alloc(48, FIRSTFIT);
    const bool fine = object != NULL && Mem_Realloc(object, 16, FIRSTFIT) == object &&
                      Mem_Size(object) == 16 && Mem_Free(object) == 0 && Mem_Check() == 0;
    mprotect(forbidden, page(), PROT_READ | PROT_WRITE);
    sem_post(&worked);
    return fine ? argument : NULL;
}

static void watch_reads_of(char *page_start) {
    struct sigaction action = {.sa_handler = wait_for_worker};
    forbidden = page_start;
    ck_assert_int_eq(sem_init(&copying, 0, 0), 0);
    ck_assert_int_eq(sem_init(&worked, 0, 0), 0);
    ck_assert_int_eq(sigaction(SIGSEGV, &action, NULL), 0);
    ck_assert_int_eq(mprotect(forbidden, page(), PROT_NONE), 0);
}

/* Another thread uses the region while the copy stands still, or hangs. */
START_TEST(test_no_lock_is_held_while_copying) {
    const int p = (int)page();
    void *result;
    init_region(16 * p);
    resize = calls[_i];
    assert_placed(0, p, FIRSTFIT);
    assert_placed(p, 2 * p, FIRSTFIT);
    assert_placed(3 * p, p, FIRSTFIT);
    assert_succeeds(release(0)); /* what the other thread is to use */
    fill(region + p, 2 * (size_t)p, 1);
    watch_reads_of(region + 2 * p);
    pthread_t worker = start_thread(work_meanwhile, &worked);
    assert_resized(p, 4 * p, 3 * p, FIRSTFIT);
    ck_assert_int_eq(pthread_join(worker, &result), 0);
    ck_assert_ptr_eq(result, &worked);
    ck_assert(holds(region + 4 * p, 2 * (size_t)p, 1));
    assert_list({0, 3 * p}, {7 * p, 9 * p});
}
END_TEST

/* ---- at random ---- */

enum { GRANULES = REGION / GRANULE, SLOTS = 40 };

/* Whose each granule is: 0 if free, else the number of the slot plus one. */
static unsigned char owner[GRANULES];

static struct slot { int offset, size; /* in bytes; size 0 if there is no object */ } slots[SLOTS];

static int granules_of(int size) {
    return (size + GRANULE - 1) / GRANULE;
}

static void own(const struct slot *slot, int number) {
    memset(owner + slot->offset / GRANULE, number, (size_t)granules_of(slot->size));
}

static int free_from(int granule) {
    int end = granule;
    while (end < GRANULES && owner[end] == 0)
        end++;
    return end - granule;
}

static size_t find_chunks(struct chunk *chunks) {
    size_t n = 0;
    for (int g = 0; g < GRANULES; g++) {
        const int run = free_from(g);
        if (run > 0)
            chunks[n++] = (struct chunk){g * GRANULE, run * GRANULE};
        g += run;
    }
    return n;
}

static int placed_by_rule(int size, int style) {
    static struct chunk chunks[GRANULES];
    const struct chunk *best = NULL;
    const size_t count = find_chunks(chunks);
    for (const struct chunk *c = chunks; c < chunks + count; c++)
        if (c->size >= size && (best == NULL || (style == WORSTFIT && c->size > best->size) ||
                                (style == BESTFIT && c->size < best->size)))
            best = c;
    return best == NULL ? NOWHERE : best->offset;
}

static int resized_by_rule(const struct slot *slot, int size, int style) {
    const int old = granules_of(slot->size);
    if (slot->size > 0 && granules_of(size) <= old + free_from(slot->offset / GRANULE + old))
        return slot->offset;
    return placed_by_rule(size, style);
}

static void resize_slot(struct slot *slot, int size, int style) {
    const int key = (int)(slot - slots);
    const int expected = resized_by_rule(slot, size, style);
    char *old = slot->size > 0 ? region + slot->offset : NULL;
    char *now = resize(old, size, style);
    must((now == NULL ? NOWHERE : (int)(now - region)) == expected);
    if (now == NULL)
        return;
    must(holds(now, (size_t)(slot->size < size ? slot->size : size), key));
    own(slot, 0);
    *slot = (struct slot){expected, size};
    own(slot, key + 1);
    fill(now, (size_t)size, key);
}

static void free_slot(struct slot *slot) {
    must(slot->size == 0 || release(slot->offset) == 0);
    own(slot, 0);
    slot->size = 0;
}

static int random_size(uint64_t *random) {
    static const uint32_t bounds[] = {64, 1200, 5000, 20000};
    return 1 + (int)random_below(random, bounds[random_below(random, COUNT(bounds))]);
}

START_TEST(test_random_resizes_are_where_the_rules_put_them) {
    static struct chunk chunks[GRANULES];
    uint64_t random = random_seed((uint64_t)_i);
    init_region(REGION);
    resize = calls[_i % CALLS];
    for (int n = rounds(6000); n > 0; n--) {
        struct slot *slot = &slots[random_below(&random, SLOTS)];
        if (random_below(&random, 4) == 0)
            free_slot(slot);
        else
            resize_slot(slot, random_size(&random), styles[random_below(&random, STYLES)]);
        assert_list_is(chunks, find_chunks(chunks));
    }
    for (int i = 0; i < SLOTS; i++) {
        must(holds(region + slots[i].offset, (size_t)slots[i].size, i));
        free_slot(&slots[i]);
    }
    assert_list({0, REGION});
    assert_sound();
}
END_TEST

int main(void) {
    TCase *tests = new_case("realloc");

    tcase_add_loop_test(tests, test_null_pointer_is_allocated_where_Mem_Alloc_would, 0, CALLS);
    tcase_add_loop_test(tests, test_null_pointer_is_E_NO_SPACE_when_no_chunk_is_large_enough, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_null_pointer_may_take_the_whole_region, 0, CALLS);
    tcase_add_test(tests, test_null_pointer_before_init_is_E_NO_SPACE);
    tcase_add_test(tests, test_size_of_zero_or_less_is_E_BAD_ARGS);
    tcase_add_test(tests, test_size_of_zero_is_E_BAD_ARGS_in_a_region);
    tcase_add_loop_test(tests, test_unknown_style_is_E_BAD_ARGS, 0, CALLS);
    tcase_add_loop_test(tests, test_bad_arguments_are_found_before_a_bad_pointer, 0, CALLS);
    tcase_add_loop_test(tests, test_bad_arguments_are_found_before_lack_of_space, 0, CALLS);
    tcase_add_test(tests, test_before_init_bad_arguments_are_found_first);
    tcase_add_test(tests, test_region_NULL_is_E_BAD_ARGS);
    tcase_add_test(tests, test_any_pointer_before_init_is_E_BAD_POINTER);
    tcase_add_loop_test(tests, test_freed_pointer_is_E_BAD_POINTER, 0, CALLS);
    tcase_add_loop_test(tests, test_interior_pointer_is_E_BAD_POINTER, 0, CALLS);
    tcase_add_loop_test(tests, test_pointer_into_free_space_is_E_BAD_POINTER, 0, CALLS);
    tcase_add_loop_test(tests, test_pointer_outside_the_region_is_E_BAD_POINTER, 0, CALLS);
    tcase_add_loop_test(tests, test_pointer_far_from_the_region_is_E_BAD_POINTER, 0, CALLS);
    tcase_add_loop_test(tests, test_no_address_but_the_start_of_an_object_can_be_resized, 0, CALLS);
    tcase_add_loop_test(tests, test_tail_is_joined_with_the_free_chunk_that_follows, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_tail_becomes_a_chunk_of_its_own_before_a_live_object, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_tail_at_the_end_of_the_region_becomes_a_chunk, 0, CALLS);
    tcase_add_loop_test(tests, test_object_shrinks_in_a_full_region, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_of_the_last_granules_shrinks_and_grows, 0, CALLS);
    tcase_add_loop_test(tests, test_nothing_changes_within_the_same_granules, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_nothing_changes_within_the_same_granules_of_a_full_region, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_object_grows_into_a_part_of_the_chunk_that_follows, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_grows_over_the_whole_chunk_that_follows, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_stays_although_its_style_prefers_another_chunk, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_object_stays_when_only_the_sum_is_large_enough, 0, CALLS);
    tcase_add_loop_test(tests, test_object_grows_to_the_whole_region_and_shrinks_again, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_growth_is_exact_whatever_the_nodes_say, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_to_the_first_fit, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_to_the_worst_fit, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_to_the_best_fit, 0, CALLS);
    tcase_add_loop_test(
        tests, test_object_moves_down_into_the_chunk_before_it_if_that_is_large_enough, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_down_into_exactly_the_chunk_before_it, 0, CALLS);
    tcase_add_loop_test(tests, test_old_place_is_joined_with_the_chunks_on_both_sides, 0, CALLS);
    tcase_add_loop_test(tests, test_old_place_between_objects_becomes_a_chunk_of_its_own, 0, CALLS);
    tcase_add_loop_test(tests,
                        test_object_moves_when_the_chunk_that_follows_is_one_granule_too_small, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_of_the_last_bytes_moves_and_leaves_a_chunk_there, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_failure_leaves_all_as_it_was, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_chunk_before_the_object_alone_must_be_large_enough, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_cannot_grow_in_a_full_region, 0, CALLS);
    tcase_add_test(tests, test_size_that_no_int_holds_is_E_NO_SPACE);
    tcase_add_loop_test(tests, test_every_arrangement_of_chunks_around_the_object, 0, 18);
    tcase_add_loop_test(tests, test_contents_are_kept_as_far_as_they_fit, 0, LENGTHS);
    tcase_add_loop_test(tests, test_contents_are_kept_while_the_object_grows_again_and_again, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_all_usable_bytes_are_kept, 0, CALLS);
    tcase_add_test(tests, test_only_the_object_is_copied_and_not_what_lies_behind_it);
    if (can_map_int_max()) {
        tcase_add_loop_test(tests, test_object_grows_to_2_GiB_and_shrinks_in_place, 0, CALLS);
        tcase_add_loop_test(tests, test_object_moves_from_one_end_of_2_GiB_to_the_other, 0, CALLS);
    }
    tcase_add_test(tests, test_pointer_of_another_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_object_stays_in_its_region);
    tcase_add_test(tests, test_object_in_a_region_at_an_odd_address);
    if (!light()) /* valgrind may not go on where the signal came */
        tcase_add_loop_test(tests, test_no_lock_is_held_while_copying, 0, CALLS);
    tcase_add_loop_test(tests, test_random_resizes_are_where_the_rules_put_them, 0, 6);
    return run_case(tests);
}
