/*
 * test_forgotten.c - a placed region whose memory is used for something else before
 * Mem_RegionDestroy is a mistake of the program's, and still nothing hangs, and the other
 * regions that were mapped come through fork() whole.
 *
 * fork() looks at the locks of the regions that threads have used, and those of placed regions
 * lie in the memory that the program has taken back.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "children.h"
#include "hammers.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA = 16 * KIB };

static char arena[ARENA];

/* ---- a process with threads ---- */

/* A call takes the lock of its region, and lists it for fork(), only when the process has ever had
 * a second thread. */
static void *nothing(void *argument) {
    return argument;
}

static void use(Mem_Region *one) {
    void *object = Mem_RegionAlloc(one, 100, FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    ck_assert_int_eq(Mem_RegionFree(one, object), 0);
}

static Mem_Region *placed_and_used(char *memory, size_t size) {
    Mem_Region *one = Mem_RegionPlace(memory, size);
    ck_assert_ptr_nonnull(one);
    use(one);
    return one;
}

static Mem_Region *usable;

static enum trouble use_in_child(void) {
    void *object = Mem_RegionAlloc(usable, 100, FIRSTFIT);
    return object != NULL && Mem_RegionFree(usable, object) == 0 ? NONE : NOT_USABLE;
}

/* Forks, and has the child use a region. */
static void assert_fork_leaves_usable(Mem_Region *one) {
    usable = one;
    ck_assert_int_eq(in_child(use_in_child), NONE);
}

static Mem_Region *busy;

/* Keeps the lock of a region busy, so that a fork() that does not take it is found out. */
static int churn(int i) {
    (void)i;
    return Mem_RegionFree(busy, Mem_RegionAlloc(busy, 1000, WORSTFIT)) != 0;
}

static void assert_forks_leave_whole(Mem_Region *one) {
    busy = one;
    start_hammer(churn);
    for (int n = 0; n < rounds(200); n++)
        assert_fork_leaves_usable(busy);
    stop_hammers();
    ck_assert_int_eq(Mem_RegionCheck(busy), 0);
    ck_assert_int_eq(Mem_RegionDestroy(busy), 0);
}

static void assert_forks_leave_busy_region_whole(void) {
    assert_forks_leave_whole(make_region(CREATED));
}

/* ---- the mistakes ---- */

START_TEST(test_memory_may_be_placed_again_and_again) {
    join_thread(start_thread(nothing, NULL));
    for (int n = 0; n < 100; n++)
        placed_and_used(arena, ARENA);
    assert_fork_leaves_usable(placed_and_used(arena, ARENA));
    assert_forks_leave_busy_region_whole();
}
END_TEST

START_TEST(test_one_region_may_take_the_place_of_many) {
    join_thread(start_thread(nothing, NULL));
    for (size_t i = 0; i < 4; i++)
        placed_and_used(arena + i * (ARENA / 4), ARENA / 4);
    Mem_Region *other = Mem_RegionCreate(REGION);
    use(other);
    Mem_Region *whole = placed_and_used(arena, ARENA);
    assert_fork_leaves_usable(whole);
    assert_fork_leaves_usable(other);
    ck_assert_int_eq(Mem_RegionDestroy(whole), 0);
    assert_forks_leave_busy_region_whole();
}
END_TEST

static const int junk[] = {0, 1, 0x7f, 0xa5, 0xff};

START_TEST(test_memory_that_was_overwritten_keeps_no_fork_waiting) {
    join_thread(start_thread(nothing, NULL));
    placed_and_used(arena, ARENA);
    memset(arena, junk[_i], ARENA);
    assert_forks_leave_busy_region_whole();
    assert_fork_leaves_usable(placed_and_used(arena, ARENA));
}
END_TEST

START_TEST(test_memory_that_was_overwritten_can_be_placed_again_beside_others) {
    static char beside[2][ARENA];
    join_thread(start_thread(nothing, NULL));
    Mem_Region *older = placed_and_used(beside[0], ARENA);
    placed_and_used(arena, ARENA);
    Mem_Region *newer = placed_and_used(beside[1], ARENA);
    memset(arena, junk[_i], ARENA);
    Mem_Region *again = placed_and_used(arena, ARENA);
    assert_fork_leaves_usable(newer);
    assert_fork_leaves_usable(again);
    use(older);
    ck_assert_int_eq(Mem_RegionDestroy(newer), 0);
    ck_assert_int_eq(Mem_RegionDestroy(older), 0);
    assert_fork_leaves_usable(again);
    ck_assert_int_eq(Mem_RegionDestroy(again), 0);
    assert_forks_leave_busy_region_whole();
}
END_TEST

/* Such as an array that begins where the region did. */
START_TEST(test_memory_whose_front_was_overwritten_keeps_no_fork_waiting) {
    join_thread(start_thread(nothing, NULL));
    Mem_Region *other = make_region(CREATED);
    for (size_t bytes = 4; bytes <= 600; bytes += 4) {
        placed_and_used(arena, ARENA);
        memset(arena, 0x55, bytes);
        assert_fork_leaves_usable(other);
    }
    assert_fork_leaves_usable(placed_and_used(arena, ARENA));
}
END_TEST

START_TEST(test_place_that_is_refused_leaves_the_region_that_is_there_to_fork) {
    join_thread(start_thread(nothing, NULL));
    Mem_Region *one = placed_and_used(arena, ARENA);
    for (size_t size = 0; size <= 320; size++)
        assert_refused(E_BAD_ARGS, Mem_RegionPlace(arena, size));
    assert_forks_leave_whole(one);
}
END_TEST

START_TEST(test_process_with_one_thread_may_forget_what_it_placed) {
    char *memory = malloc(ARENA);
    ck_assert_ptr_nonnull(memory);
    placed_and_used(memory, ARENA);
    free(memory);
    join_thread(start_thread(nothing, NULL));
    assert_forks_leave_busy_region_whole();
}
END_TEST

int main(void) {
    TCase *tests = new_case("forgotten regions");
    const int count = COUNT(junk);

    tcase_add_test(tests, test_place_that_is_refused_leaves_the_region_that_is_there_to_fork);
    if (!watched()) { /* by tools that report the mistake */
        tcase_add_test(tests, test_memory_may_be_placed_again_and_again);
        tcase_add_test(tests, test_memory_whose_front_was_overwritten_keeps_no_fork_waiting);
        tcase_add_test(tests, test_one_region_may_take_the_place_of_many);
        tcase_add_loop_test(tests, test_memory_that_was_overwritten_keeps_no_fork_waiting, 0,
                            count);
        tcase_add_loop_test(
            tests, test_memory_that_was_overwritten_can_be_placed_again_beside_others, 0, count);
        tcase_add_test(tests, test_process_with_one_thread_may_forget_what_it_placed);
    }
    return run_case(tests);
}
