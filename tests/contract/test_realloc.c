/*
 * test_realloc.c - Mem_Realloc and Mem_RegionRealloc: which arguments they take, what they do
 * without an object, that a failure leaves the object as it was, and that it stays in its region.
 * The other test_realloc_*.c are about its place and its contents.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "resizing.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

/* ---- no object yet ---- */

START_TEST(test_null_pointer_is_allocated_where_Mem_Alloc_would) {
    make_heap_for_resizing(_i);
    char *low = resize(NULL, 1, FIRSTFIT);
    ck_assert_ptr_eq(low, region + LOW);
    assert_list({LOW + 16, 80}, resizing_holes[1], resizing_holes[2]);
    ck_assert_ptr_eq(resize(NULL, 97, BESTFIT), region + HOLE);
    assert_list({LOW + 16, 80}, resizing_holes[2]);
    ck_assert_ptr_eq(resize(NULL, 80, WORSTFIT), region + FAR);
    assert_list({LOW + 16, 80}, {FAR + 80, 960});
    assert_others_kept(NOWHERE);
    assert_succeeds(Mem_Free(low));
}
END_TEST

START_TEST(test_null_pointer_is_E_NO_SPACE_when_no_chunk_is_large_enough) {
    make_heap_for_resizing(_i);
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
    make_heap_for_resizing(0);
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
    make_heap_for_resizing(1);
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_BAD_ARGS, resize(region + B, 0, styles[s]));
        assert_refused(E_BAD_ARGS, resize(NULL, 0, styles[s]));
    }
    assert_heap_unchanged();
}
END_TEST

/* The style is checked even if the object stays where it is. */
START_TEST(test_unknown_style_is_E_BAD_ARGS) {
    make_heap_for_resizing(_i);
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
    make_heap_for_resizing(_i);
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
    make_heap_for_resizing(_i);
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
    make_heap_for_resizing(1);
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, NULL, 16, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, region + B, 16, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, region + B, SIZE_MAX, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, region + HOLE, 16, styles[s]));
    }
    assert_heap_unchanged();
}
END_TEST

/* ---- no space ---- */

START_TEST(test_failure_leaves_all_as_it_was) {
    static const int sizes[] = {LAST - FAR + 1, 4096, REGION, REGION + 1, INT_MAX - 15, INT_MAX};
    make_heap_for_resizing(_i / STYLES);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_refused(E_NO_SPACE, resize(region + A, sizes[i], styles[_i % STYLES]));
        assert_refused(E_NO_SPACE, resize(region + B, sizes[i], styles[_i % STYLES]));
    }
    assert_refused(E_NO_SPACE, resize(region + LAST, REGION - LAST + 1, styles[_i % STYLES]));
    assert_heap_unchanged();
}
END_TEST

/* The chunk before the object would be large enough only together with the object's own bytes, or
 * with the chunk behind it. */
START_TEST(test_chunk_before_the_object_alone_must_be_large_enough) {
    const int style = styles[_i % STYLES];
    make_heap_for_resizing(_i / STYLES);
    assert_placed(FAR, LAST - FAR, WORSTFIT);
    assert_succeeds(release(A));
    const struct chunk left[] = {{LOW, B}, resizing_holes[1]};
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

/* Sizes that would look small if only 31 to 36 bits of them were checked, or if rounding them up to
 * granules overflowed. */
START_TEST(test_size_that_no_int_holds_is_E_NO_SPACE) {
    make_heap_for_resizing(1);
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

/* ---- other regions ---- */

START_TEST(test_pointer_of_another_region_is_E_BAD_POINTER) {
    make_heap_for_resizing(1);
    Mem_Region *const r[] = {Mem_DefaultRegion(), make_region(CREATED), make_region(PLACED)};
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

/* However much room another region has. */
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
    assert_list_in(other, first, {0, 48}, {48 + REGION / 2 + 112, REGION / 2 - 160});
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
    assert_list_in(placed, start, {(int)size - 16, 16});
    ck_assert(holds(start, size - 16, 8));
    ck_assert(is_all(memory, 0x5a, EDGE));
    ck_assert(is_all(memory + EDGE + SIZE, 0x5a, EDGE));
    assert_succeeds(Mem_RegionDestroy(placed));
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
    tcase_add_loop_test(tests, test_failure_leaves_all_as_it_was, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_chunk_before_the_object_alone_must_be_large_enough, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_cannot_grow_in_a_full_region, 0, CALLS);
    tcase_add_test(tests, test_size_that_no_int_holds_is_E_NO_SPACE);
    tcase_add_test(tests, test_pointer_of_another_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_object_stays_in_its_region);
    tcase_add_test(tests, test_object_in_a_region_at_an_odd_address);
    return run_case(tests);
}
