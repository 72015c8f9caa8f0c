/*
 * test_free.c - Mem_Free: it takes NULL and the start of a live object, and
 * detects every other pointer without harm to the heap.
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

/* The pointer is refused and the free list is as it was. */
#define assert_bad(pointer)                                                                        \
    do {                                                                                           \
        assert_fails(E_BAD_POINTER, Mem_Free(pointer));                                            \
        assert_list_is(holes, COUNT(holes));                                                       \
    } while (0)

/* The three objects are live still: each can be freed, once. */
static void assert_objects_live(void) {
    assert_sound();
    assert_succeeds(release(C));
    assert_list({HOLE, E - HOLE}, holes[2]);
    assert_succeeds(release(A));
    assert_list({A, E - A}, holes[2]);
    assert_succeeds(release(E));
    assert_list({0, REGION});
}

/* ---- what may be freed ---- */

START_TEST(test_null_is_allowed_before_init) {
    assert_succeeds(Mem_Free(NULL));
}
END_TEST

START_TEST(test_null_is_allowed_and_changes_nothing) {
    make_heap();
    assert_succeeds(Mem_Free(NULL));
    assert_list_is(holes, COUNT(holes));
    assert_objects_live();
    assert_succeeds(Mem_Free(NULL));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_each_object_can_be_freed_once) {
    make_heap();
    assert_objects_live();
    for (size_t i = 0; i < 3; i++)
        assert_fails(E_BAD_POINTER, release((const int[]){A, C, E}[i]));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_address_can_be_freed_again_once_it_was_allocated_again) {
    make_heap();
    for (int i = 0; i < 3; i++) {
        assert_placed(HOLE, C - HOLE, FIRSTFIT);
        assert_succeeds(release(HOLE));
        assert_bad(address(HOLE));
    }
}
END_TEST

/* ---- what may not: one kind a test ---- */

START_TEST(test_any_pointer_before_init_is_E_BAD_POINTER) {
    int local = 0;
    void *pointers[] = {&local,       &region,    (void *)1,   (void *)16,
                        (void *)4096, (void *)-1, (void *)-16, (void *)UINTPTR_MAX};
    for (size_t i = 0; i < COUNT(pointers); i++)
        assert_fails(E_BAD_POINTER, Mem_Free(pointers[i]));
}
END_TEST

START_TEST(test_double_free_is_E_BAD_POINTER) {
    make_heap();
    assert_bad(address(HOLE));
    assert_bad(address(SLIT));
    assert_bad(address(HOLE));
    assert_objects_live();
}
END_TEST

START_TEST(test_double_free_is_found_after_the_chunk_has_joined_others) {
    make_heap();
    assert_succeeds(release(C));
    for (size_t i = 0; i < 3; i++) {
        assert_fails(E_BAD_POINTER, release((const int[]){C, HOLE, SLIT}[i]));
        assert_list({HOLE, E - HOLE}, holes[2]);
    }
    assert_succeeds(release(E));
    assert_fails(E_BAD_POINTER, release(E));
    assert_succeeds(release(A));
    assert_fails(E_BAD_POINTER, release(A));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_double_free_is_found_while_others_allocate_in_between) {
    make_heap();
    assert_placed(SLIT, E - SLIT, BESTFIT);
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_succeeds(release(SLIT));
    assert_bad(address(HOLE));
}
END_TEST

START_TEST(test_stale_pointer_into_a_new_object_is_E_BAD_POINTER) {
    make_heap();
    assert_succeeds(release(C));
    assert_placed(HOLE, E - HOLE, FIRSTFIT); /* over the old starts C and SLIT */
    assert_fails(E_BAD_POINTER, release(C));
    assert_fails(E_BAD_POINTER, release(SLIT));
    assert_list(holes[2]);
    assert_succeeds(release(HOLE));
    assert_list({HOLE, E - HOLE}, holes[2]);
}
END_TEST

START_TEST(test_interior_pointer_is_E_BAD_POINTER) {
    const int starts[] = {A, C, E}, ends[] = {HOLE, SLIT, TAIL};
    const int steps[] = {1, 2, 4, 8, 12, 15, 16, 17, 24, 32, 47};
    make_heap();
    for (size_t i = 0; i < COUNT(starts); i++) {
        for (size_t j = 0; j < COUNT(steps); j++)
            assert_bad(address(starts[i] + steps[j]));
        assert_bad(address((starts[i] + ends[i]) / 2 / GRANULE * GRANULE));
        assert_bad(address(ends[i] - GRANULE));
        assert_bad(address(ends[i] - 1));
    }
    assert_objects_live();
}
END_TEST

START_TEST(test_pointer_into_free_space_is_E_BAD_POINTER) {
    make_heap();
    for (size_t i = 0; i < COUNT(holes); i++) {
        assert_bad(address(holes[i].offset)); /* the node itself */
        assert_bad(address(holes[i].offset + 1));
        assert_bad(address(holes[i].offset + 8));
        assert_bad(address(holes[i].offset + holes[i].size - GRANULE));
        assert_bad(address(holes[i].offset + holes[i].size - 1));
    }
    assert_bad(address(TAIL + GRANULE));
    assert_bad(address(REGION / 2));
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

START_TEST(test_end_of_a_region_without_free_space_is_E_BAD_POINTER) {
    init_region(REGION);
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, GRANULE, FIRSTFIT);
    assert_fails(E_BAD_POINTER, release(REGION));
    assert_fails(E_BAD_POINTER, release(-GRANULE));
    assert_fails(E_BAD_POINTER, release(REGION - 1));
    assert_nothing_free();
    assert_succeeds(release(REGION - GRANULE));
    assert_list({REGION - GRANULE, GRANULE});
    assert_succeeds(release(0));
    assert_list({0, REGION});
}
END_TEST

/* Offsets that would look like an object's if 31, 32 or 36 bits of them (32 of
 * their granules) were all that was looked at. */
START_TEST(test_pointer_far_from_the_region_is_E_BAD_POINTER) {
    const int shifts[] = {31, 32, 33, 35, 36, 37, 40, 44};
    make_heap();
    for (size_t i = 0; i < COUNT(shifts); i++) {
        if ((size_t)shifts[i] >= 8 * sizeof(intptr_t) - 1)
            continue;
        const intptr_t distance = (intptr_t)1 << shifts[i];
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
    assert_bad((void *)(uintptr_t)literal);
    assert_bad((void *)(uintptr_t)&Mem_Free);
    assert_objects_live();
    free(elsewhere);
}
END_TEST

START_TEST(test_no_address_at_all_is_E_BAD_POINTER) {
    make_heap();
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

START_TEST(test_no_address_but_the_start_of_an_object_can_be_freed) {
    make_heap();
    for (int offset = -REGION; offset < 2 * REGION; offset++) {
        if (offset == A || offset == C || offset == E)
            continue;
        m_error = 0;
        if (Mem_Free(address(offset)) != -1 || m_error != E_BAD_POINTER)
            ck_abort_msg("the address at offset %d was freed", offset);
    }
    assert_list_is(holes, COUNT(holes));
    assert_objects_live();
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

int main(void) {
    TCase *tests = new_case("free");

    tcase_add_test(tests, test_null_is_allowed_before_init);
    tcase_add_test(tests, test_null_is_allowed_and_changes_nothing);
    tcase_add_test(tests, test_each_object_can_be_freed_once);
    tcase_add_test(tests, test_address_can_be_freed_again_once_it_was_allocated_again);
    tcase_add_test(tests, test_any_pointer_before_init_is_E_BAD_POINTER);
    tcase_add_test(tests, test_double_free_is_E_BAD_POINTER);
    tcase_add_test(tests, test_double_free_is_found_after_the_chunk_has_joined_others);
    tcase_add_test(tests, test_double_free_is_found_while_others_allocate_in_between);
    tcase_add_test(tests, test_stale_pointer_into_a_new_object_is_E_BAD_POINTER);
    tcase_add_test(tests, test_interior_pointer_is_E_BAD_POINTER);
    tcase_add_test(tests, test_pointer_into_free_space_is_E_BAD_POINTER);
    tcase_add_test(tests, test_pointer_next_to_the_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_end_of_a_region_without_free_space_is_E_BAD_POINTER);
    tcase_add_test(tests, test_pointer_far_from_the_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_memory_of_others_is_E_BAD_POINTER);
    tcase_add_test(tests, test_no_address_at_all_is_E_BAD_POINTER);
    tcase_add_test(tests, test_no_address_but_the_start_of_an_object_can_be_freed);
    if (can_map_int_max())
        tcase_add_test(tests, test_pointers_are_told_apart_in_a_region_of_INT_MAX);
    return run_case(tests);
}
