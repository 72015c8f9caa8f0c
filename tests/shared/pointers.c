/*
 * pointers.c - bad pointers, one kind a test, and all of them; see pointers.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "pointers.h"

#include <limits.h>
#include <stdlib.h>

/* ---- the heap ---- */

const struct chunk pointer_holes[3] = {{HOLE, C - HOLE}, {SLIT, E - SLIT}, {TAIL, REGION - TAIL}};

static const struct chunk objects[] = {{A, HOLE - A}, {C, SLIT - C}, {E, TAIL - E}};

void make_heap_for_pointers(void) {
    init_region(REGION);
    leave_free(pointer_holes, COUNT(pointer_holes));
    for (size_t i = 0; i < COUNT(objects); i++)
        fill(region + objects[i].offset, (size_t)objects[i].size, objects[i].offset);
}

void assert_objects_live(void) {
    for (size_t i = 0; i < COUNT(objects); i++) {
        const struct chunk o = objects[i];
        ck_assert_int_eq(Mem_Size(region + o.offset), o.size);
        ck_assert_uint_eq(Mem_RegionSize(Mem_DefaultRegion(), region + o.offset), (size_t)o.size);
        ck_assert(holds(region + o.offset, (size_t)o.size, o.offset));
    }
    assert_sound();
    assert_succeeds(release(C));
    assert_list({HOLE, E - HOLE}, pointer_holes[2]);
    assert_succeeds(release(A));
    assert_list({A, E - A}, pointer_holes[2]);
    assert_succeeds(release(E));
    assert_list({0, REGION});
}

/* ---- the call ---- */

/* The call under test, without a region and with one. */
enum { FORMS = 2 };
static bool (*forms[FORMS])(void *pointer);

/* The form that the test is about. */
static bool (*is_refused)(void *pointer);

static void make_heap_in_form(int form) {
    is_refused = forms[form];
    make_heap_for_pointers();
}

static void assert_pointer_refused(void *pointer) {
    if (!is_refused(pointer))
        ck_abort_msg("%p is not refused, at offset %td", pointer,
                     (intptr_t)((uintptr_t)pointer - (uintptr_t)region));
}

/* Asserts that the pointer is refused, and the free list as it was. */
static void assert_bad(void *pointer) {
    assert_pointer_refused(pointer);
    assert_list_is(pointer_holes, COUNT(pointer_holes));
}

/* ---- one kind a test ---- */

START_TEST(test_any_pointer_before_init_is_E_BAD_POINTER) {
    int local = 0;
    is_refused = forms[0];
    void *pointers[] = {&local,       &region,    (void *)1,   (void *)16,
                        (void *)4096, (void *)-1, (void *)-16, (void *)UINTPTR_MAX};
    for (size_t i = 0; i < COUNT(pointers); i++)
        assert_pointer_refused(pointers[i]);
}
END_TEST

START_TEST(test_freed_pointer_is_E_BAD_POINTER) {
    make_heap_in_form(_i);
    assert_bad(address(HOLE));
    assert_bad(address(SLIT));
    assert_bad(address(TAIL));
    assert_bad(address(HOLE));
    assert_objects_live();
    assert_pointer_refused(address(A));
    assert_pointer_refused(address(C));
    assert_pointer_refused(address(E));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_stale_pointer_into_a_new_object_is_E_BAD_POINTER) {
    make_heap_in_form(_i);
    assert_succeeds(release(C));
    assert_placed(HOLE, E - HOLE, FIRSTFIT); /* over the old starts C and SLIT */
    assert_pointer_refused(address(C));
    assert_pointer_refused(address(SLIT));
    assert_list(pointer_holes[2]);
    ck_assert_int_eq(Mem_Size(address(HOLE)), E - HOLE);
    assert_succeeds(release(HOLE));
    assert_list({HOLE, E - HOLE}, pointer_holes[2]);
}
END_TEST

START_TEST(test_interior_pointer_is_E_BAD_POINTER) {
    const int steps[] = {1, 2, 4, 8, 12, 15, 16, 17, 24, 32, 47};
    make_heap_in_form(_i);
    for (size_t i = 0; i < COUNT(objects); i++) {
        const int start = objects[i].offset, end = start + objects[i].size;
        for (size_t j = 0; j < COUNT(steps); j++)
            assert_bad(address(start + steps[j]));
        assert_bad(address((start + end) / 2 / GRANULE * GRANULE));
        assert_bad(address(end - GRANULE));
        assert_bad(address(end - 1));
    }
    assert_objects_live();
}
END_TEST

START_TEST(test_pointer_into_free_space_is_E_BAD_POINTER) {
    make_heap_in_form(_i);
    for (size_t i = 0; i < COUNT(pointer_holes); i++) {
        const int start = pointer_holes[i].offset, end = start + pointer_holes[i].size;
        assert_bad(address(start)); /* the node itself */
        assert_bad(address(start + 1));
        assert_bad(address(start + 8));
        assert_bad(address(end - GRANULE));
        assert_bad(address(end - 1));
    }
    assert_bad(address(TAIL + GRANULE));
    assert_bad(address(REGION / 2));
    assert_objects_live();
}
END_TEST

START_TEST(test_pointer_next_to_the_region_is_E_BAD_POINTER) {
    const intptr_t distances[] = {1, 8, 15, 16, 17, 32, 1024, 4096, REGION, 2 * REGION};
    make_heap_in_form(_i);
    for (size_t i = 0; i < COUNT(distances); i++) {
        assert_bad(address(-distances[i]));
        assert_bad(address(REGION + distances[i]));
    }
    assert_bad(address(REGION));
    assert_objects_live();
}
END_TEST

/* Bits of the map behind the last granule must not look like an object. */
START_TEST(test_end_of_a_full_region_is_E_BAD_POINTER) {
    is_refused = forms[_i];
    init_region(REGION);
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, GRANULE, FIRSTFIT);
    assert_pointer_refused(address(REGION));
    assert_pointer_refused(address(-GRANULE));
    assert_pointer_refused(address(REGION - 1));
    assert_nothing_free();
    assert_succeeds(release(REGION - GRANULE));
    assert_list({REGION - GRANULE, GRANULE});
    assert_succeeds(release(0));
    assert_list({0, REGION});
}
END_TEST

/* Offsets that would look like an object's if only 31, 32 or 36 bits of them (32 of their granules)
 * were checked. */
START_TEST(test_pointer_far_from_the_region_is_E_BAD_POINTER) {
    make_heap_in_form(_i);
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

    make_heap_in_form(_i);
    assert_bad(&global);
    assert_bad(&local);
    assert_bad(elsewhere);
    assert_bad((void *)(uintptr_t)literal);
    assert_bad((void *)(uintptr_t)&Mem_Free);
    assert_objects_live();
    free(elsewhere);
}
END_TEST

START_TEST(test_no_address_at_all_is_E_BAD_POINTER) {
    make_heap_in_form(_i);
    for (uintptr_t i = 1; i <= 64; i++) {
        assert_bad((void *)i);
        assert_bad((void *)(UINTPTR_MAX - i + 1));
    }
    assert_bad((void *)(UINTPTR_MAX / 2));
    assert_bad((void *)(UINTPTR_MAX / 2 + 1));
    assert_objects_live();
}
END_TEST

/* ---- all of them ---- */

START_TEST(test_no_address_but_the_start_of_an_object_is_taken) {
    make_heap_in_form(_i);
    for (int offset = -REGION; offset < 2 * REGION; offset++)
        if (offset != A && offset != C && offset != E && !is_refused(address(offset)))
            ck_abort_msg("the address at offset %d is not refused", offset);
    assert_list_is(pointer_holes, COUNT(pointer_holes));
    assert_objects_live();
}
END_TEST

void add_tests_of_pointers(TCase *tests, bool (*without_region)(void *pointer),
                           bool (*with_region)(void *pointer)) {
    forms[0] = without_region;
    forms[1] = with_region;
    tcase_add_test(tests, test_any_pointer_before_init_is_E_BAD_POINTER);
    tcase_add_loop_test(tests, test_freed_pointer_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_stale_pointer_into_a_new_object_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_interior_pointer_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_pointer_into_free_space_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_pointer_next_to_the_region_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_end_of_a_full_region_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_pointer_far_from_the_region_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_memory_of_others_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_no_address_at_all_is_E_BAD_POINTER, 0, FORMS);
    tcase_add_loop_test(tests, test_no_address_but_the_start_of_an_object_is_taken, 0, FORMS);
}
