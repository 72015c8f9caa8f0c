/*
 * test_size.c - Mem_Size and Mem_RegionSize: what was asked for, rounded up to
 * whole granules, as long as the object is live; an error for every pointer that
 * is not the start of one.
 *
 * Most tests work on the heap of pointers.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "pointers.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

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

/* Adjacent objects: only the start of the next tells where one ends. */
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
    make_heap_for_pointers();
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
    make_heap_for_pointers();
    for (int i = 0; i < 3; i++) {
        assert_size(region + A, HOLE - A);
        assert_size(region + C, SLIT - C);
        assert_size(region + E, TAIL - E);
        assert_list_is(pointer_holes, COUNT(pointer_holes));
    }
    assert_objects_live();
}
END_TEST

/* In bytes: next to 64 and 255 granules, and whole segments. */
static const int lengths[] = {1008,  1024,  1040,  4064,   4080,   4096,    4112,
                              16368, 65536, 65552, 262144, 262160, 1 << 20, (1 << 24) + 16};
enum { LENGTHS = COUNT(lengths) };

/* Objects that end at the end of the region, before a free chunk and before a live object, from
 * various starts. */
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
    make_heap_for_pointers();
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
    make_heap_for_pointers();
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
    make_heap_for_pointers();
    assert_refused(E_NO_SPACE, Mem_Realloc(region + A, REGION, FIRSTFIT));
    assert_refused(E_NO_SPACE, Mem_Realloc(region + C, REGION - TAIL + 1, BESTFIT));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region + E, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region + E, 16, 3));
    assert_list_is(pointer_holes, COUNT(pointer_holes));
    assert_objects_live();
}
END_TEST

/* ---- whatever a program writes ---- */

START_TEST(test_size_is_right_whatever_nodes_and_objects_hold) {
    make_heap_for_pointers();
    for (int garbage = 0; garbage <= 0xff; garbage++) {
        memset(region + A, garbage, HOLE - A);
        memset(region + C, garbage, SLIT - C);
        memset(region + E, garbage, TAIL - E);
        for (size_t i = 0; i < COUNT(pointer_holes); i++)
            memset(region + pointer_holes[i].offset, garbage, sizeof(struct __list_t));
        assert_size(region + A, HOLE - A);
        assert_size(region + C, SLIT - C);
        assert_size(region + E, TAIL - E);
        for (size_t i = 0; i < COUNT(pointer_holes); i++)
            assert_fails(E_BAD_POINTER, Mem_Size(region + pointer_holes[i].offset));
        assert_fails(E_BAD_POINTER, Mem_Size(region + C + GRANULE));
    }
}
END_TEST

/* ---- bad pointers ---- */

static bool is_refused(void *pointer) {
    m_error = 0;
    return Mem_Size(pointer) == -1 && m_error == E_BAD_POINTER;
}

static bool is_refused_by_region(void *pointer) {
    m_error = 0;
    return Mem_RegionSize(Mem_DefaultRegion(), pointer) == 0 && m_error == E_BAD_POINTER;
}

START_TEST(test_null_before_init_is_E_BAD_POINTER) {
    assert_fails(E_BAD_POINTER, Mem_Size(NULL));
}
END_TEST

START_TEST(test_null_is_E_BAD_POINTER) {
    make_heap_for_pointers();
    assert_fails(E_BAD_POINTER, Mem_Size(NULL));
    assert_no_size(E_BAD_POINTER, Mem_RegionSize(Mem_DefaultRegion(), NULL));
    assert_list_is(pointer_holes, COUNT(pointer_holes));
    assert_objects_live();
}
END_TEST

START_TEST(test_region_NULL_is_E_BAD_ARGS) {
    int local = 0;
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, NULL));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, &local));
    make_heap_for_pointers();
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, NULL));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, region + A));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, region + HOLE));
    assert_no_size(E_BAD_ARGS, Mem_RegionSize(NULL, region + 1));
    assert_objects_live();
}
END_TEST

/* ---- other regions ---- */

START_TEST(test_pointer_of_another_region_is_E_BAD_POINTER) {
    static char memory[20000];
    make_heap_for_pointers();
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
    tcase_add_test(tests, test_null_before_init_is_E_BAD_POINTER);
    tcase_add_test(tests, test_null_is_E_BAD_POINTER);
    add_tests_of_pointers(tests, is_refused, is_refused_by_region);
    tcase_add_test(tests, test_region_NULL_is_E_BAD_ARGS);
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
