/*
 * test_forgotten.c - a placed region is forgotten when its memory is used for something else, or is
 * gone: fork() and calls on other regions neither read nor write that memory, and Mem_RegionPlace
 * trusts nothing in it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "children.h"
#include "hammers.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARENA = 16 * KIB };

static char arena[ARENA];

/* ---- a process with threads ---- */

/* A call takes the lock of its region only when the process has ever had a second thread. */
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

/* Keeps the lock of a region busy, so that a fork() that does not take it is noticed. */
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

/* With another region, which would be forgotten if the library trusted the bytes. */
START_TEST(test_region_whose_memory_was_overwritten_can_be_ended) {
    static char beside[ARENA];
    Mem_Region *other = placed_and_used(beside, ARENA);
    Mem_Region *one = placed_and_used(arena, ARENA);
    memset(arena, junk[_i], ARENA);
    assert_succeeds(Mem_RegionDestroy(one));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(one));
    ck_assert(is_all(arena, junk[_i], ARENA));
    use(other);
    ck_assert_int_eq(Mem_RegionDestroy(other), 0);
}
END_TEST

/* As by an array that begins where the region did. */
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

/* ---- memory that cannot be touched ---- */

enum { READ_ONLY, FORBIDDEN, UNMAPPED, NOT_IN_CHILD, WIPED_IN_CHILD, WAYS };

static void *map_arena(void) {
    void *memory = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    return memory;
}

/* Takes the memory of a region away; false when the system does not know this way. */
static bool take_away(void *memory, int way) {
    switch (way) {
    case READ_ONLY:
        return mprotect(memory, ARENA, PROT_READ) == 0;
    case FORBIDDEN:
        return mprotect(memory, ARENA, PROT_NONE) == 0;
    case UNMAPPED:
        return munmap(memory, ARENA) == 0;
#ifdef MADV_DONTFORK
    case NOT_IN_CHILD:
        return madvise(memory, ARENA, MADV_DONTFORK) == 0;
#endif
#ifdef MADV_WIPEONFORK
    case WIPED_IN_CHILD:
        return madvise(memory, ARENA, MADV_WIPEONFORK) == 0;
#endif
    default:
        return false;
    }
}

/* Of regions made before the memory was taken away, and after. */
START_TEST(test_fork_and_other_regions_do_not_touch_memory_that_was_taken_away) {
    static char beside[2][ARENA];
    join_thread(start_thread(nothing, NULL));
    Mem_Region *older = placed_and_used(beside[0], ARENA);
    void *memory = map_arena();
    placed_and_used(memory, ARENA);
    if (!take_away(memory, _i))
        return;
    Mem_Region *newer = placed_and_used(beside[1], ARENA);
    use(older);
    assert_fork_leaves_usable(older);
    assert_fork_leaves_usable(newer);
    ck_assert_int_eq(Mem_RegionDestroy(older), 0);
    assert_fork_leaves_usable(newer);
    assert_forks_leave_busy_region_whole();
    ck_assert_int_eq(Mem_RegionDestroy(newer), 0);
}
END_TEST

/* ---- bytes that look like something ---- */

/* Words that an attacker who knows the address could craft: pointers to nowhere and to themselves,
 * small numbers, sums and complements of these. */
static void craft(uintptr_t *words, size_t count, uintptr_t salt) {
    for (size_t i = 0; i < count; i++) {
        const uintptr_t self = (uintptr_t)&words[i];
        const uintptr_t crafted[] = {
            self, UINT32_C(0x41414140), ~(self ^ salt), 0x0101, self - salt, 1, UINTPTR_MAX};
        words[i] = crafted[(i + salt) % COUNT(crafted)];
    }
}

START_TEST(test_crafted_bytes_are_not_believed) {
    static uintptr_t words[ARENA / sizeof(uintptr_t)];
    join_thread(start_thread(nothing, NULL));
    for (uintptr_t salt = 0; salt < 200; salt++) {
        craft(words, COUNT(words), salt);
        Mem_Region *one = placed_and_used((char *)words, sizeof words);
        if (salt % 50 == 0)
            assert_fork_leaves_usable(one);
        if (salt % 2 == 0)
            ck_assert_int_eq(Mem_RegionDestroy(one), 0);
    }
}
END_TEST

START_TEST(test_regions_put_back_from_a_copy_are_not_believed) {
    static char beside[ARENA], copies[2][ARENA];
    join_thread(start_thread(nothing, NULL));
    Mem_Region *one = placed_and_used(arena, ARENA);
    Mem_Region *other = placed_and_used(beside, ARENA);
    memcpy(copies[0], arena, ARENA);
    memcpy(copies[1], beside, ARENA);
    ck_assert_int_eq(Mem_RegionDestroy(one), 0);
    ck_assert_int_eq(Mem_RegionDestroy(other), 0);
    memcpy(arena, copies[0], ARENA);
    memcpy(beside, copies[1], ARENA);
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(one));
    one = placed_and_used(arena, ARENA);
    assert_fork_leaves_usable(one);
    assert_fork_leaves_usable(placed_and_used(beside, ARENA));
    ck_assert_int_eq(Mem_RegionDestroy(one), 0);
    assert_forks_leave_busy_region_whole();
}
END_TEST

/* Uses a region in the memory of a file until it is killed, likely while it owns the lock. */
static _Noreturn void use_until_killed(char *memory, int ready) {
    Mem_Region *one = Mem_RegionPlace(memory, ARENA);
    pthread_t thread;
    pthread_create(&thread, NULL, nothing, NULL);
    const bool told = write(ready, "", 1) == 1;
    while (told)
        Mem_RegionFree(one, Mem_RegionAlloc(one, 100, FIRSTFIT));
    _exit(0);
}

START_TEST(test_file_that_a_killed_process_leaves_is_not_believed) {
    char name[] = "forgotten.XXXXXX", byte;
    int ready[2];
    const int file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    unlink(name);
    ck_assert_int_eq(ftruncate(file, ARENA), 0);
    ck_assert_int_eq(pipe(ready), 0);
    char *memory = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    const pid_t child = fork();
    if (child == 0)
        use_until_killed(memory, ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    join_thread(start_thread(nothing, NULL));
    Mem_Region *one = placed_and_used(memory, ARENA);
    assert_fork_leaves_usable(make_region(CREATED));
    use(one);
    ck_assert_int_eq(Mem_RegionDestroy(one), 0);
}
END_TEST

int main(void) {
    TCase *tests = new_case("forgotten regions");
    const int count = COUNT(junk);

    tcase_add_test(tests, test_place_that_is_refused_leaves_the_region_that_is_there_to_fork);
    if (!watched()) { /* tools would report the mistake */
        tcase_add_test(tests, test_memory_may_be_placed_again_and_again);
        tcase_add_test(tests, test_memory_whose_front_was_overwritten_keeps_no_fork_waiting);
        tcase_add_test(tests, test_one_region_may_take_the_place_of_many);
        tcase_add_loop_test(tests, test_memory_that_was_overwritten_keeps_no_fork_waiting, 0,
                            count);
        tcase_add_loop_test(tests, test_region_whose_memory_was_overwritten_can_be_ended, 0, count);
        tcase_add_loop_test(
            tests, test_memory_that_was_overwritten_can_be_placed_again_beside_others, 0, count);
        tcase_add_test(tests, test_process_with_one_thread_may_forget_what_it_placed);
        tcase_add_loop_test(
            tests, test_fork_and_other_regions_do_not_touch_memory_that_was_taken_away, 0, WAYS);
        tcase_add_test(tests, test_crafted_bytes_are_not_believed);
        tcase_add_test(tests, test_regions_put_back_from_a_copy_are_not_believed);
        tcase_add_test(tests, test_file_that_a_killed_process_leaves_is_not_believed);
    }
    return run_case(tests);
}
