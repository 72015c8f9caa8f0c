/*
 * test_free.c - Mem_Free and Mem_RegionFree: they take NULL and the start of a live object, and
 * detect every other pointer without harm to the heap.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "pointers.h"

#include <limits.h>

/* ---- what may be freed ---- */

START_TEST(test_null_is_allowed_before_init) {
    assert_succeeds(Mem_Free(NULL));
}
END_TEST

START_TEST(test_null_is_allowed_and_changes_nothing) {
    make_heap_for_pointers();
    assert_succeeds(Mem_Free(NULL));
    assert_list_is(pointer_holes, COUNT(pointer_holes));
    assert_objects_live();
    assert_succeeds(Mem_Free(NULL));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_each_object_can_be_freed_once) {
    make_heap_for_pointers();
    assert_objects_live();
    for (size_t i = 0; i < 3; i++)
        assert_fails(E_BAD_POINTER, release((const int[]){A, C, E}[i]));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_address_can_be_freed_again_once_it_was_allocated_again) {
    make_heap_for_pointers();
    for (int i = 0; i < 3; i++) {
        assert_placed(HOLE, C - HOLE, FIRSTFIT);
        assert_succeeds(release(HOLE));
        assert_fails(E_BAD_POINTER, release(HOLE));
        assert_list_is(pointer_holes, COUNT(pointer_holes));
    }
}
END_TEST

/* ---- what may not ---- */

START_TEST(test_double_free_is_E_BAD_POINTER) {
    make_heap_for_pointers();
    for (size_t i = 0; i < 3; i++) {
        assert_fails(E_BAD_POINTER, release((const int[]){HOLE, SLIT, HOLE}[i]));
        assert_list_is(pointer_holes, COUNT(pointer_holes));
    }
    assert_objects_live();
}
END_TEST

START_TEST(test_double_free_is_found_after_the_chunk_has_joined_others) {
    make_heap_for_pointers();
    assert_succeeds(release(C));
    for (size_t i = 0; i < 3; i++) {
        assert_fails(E_BAD_POINTER, release((const int[]){C, HOLE, SLIT}[i]));
        assert_list({HOLE, E - HOLE}, pointer_holes[2]);
    }
    assert_succeeds(release(E));
    assert_fails(E_BAD_POINTER, release(E));
    assert_succeeds(release(A));
    assert_fails(E_BAD_POINTER, release(A));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_double_free_is_found_while_others_allocate_in_between) {
    make_heap_for_pointers();
    assert_placed(SLIT, E - SLIT, BESTFIT);
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_succeeds(release(SLIT));
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_list_is(pointer_holes, COUNT(pointer_holes));
}
END_TEST

START_TEST(test_pointers_are_told_apart_in_a_region_of_INT_MAX) {
    init_region(INT_MAX);
    const int half = 1 << 30, last = INT_MAX - (GRANULE - 1);
    assert_placed(0, half, FIRSTFIT);
    assert_placed(half, last - half, FIRSTFIT);
    assert_placed(last, GRANULE, FIRSTFIT);
    const intptr_t bad[] = {GRANULE,        half - GRANULE,           half + 1,
                            half + GRANULE, last - GRANULE,           last + 1,
                            last + 8,       (intptr_t)last + GRANULE, (intptr_t)half + last};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_fails(E_BAD_POINTER, Mem_Free(address(bad[i])));
    assert_nothing_free();
    assert_succeeds(release(half));
    assert_list({half, last - half});
    assert_succeeds(release(last));
    assert_list({half, half});
    assert_succeeds(release(0));
    assert_fails(E_BAD_POINTER, release(0));
    assert_list({0, last});
}
END_TEST

static bool is_refused(void *pointer) {
    m_error = 0;
    return Mem_Free(pointer) == -1 && m_error == E_BAD_POINTER;
}

static bool is_refused_by_region(void *pointer) {
    m_error = 0;
    return Mem_RegionFree(Mem_DefaultRegion(), pointer) == -1 && m_error == E_BAD_POINTER;
}

int main(void) {
    TCase *tests = new_case("free");

    tcase_add_test(tests, test_null_is_allowed_before_init);
    tcase_add_test(tests, test_null_is_allowed_and_changes_nothing);
    tcase_add_test(tests, test_each_object_can_be_freed_once);
    tcase_add_test(tests, test_address_can_be_freed_again_once_it_was_allocated_again);
    tcase_add_test(tests, test_double_free_is_E_BAD_POINTER);
    tcase_add_test(tests, test_double_free_is_found_after_the_chunk_has_joined_others);
    tcase_add_test(tests, test_double_free_is_found_while_others_allocate_in_between);
    add_tests_of_pointers(tests, is_refused, is_refused_by_region);
    if (can_map_int_max())
        tcase_add_test(tests, test_pointers_are_told_apart_in_a_region_of_INT_MAX);
    return run_case(tests);
}
