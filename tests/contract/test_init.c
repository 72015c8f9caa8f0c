/*
 * test_init.c - Mem_Init: which sizes it takes, that it works once, and that
 * a call that failed changes nothing.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- sizes ---- */

START_TEST(test_size_is_rounded_up_to_whole_pages) {
    const int p = (int)page();
    const struct {
        int asked, given;
    } sizes[] = {{1, p}, {15, p}, {p - 1, p}, {p, p}, {p + 1, 2 * p}, {255 * p + 17, 256 * p}};

    init_region(sizes[_i].asked);
    assert_list({0, sizes[_i].given});
}
END_TEST

START_TEST(test_every_byte_is_allocatable_and_writable) {
    const int sizes[] = {4096, 8192, 1 << 20};

    init_region(sizes[_i]);
    const int size = Mem_FreeList()->size;
    unsigned char *object = Mem_Alloc(size, FIRSTFIT);
    ck_assert_ptr_eq(object, region);
    assert_nothing_free();
    memset(object, 0xa5, (size_t)size);
    for (int i = 0; i < size; i++)
        if (object[i] != 0xa5)
            ck_abort_msg("byte %d is %#x", i, object[i]);
    assert_succeeds(Mem_Free(object));
    assert_list({0, size});
}
END_TEST

START_TEST(test_one_page_asked_is_one_page_to_allocate) {
    init_region(4096);
    ck_assert_ptr_nonnull(Mem_Alloc(4096, FF));
}
END_TEST

/* For every size, the index covers the region to its last granule: as an object, as a chunk, and
 * joined. */
START_TEST(test_regions_of_all_sizes_work_to_their_last_granule) {
    const int size = _i * (int)page(), last = size - GRANULE;

    init_region(size);
    assert_placed(0, last, FIRSTFIT);
    assert_placed(last, GRANULE, FIRSTFIT);
    assert_nothing_free();
    assert_succeeds(release(last));
    assert_list({last, GRANULE});
    assert_placed(last, GRANULE, WORSTFIT);
    assert_succeeds(release(0));
    assert_list({0, last});
    assert_succeeds(release(last));
    assert_list({0, size});
    assert_sound();
}
END_TEST

/* The largest sizes, those that round up past INT_MAX among them. */
START_TEST(test_sizes_next_to_INT_MAX_work) {
    const int p = (int)page();
    const int sizes[] = {INT_MAX, INT_MAX - 1, INT_MAX - p + 1, INT_MAX - p, INT_MAX - p - 1};

    init_region(sizes[_i]);
    const int shown = region_size > INT_MAX ? INT_MAX & ~(GRANULE - 1) : (int)region_size;
    assert_list({0, shown});
    assert_placed(0, GRANULE, FIRSTFIT);
    region[0] = 1;
    const int rest = (int)(region_size - GRANULE);
    assert_list({GRANULE, rest});
    assert_placed(GRANULE, rest, WORSTFIT);
    region[region_size - 1] = 1;
    assert_nothing_free();
    assert_sound();
}
END_TEST

START_TEST(test_size_of_zero_or_less_is_E_BAD_ARGS) {
    const int sizes[] = {0, -1, -16, -4096, INT_MIN + 1, INT_MIN};

    assert_fails(E_BAD_ARGS, Mem_Init(sizes[_i]));
    ck_assert_ptr_null(Mem_FreeList());
    assert_refused(E_NO_SPACE, Mem_Alloc(16, FF));
}
END_TEST

/* ---- once ---- */

START_TEST(test_success_leaves_m_error_alone) {
    assert_succeeds(Mem_Init(REGION));
}
END_TEST

START_TEST(test_second_init_is_E_BAD_ARGS_and_changes_nothing) {
    init_region(REGION);
    assert_placed(0, 48, FIRSTFIT);
    const int sizes[] = {REGION, 1, INT_MAX, 0, -1};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_fails(E_BAD_ARGS, Mem_Init(sizes[i]));
        ck_assert_ptr_eq(Mem_FreeList(), region + 48);
        assert_list({48, REGION - 48});
    }
    assert_succeeds(release(0));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_init_is_refused_even_when_everything_is_allocated) {
    init_region(REGION);
    assert_placed(0, REGION, FIRSTFIT);
    assert_fails(E_BAD_ARGS, Mem_Init(REGION));
    assert_nothing_free();
    assert_succeeds(release(0));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_init_works_after_calls_that_failed) {
    assert_fails(E_BAD_ARGS, Mem_Init(0));
    assert_fails(E_BAD_ARGS, Mem_Init(INT_MIN));
    assert_refused(E_NO_SPACE, Mem_Alloc(16, FF));
    assert_fails(E_BAD_POINTER, Mem_Free(&region));
    assert_fails(E_BAD_ARGS, Mem_Check());
    init_region(REGION);
    assert_list({0, REGION});
    assert_placed(0, REGION, FIRSTFIT);
}
END_TEST

static void fail_to_init(void) {
    assert_fails(E_BAD_ARGS, Mem_Init(INT_MAX));
    ck_assert_ptr_null(Mem_FreeList());
}

START_TEST(test_init_works_after_the_system_had_no_memory) {
    with_little_memory(fail_to_init);
    init_region(INT_MAX);
    assert_placed(0, INT_MAX, FIRSTFIT);
}
END_TEST

/* ---- races ---- */

enum { RACERS = 8 };

struct racer {
    pthread_t thread;
    int result, error;
};

static void *race(void *argument) {
    struct racer *self = argument;
    meet(RACERS);
    self->result = Mem_Init(REGION);
    self->error = m_error;
    return NULL;
}

/* Every racer spins at the line until all are there; each run of the test is
 * another race. */
START_TEST(test_of_calls_that_race_exactly_one_succeeds) {
    struct racer racers[RACERS];
    int winners = 0;

    for (int i = 0; i < RACERS; i++)
        racers[i].thread = start_thread(race, &racers[i]);
    for (int i = 0; i < RACERS; i++) {
        join_thread(racers[i].thread);
        winners += racers[i].result == 0;
        ck_assert_int_eq(racers[i].error, racers[i].result == 0 ? 0 : E_BAD_ARGS);
    }
    ck_assert_int_eq(winners, 1);
    region = (char *)Mem_FreeList();
    region_size = REGION;
    assert_list({0, REGION});
    assert_placed(0, REGION, FIRSTFIT);
}
END_TEST

int main(void) {
    TCase *tests = new_case("init");

    tcase_add_loop_test(tests, test_size_is_rounded_up_to_whole_pages, 0, 6);
    tcase_add_loop_test(tests, test_every_byte_is_allocatable_and_writable, 0, 3);
    tcase_add_loop_test(tests, test_regions_of_all_sizes_work_to_their_last_granule, 1,
                        rounds(300));
    tcase_add_test(tests, test_one_page_asked_is_one_page_to_allocate);
    if (can_map_int_max())
        tcase_add_loop_test(tests, test_sizes_next_to_INT_MAX_work, 0, 5);
    tcase_add_loop_test(tests, test_size_of_zero_or_less_is_E_BAD_ARGS, 0, 6);
    tcase_add_test(tests, test_success_leaves_m_error_alone);
    tcase_add_test(tests, test_second_init_is_E_BAD_ARGS_and_changes_nothing);
    tcase_add_test(tests, test_init_is_refused_even_when_everything_is_allocated);
    tcase_add_test(tests, test_init_works_after_calls_that_failed);
    if (can_map_int_max() &&
        !light()) /* a sanitizer's or an emulator's own memory exceeds any limit */
        tcase_add_test(tests, test_init_works_after_the_system_had_no_memory);
    tcase_add_loop_test(tests, test_of_calls_that_race_exactly_one_succeeds, 0, rounds(50));
    return run_case(tests);
}
