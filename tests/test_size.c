/*
 * test_size.c - Mem_Size and Mem_RegionSize: what was asked for, rounded up to
 * whole granules, as long as the object is live; an error for every pointer that
 * is not the start of one.
 *
 * Most tests work on the same heap, three objects and three free chunks:
 *
 *     0    48     112            1152  1168         5264         65536
 *     [ A ][ hole ][      C      ][hole][     E     ][    tail    ]
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { A = 0, HOLE = 48, C = 112, SLIT = 1152, E = 1168, TAIL = 5264 };

static const struct chunk holes[] = {{HOLE, C - HOLE}, {SLIT, E - SLIT}, {TAIL, REGION - TAIL}};

static void make_heap(void) {
    init_region(REGION);
    assert_placed(A, HOLE - A, FIRSTFIT);
    assert_placed(HOLE, C - HOLE, FIRSTFIT);
    assert_placed(C, SLIT - C, FIRSTFIT);
    assert_placed(SLIT, E - SLIT, FIRSTFIT);
    assert_placed(E, TAIL - E, FIRSTFIT);
    assert_succeeds(release(HOLE));
    assert_succeeds(release(SLIT));
    assert_list_is(holes, COUNT(holes));
}

/* The address that lies so many bytes from the start of the region, which may
 * be far outside it. */
static void *address(intptr_t offset) {
    return (void *)((uintptr_t)region + (uintptr_t)offset);
}

static int whole_granules(int size) {
    return (size + GRANULE - 1) / GRANULE * GRANULE;
}

/* Both calls tell the size, and leave m_error alone. */
#define assert_size(pointer, size)                                                                 \
    do {                                                                                           \
        const void *pointer_ = (pointer);                                                          \
        m_error = 4711;                                                                            \
        ck_assert_int_eq(Mem_Size(pointer_), (size));                                              \
        ck_assert_uint_eq(Mem_RegionSize(Mem_DefaultRegion(), pointer_), (size_t)(size));          \
        ck_assert_int_eq(m_error, 4711);                                                           \
    } while (0)

/* The call returns 0 and sets m_error to error. */
#define assert_no_size(error, call)                                                                \
    do {                                                                                           \
        m_error = 0;                                                                               \
        ck_assert_uint_eq((call), 0);                                                              \
        ck_assert_int_eq(m_error, (error));                                                        \
    } while (0)

/* Both calls refuse the pointer, and the free list is as it was. */
#define assert_bad(pointer)                                                                        \
    do {                                                                                           \
        const void *pointer_ = (pointer);                                                          \
        assert_fails(E_BAD_POINTER, Mem_Size(pointer_));                                           \
        assert_no_size(E_BAD_POINTER, Mem_RegionSize(Mem_DefaultRegion(), pointer_));              \
        assert_list_is(holes, COUNT(holes));                                                       \
    } while (0)

/* The three objects are live still, and as large as they were. */
static void assert_objects_live(void) {
    assert_size(region + A, HOLE - A);
    assert_size(region + C, SLIT - C);
    assert_size(region + E, TAIL - E);
    assert_sound();
    assert_succeeds(release(C));
    assert_succeeds(release(A));
    assert_succeeds(release(E));
    assert_list({0, REGION});
}

/* ---- the size of an object ---- */

START_TEST(test_size_is_what_was_asked_for_in_whole_granules) {
    init_region(REGION);
    for (int size = 1; size <= REGION; size += size < 1200 ? 1 : 509) {
        char *object = Mem_Alloc(size, FIRSTFIT);
        assert_size(object, whole_granules(size));
        assert_succeeds(Mem_Free(object));
    }
    assert_list({0, REGION});
}
END_TEST

/* Each lies against the next, and none knows where it ends by itself. */
START_TEST(test_size_of_each_of_many_objects_side_by_side) {
    enum { MANY = 200 };
    char *objects[MANY];
    init_region(1 << 20);
    for (int i = 0; i < MANY; i++)
        objects[i] = Mem_Alloc(1 + i * 37, FIRSTFIT);
    for (int i = 0; i < MANY; i++)
        assert_size(objects[i], whole_granules(1 + i * 37));
    for (int i = 0; i < MANY; i += 2)
        assert_succeeds(Mem_Free(objects[i]));
    for (int i = 1; i < MANY; i += 2)
        assert_size(objects[i], whole_granules(1 + i * 37));
}
END_TEST

START_TEST(test_size_stays_while_neighbours_come_and_go) {
    make_heap();
    for (int i = 0; i < 3; i++) {
        assert_placed(HOLE, 16, FIRSTFIT);
        assert_size(region + A, HOLE - A);
        assert_size(region + HOLE, 16);
        assert_placed(HOLE + 16, C - HOLE - 16, FIRSTFIT);
        assert_size(region + HOLE, 16);
        assert_size(region + HOLE + 16, C - HOLE - 16);
        assert_size(region + A, HOLE - A);
        assert_succeeds(release(HOLE));
        assert_size(region + A, HOLE - A);
        assert_succeeds(release(HOLE + 16));
        assert_size(region + A, HOLE - A);
        assert_size(region + C, SLIT - C);
    }
    assert_objects_live();
}
END_TEST

START_TEST(test_size_asked_for_changes_nothing) {
    make_heap();
    for (int i = 0; i < 3; i++) {
        assert_size(region + A, HOLE - A);
        assert_size(region + C, SLIT - C);
        assert_size(region + E, TAIL - E);
        assert_list_is(holes, COUNT(holes));
    }
    assert_objects_live();
}
END_TEST

/* In bytes, at and around what a byte counts in granules, and whole segments. */
static const int lengths[] = {1008,  1024,  1040,  4064,   4080,   4096,    4112,
                              16368, 65536, 65552, 262144, 262160, 1 << 20, (1 << 24) + 16};
enum { LENGTHS = COUNT(lengths) };

/* At the end of the region, before a free chunk and before a live object, from
 * wherever it starts. */
START_TEST(test_size_of_large_objects_wherever_they_lie) {
    static const int starts[] = {16, 1008, 1024, 4096 - 16, 65536};
    const int length = lengths[_i];
    init_region(32 << 20);
    for (size_t i = 0; i < COUNT(starts); i++) {
        assert_placed(0, starts[i], FIRSTFIT);
        assert_placed(starts[i], length, FIRSTFIT);
        assert_size(region + starts[i], length);
        assert_placed(starts[i] + length, 16, FIRSTFIT);
        assert_size(region + starts[i], length);
        const int rest = (32 << 20) - starts[i] - length - 16;
        assert_placed(starts[i] + length + 16, rest, FIRSTFIT);
        assert_size(region + starts[i] + length + 16, rest);
        assert_succeeds(release(0));
        assert_succeeds(release(starts[i] + length));
        assert_size(region + starts[i], length);
        assert_succeeds(release(starts[i]));
        assert_succeeds(release(starts[i] + length + 16));
    }
    assert_list({0, 32 << 20});
}
END_TEST

START_TEST(test_size_of_the_last_granule_and_of_the_whole_region) {
    init_region(REGION);
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, 1, FIRSTFIT);
    assert_size(region, REGION - GRANULE);
    assert_size(region + REGION - GRANULE, GRANULE);
    assert_succeeds(release(0));
    assert_size(region + REGION - GRANULE, GRANULE);
    assert_succeeds(release(REGION - GRANULE));
    assert_placed(0, REGION - 15, FIRSTFIT);
    assert_size(region, REGION);
}
END_TEST

START_TEST(test_size_of_an_array_is_its_product_in_whole_granules) {
    init_region(REGION);
    assert_size(Mem_Calloc(3, 7, FIRSTFIT), 32);
    assert_size(Mem_Calloc(1000, 2, WORSTFIT), 2000);
    assert_size(Mem_RegionCalloc(Mem_DefaultRegion(), 41, 25, BESTFIT), 1040);
}
END_TEST

/* The gap is no part of it. */
START_TEST(test_size_of_an_aligned_object) {
    init_region(REGION);
    assert_placed(0, 16, FIRSTFIT);
    for (int alignment = 1; alignment <= 2048; alignment *= 2) {
        char *object = Mem_AlignedAlloc(alignment, 100, FIRSTFIT);
        assert_size(object, 112);
        assert_succeeds(Mem_Free(object));
    }
    assert_size(region, 16);
}
END_TEST

START_TEST(test_usable_bytes_are_the_objects_own) {
    init_region(REGION);
    char *first = Mem_Alloc(33, FIRSTFIT), *second = Mem_Alloc(1, FIRSTFIT);
    memset(first, 1, (size_t)Mem_Size(first));
    memset(second, 2, (size_t)Mem_Size(second));
    for (int i = 0; i < 48; i++)
        ck_assert_int_eq(first[i], 1);
    assert_list({64, REGION - 64});
    assert_sound();
}
END_TEST

/* ---- after Mem_Realloc ---- */

START_TEST(test_size_follows_an_object_that_is_resized_in_place) {
    static const int sizes[] = {1, 16, 17, 48, 112, 100, 33, 16, 1};
    make_heap();
    for (size_t i = 0; i < COUNT(sizes); i++) {
        ck_assert_ptr_eq(Mem_Realloc(region + A, sizes[i], FIRSTFIT), region + A);
        assert_size(region + A, whole_granules(sizes[i]));
        assert_size(region + C, SLIT - C);
    }
    for (int size = TAIL - E; size <= REGION - E; size += 1111) {
        ck_assert_ptr_eq(Mem_Realloc(region + E, size, FIRSTFIT), region + E);
        assert_size(region + E, whole_granules(size));
    }
    ck_assert_ptr_eq(Mem_Realloc(region + E, REGION - E, FIRSTFIT), region + E);
    assert_size(region + E, REGION - E);
}
END_TEST

START_TEST(test_size_follows_an_object_that_moves) {
    make_heap();
    ck_assert_ptr_eq(Mem_Realloc(region + A, 2000, FIRSTFIT), region + TAIL);
    assert_size(region + TAIL, 2000);
    assert_fails(E_BAD_POINTER, Mem_Size(region + A));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(Mem_DefaultRegion(), region + A));
    ck_assert_ptr_eq(Mem_Realloc(region + TAIL, 50, FIRSTFIT), region + TAIL);
    assert_size(region + TAIL, 64);
    assert_size(region + C, SLIT - C);
    assert_size(region + E, TAIL - E);
}
END_TEST

START_TEST(test_size_stays_when_resizing_fails) {
    make_heap();
    assert_refused(E_NO_SPACE, Mem_Realloc(region + A, REGION, FIRSTFIT));
    assert_refused(E_NO_SPACE, Mem_Realloc(region + C, REGION - TAIL + 1, BESTFIT));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region + E, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region + E, 16, 3));
    assert_list_is(holes, COUNT(holes));
    assert_objects_live();
}
END_TEST

/* ---- whatever a program writes ---- */

START_TEST(test_size_is_right_whatever_nodes_and_objects_hold) {
    make_heap();
    for (int garbage = 0; garbage <= 0xff; garbage++) {
        memset(region + A, garbage, HOLE - A);
        memset(region + C, garbage, SLIT - C);
        memset(region + E, garbage, TAIL - E);
        for (size_t i = 0; i < COUNT(holes); i++)
            memset(region + holes[i].offset, garbage, sizeof(struct __list_t));
        assert_size(region + A, HOLE - A);
        assert_size(region + C, SLIT - C);
        assert_size(region + E, TAIL - E);
        for (size_t i = 0; i < COUNT(holes); i++)
            assert_fails(E_BAD_POINTER, Mem_Size(region + holes[i].offset));
        assert_fails(E_BAD_POINTER, Mem_Size(region + C + GRANULE));
    }
}
END_TEST

/* ---- bad pointers ---- */

START_TEST(test_null_is_E_BAD_POINTER) {
    make_heap();
    assert_bad(NULL);
    assert_objects_live();
}
END_TEST

START_TEST(test_every_pointer_before_init_is_E_BAD_POINTER) {
    int local = 0;
    const void *pointers[] = {NULL, &local, &region, (void *)1, (void *)16, (void *)UINTPTR_MAX};
    for (size_t i = 0; i < COUNT(pointers); i++)
        assert_fails(E_BAD_POINTER, Mem_Size(pointers[i]));
}
END_TEST

START_TEST(test_region_NULL_is_E_BAD_ARGS) {
    int local = 0;
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, NULL));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, &local));
    make_heap();
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, NULL));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, region + A));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, region + HOLE));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, region + 1));
    assert_objects_live();
}
END_TEST

START_TEST(test_freed_pointer_is_E_BAD_POINTER) {
    make_heap();
    assert_bad(region + HOLE);
    assert_bad(region + SLIT);
    assert_bad(region + TAIL);
    assert_objects_live();
    assert_fails(E_BAD_POINTER, Mem_Size(region + A));
    assert_fails(E_BAD_POINTER, Mem_Size(region + C));
    assert_fails(E_BAD_POINTER, Mem_Size(region + E));
}
END_TEST

START_TEST(test_stale_pointer_into_a_new_object_is_E_BAD_POINTER) {
    make_heap();
    assert_succeeds(release(C));
    assert_placed(HOLE, E - HOLE, FIRSTFIT); /* over the old starts C and SLIT */
    assert_fails(E_BAD_POINTER, Mem_Size(region + C));
    assert_fails(E_BAD_POINTER, Mem_Size(region + SLIT));
    assert_size(region + HOLE, E - HOLE);
}
END_TEST

START_TEST(test_interior_pointer_is_E_BAD_POINTER) {
    const int starts[] = {A, C, E}, ends[] = {HOLE, SLIT, TAIL};
    const int steps[] = {1, 2, 4, 8, 12, 15, 16, 17, 24, 32, 47};
    make_heap();
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (size_t j = 0; j < COUNT(steps); j++)
            assert_bad(region + starts[i] + steps[j]);
        assert_bad(region + (starts[i] + ends[i]) / 2 / GRANULE * GRANULE);
        assert_bad(region + ends[i] - GRANULE);
        assert_bad(region + ends[i] - 1);
    }
    assert_objects_live();
}
END_TEST

START_TEST(test_pointer_into_free_space_is_E_BAD_POINTER) {
    make_heap();
    for (size_t i = 0; i < COUNT(holes); i++) {
        assert_bad(region + holes[i].offset + 1);
        assert_bad(region + holes[i].offset + 8);
        assert_bad(region + holes[i].offset + holes[i].size - GRANULE);
        assert_bad(region + holes[i].offset + holes[i].size - 1);
    }
    assert_bad(region + TAIL + GRANULE);
    assert_bad(region + REGION / 2);
    assert_objects_live();
}
END_TEST

START_TEST(test_pointer_next_to_the_region_is_E_BAD_POINTER) {
    const intptr_t distances[] = {1, 8, 15, 16, 17, 32, 1024, 4096, REGION, 2 * REGION};
    make_heap();
    for (size_t i = 0; i < COUNT(distances); i++) {
        assert_bad(address(-distances[i]));
        assert_bad(address(REGION + distances[i]));
    }
    assert_bad(address(REGION));
    assert_objects_live();
}
END_TEST

/* The bits behind the last granule's must not be taken for an object's. */
START_TEST(test_end_of_a_full_region_is_E_BAD_POINTER) {
    init_region(REGION);
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, GRANULE, FIRSTFIT);
    assert_fails(E_BAD_POINTER, Mem_Size(address(REGION)));
    assert_fails(E_BAD_POINTER, Mem_Size(address(REGION - 1)));
    assert_fails(E_BAD_POINTER, Mem_Size(address(-GRANULE)));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(Mem_DefaultRegion(), address(REGION)));
    assert_nothing_free();
}
END_TEST

/* Offsets that would look like an object's if 31, 32 or 36 bits of them (32 of
 * their granules) were all that was looked at. */
START_TEST(test_pointer_far_from_the_region_is_E_BAD_POINTER) {
    make_heap();
    for (int shift = 31; shift < (int)sizeof(intptr_t) * CHAR_BIT - 1 && shift <= 47; shift++) {
        const intptr_t distance = (intptr_t)1 << shift;
        assert_bad(address(distance + C));
        assert_bad(address(C - distance));
        assert_bad(address(distance));
        assert_bad(address(-distance));
    }
    assert_objects_live();
}
END_TEST

START_TEST(test_memory_of_others_is_E_BAD_POINTER) {
    static int global;
    static const char *const literal = "a string constant";
    int local = 0;
    void *elsewhere = malloc(64);

    make_heap();
    assert_bad(&global);
    assert_bad(&local);
    assert_bad(elsewhere);
    assert_bad(literal);
    assert_bad((void *)(uintptr_t)&Mem_Size);
    for (uintptr_t i = 1; i <= 64; i++) {
        assert_bad((void *)i);
        assert_bad((void *)(UINTPTR_MAX - i + 1));
    }
    assert_objects_live();
    free(elsewhere);
}
END_TEST

START_TEST(test_no_address_but_the_start_of_an_object_has_a_size) {
    make_heap();
    for (int offset = -REGION; offset < 2 * REGION; offset++) {
        if (offset == A || offset == C || offset == E)
            continue;
        m_error = 0;
        if (Mem_Size(address(offset)) != -1 || m_error != E_BAD_POINTER)
            ck_abort_msg("the address at offset %d has a size", offset);
    }
    assert_list_is(holes, COUNT(holes));
    assert_objects_live();
}
END_TEST

/* ---- other regions ---- */

START_TEST(test_pointer_of_another_region_is_E_BAD_POINTER) {
    static char memory[20000];
    make_heap();
    Mem_Region *const r[] = {Mem_DefaultRegion(), Mem_RegionCreate(REGION),
                             Mem_RegionPlace(memory, sizeof memory)};
    const void *object[] = {region + A, Mem_RegionAlloc(r[1], 40, FIRSTFIT),
                            Mem_RegionAlloc(r[2], 40, FIRSTFIT)};
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++)
            if (i != j)
                assert_no_size(E_BAD_POINTER, Mem_RegionSize(r[i], object[j]));
        ck_assert_uint_eq(Mem_RegionSize(r[i], object[i]), 48);
    }
    assert_fails(E_BAD_POINTER, Mem_Size(object[1]));
    assert_fails(E_BAD_POINTER, Mem_Size(object[2]));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(r[2], memory));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(r[2], memory + sizeof memory));
    assert_objects_live();
}
END_TEST

START_TEST(test_region_other_than_the_default_tells_its_own_sizes_before_init) {
    Mem_Region *other = Mem_RegionCreate(REGION);
    const void *object = Mem_RegionAlloc(other, 1000, FIRSTFIT);
    ck_assert_uint_eq(Mem_RegionSize(other, object), 1008);
    assert_fails(E_BAD_POINTER, Mem_Size(object));
    assert_succeeds(Mem_RegionDestroy(other));
}
END_TEST

START_TEST(test_size_in_a_region_at_an_odd_address) {
    enum { SIZE = 20000 };
    static char memory[SIZE + 101];
    Mem_Region *placed = Mem_RegionPlace(memory + 101, SIZE);
    const size_t all = (size_t)Mem_RegionFreeList(placed)->size;
    char *first = Mem_RegionAlloc(placed, 33, FIRSTFIT);
    char *rest = Mem_RegionAlloc(placed, all - 48, FIRSTFIT);

    ck_assert_uint_eq(Mem_RegionSize(placed, first), 48);
    ck_assert_uint_eq(Mem_RegionSize(placed, rest), all - 48);
    for (int i = 1; i < 48; i++)
        assert_no_size(E_BAD_POINTER, Mem_RegionSize(placed, first + i));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(placed, rest + all - 48));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(placed, first - GRANULE));
    assert_succeeds(Mem_RegionFree(placed, first));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(placed, first));
    ck_assert_uint_eq(Mem_RegionSize(placed, rest), all - 48);
    assert_succeeds(Mem_RegionDestroy(placed));
}
END_TEST

/* ---- the largest region ---- */

START_TEST(test_object_of_2_GiB_shows_the_largest_multiple_of_16_that_an_int_holds) {
    enum { MOST = INT_MAX - 15 };
    init_region(INT_MAX);
    Mem_Region *r = Mem_DefaultRegion();
    assert_placed(0, INT_MAX, FIRSTFIT);
    m_error = 4711;
    ck_assert_int_eq(Mem_Size(region), MOST);
    ck_assert_uint_eq(Mem_RegionSize(r, region), (size_t)1 << 31);
    ck_assert_ptr_eq(Mem_Realloc(region, MOST, FIRSTFIT), region);
    ck_assert_int_eq(Mem_Size(region), MOST);
    ck_assert_uint_eq(Mem_RegionSize(r, region), (size_t)MOST);
    ck_assert_int_eq(m_error, 4711);
    ck_assert_ptr_eq(Mem_Realloc(region, 16, FIRSTFIT), region);
    assert_size(region, 16);
}
END_TEST

START_TEST(test_sizes_of_objects_far_apart_in_2_GiB) {
    const int half = 1 << 30, last = INT_MAX - (GRANULE - 1);
    init_region(INT_MAX);
    assert_placed(0, half, FIRSTFIT);
    assert_placed(half, last - half, FIRSTFIT);
    assert_placed(last, GRANULE, FIRSTFIT);
    assert_size(region, half);
    assert_size(region + half, last - half);
    assert_size(region + last, GRANULE);
    assert_fails(E_BAD_POINTER, Mem_Size(address((intptr_t)last + GRANULE)));
    assert_fails(E_BAD_POINTER, Mem_Size(region + half - GRANULE));
    assert_succeeds(release(half));
    assert_size(region, half);
    assert_size(region + last, GRANULE);
    assert_fails(E_BAD_POINTER, Mem_Size(region + half));
}
END_TEST

START_TEST(test_size_of_2_GiB_in_a_region_other_than_the_default) {
    Mem_Region *r = Mem_RegionCreate(INT_MAX);
    ck_assert_ptr_nonnull(r);
    void *object = Mem_RegionAlloc(r, (size_t)INT_MAX + 1, FIRSTFIT);
    ck_assert_uint_eq(Mem_RegionSize(r, object), (size_t)1 << 31);
    assert_succeeds(Mem_RegionDestroy(r));
}
END_TEST

int main(void) {
    TCase *tests = new_case("size");

    tcase_add_test(tests, test_size_is_what_was_asked_for_in_whole_granules);
    tcase_add_test(tests, test_size_of_each_of_many_objects_side_by_side);
    tcase_add_test(tests, test_size_stays_while_neighbours_come_and_go);
    tcase_add_test(tests, test_size_asked_for_changes_nothing);
    tcase_add_loop_test(tests, test_size_of_large_objects_wherever_they_lie, 0, LENGTHS);
    tcase_add_test(tests, test_size_of_the_last_granule_and_of_the_whole_region);
    tcase_add_test(tests, test_size_of_an_array_is_its_product_in_whole_granules);
    tcase_add_test(tests, test_size_of_an_aligned_object);
    tcase_add_test(tests, test_usable_bytes_are_the_objects_own);
    tcase_add_test(tests, test_size_follows_an_object_that_is_resized_in_place);
    tcase_add_test(tests, test_size_follows_an_object_that_moves);
    tcase_add_test(tests, test_size_stays_when_resizing_fails);
    tcase_add_test(tests, test_size_is_right_whatever_nodes_and_objects_hold);
    tcase_add_test(tests, test_null_is_E_BAD_POINTER);
    tcase_add_test(tests, test_every_pointer_before_init_is_E_BAD_POINTER);
    tcase_add_test(tests, test_region_NULL_is_E_BAD_ARGS);
    tcase_add_test(tests, test_freed_pointer_is_E_BAD_POINTER);
    tcase_add_test(tests, test_stale_pointer_into_a_new_object_is_E_BAD_POINTER);
    tcase_add_test(tests, test_interior_pointer_is_E_BAD_POINTER);
    tcase_add_test(tests, test_pointer_into_free_space_is_E_BAD_POINTER);
    tcase_add_test(tests, test_pointer_next_to_the_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_end_of_a_full_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_pointer_far_from_the_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_memory_of_others_is_E_BAD_POINTER);
    tcase_add_test(tests, test_no_address_but_the_start_of_an_object_has_a_size);
    tcase_add_test(tests, test_pointer_of_another_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_region_other_than_the_default_tells_its_own_sizes_before_init);
    tcase_add_test(tests, test_size_in_a_region_at_an_odd_address);
    if (can_map_int_max()) {
        tcase_add_test(tests,
                       test_object_of_2_GiB_shows_the_largest_multiple_of_16_that_an_int_holds);
        tcase_add_test(tests, test_sizes_of_objects_far_apart_in_2_GiB);
        tcase_add_test(tests, test_size_of_2_GiB_in_a_region_other_than_the_default);
    }
    return run_case(tests);
}
