/*
 * test_fork.c - fork() at any moment, also while other threads are in the middle of a call: the
 * child has a whole heap of its own and no lock that stays taken; the parent notices nothing.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "children.h"
#include "hammers.h"

#include <stdatomic.h>
#include <string.h>

enum { THREADS = 3, SIZE = 1 << 20 };

static enum trouble use_heap(void) {
    void *objects[50];
    if (Mem_Check() != 0)
        return NOT_SOUND;
    for (size_t i = 0; i < COUNT(objects); i++) {
        objects[i] = Mem_Alloc(1 + (int)i * 7, (int)i % 3);
        if (objects[i] == NULL)
            return NOT_ALLOCATED;
        memset(objects[i], (int)i, 1 + i * 7);
    }
    for (size_t i = 0; i < COUNT(objects); i++)
        if (Mem_Free(objects[i]) != 0)
            return NOT_FREED;
    Mem_Dump();
    return Mem_Check() == 0 ? NONE : NOT_SOUND;
}

/* ---- threads that never rest ---- */

/* Takes one object and frees it. */
static int use_object(int i) {
    void *object = Mem_Alloc(1 + i % 500, i % 3);
    return object == NULL || Mem_Free(object) != 0;
}

/* Forks again and again while other threads work, and finds no trouble. */
static void fork_among_hammers(int forks, enum trouble (*body)(void)) {
    init_region(SIZE);
    start_hammers(THREADS, use_object);
    for (int i = 0; i < rounds(forks); i++)
        ck_assert_int_eq(in_child(body), NONE);
    stop_hammers();
    assert_list({0, SIZE});
    assert_sound();
}

START_TEST(test_child_of_a_busy_process_can_use_the_heap) {
    fork_among_hammers(200, use_heap);
}
END_TEST

static enum trouble fork_again(void) {
    const enum trouble own = use_heap();
    return own == NONE ? (enum trouble)in_child(use_heap) : own;
}

START_TEST(test_child_can_fork_in_its_turn) {
    fork_among_hammers(30, fork_again);
}
END_TEST

static enum trouble use_heap_in_threads(void) {
    return in_threads(THREADS, use_heap);
}

START_TEST(test_child_can_start_threads) {
    fork_among_hammers(30, use_heap_in_threads);
}
END_TEST

/* ---- handlers of the program ---- */

/* The program's own fork handlers use the heap. One that was registered before the library's runs
 * while the library owns its locks; one registered later does not. */
static int handler_calls, handler_troubles;

static void use_heap_in_handler(void) {
    handler_calls++;
    handler_troubles += use_object(100) || Mem_Check() != 0;
}

static enum trouble use_heap_after_handlers(void) {
    return handler_troubles > 0 ? IN_HANDLER : use_heap();
}

START_TEST(test_handlers_of_the_program_can_use_the_heap) {
    enum { FORKS = 30, HANDLERS = 1 + EARLY };
    set_early_handlers(use_heap_in_handler, use_heap_in_handler);
    pthread_atfork(use_heap_in_handler, use_heap_in_handler, use_heap_in_handler);
    fork_among_hammers(FORKS, use_heap_after_handlers);
    ck_assert_int_eq(handler_troubles, 0);
    ck_assert_int_eq(handler_calls, rounds(FORKS) * 2 * HANDLERS); /* before and after each */
}
END_TEST

/* Forks once in a fork handler, while the outer fork owns the locks. In the child, the outer fork
 * never ends; the heap can be used all the same. */
static void fork_in_handler(void) {
    static bool is_inside;
    if (is_inside)
        return;
    is_inside = true;
    handler_calls++;
    handler_troubles += in_child(use_heap) != NONE;
    handler_troubles += use_object(100);
    is_inside = false;
}

START_TEST(test_handlers_of_the_program_can_fork) {
    enum { FORKS = 30 };
    set_early_handlers(fork_in_handler, NULL);
    fork_among_hammers(FORKS, use_heap_after_handlers);
    ck_assert_int_eq(handler_troubles, 0);
    ck_assert_int_eq(handler_calls, rounds(FORKS));
}
END_TEST

/* Makes the region, and uses it for some time, so that another thread has the chance to come in
 * between. */
static void make_region_and_use_it(void) {
    if (Mem_Init(SIZE) != 0)
        return;
    for (int i = 0; i < rounds(20000); i++)
        handler_troubles += use_object(i);
}

/* As use_object, from before there is a region. */
static int use_object_if_there_is_a_region(int i) {
    void *object = Mem_Alloc(1 + i % 500, i % 3);
    return object != NULL && Mem_Free(object) != 0;
}

/* The fork finds no region to lock at its start, then owns the lock of the one that its handler
 * makes. */
START_TEST(test_region_that_a_handler_makes_is_the_forks_own_until_its_end) {
    set_early_handlers(make_region_and_use_it, NULL);
    start_hammer(use_object_if_there_is_a_region);
    ck_assert_int_eq(in_child(use_heap_after_handlers), NONE);
    stop_hammers();
    ck_assert_int_eq(handler_troubles, 0);
    region = (char *)Mem_FreeList();
    region_size = SIZE;
    assert_list({0, SIZE});
    assert_sound();
}
END_TEST

/* ---- the heap of the child is its own ---- */

static char *kept;

/* Finds the parent's object, frees it, and writes over what was there. */
static enum trouble take_over(void) {
    if (!is_all(kept, 'k', 1000))
        return SPOILT;
    if (Mem_Free(kept) != 0)
        return NOT_FREED;
    if (Mem_Free(kept) != -1)
        return FREED_TWICE;
    if (Mem_Init(4096) != -1)
        return NOT_REFUSED;
    char *again = Mem_Alloc(1000, FIRSTFIT);
    if (again != kept)
        return NOT_ALLOCATED;
    memset(again, 'x', 1000);
    return use_heap();
}

START_TEST(test_child_has_a_copy_and_the_parent_keeps_its_own) {
    init_region(REGION);
    kept = Mem_Alloc(1000, FIRSTFIT);
    memset(kept, 'k', 1000);
    ck_assert_int_eq(in_child(take_over), NONE);
    assert_list({1008, REGION - 1008});
    ck_assert(is_all(kept, 'k', 1000));
    assert_succeeds(Mem_Free(kept));
    assert_list({0, REGION});
}
END_TEST

static enum trouble init_in_child(void) {
    return Mem_Init(REGION) == 0 ? use_heap() : NOT_ALLOCATED;
}

START_TEST(test_child_of_a_process_without_a_region_can_make_its_own) {
    ck_assert_int_eq(in_child(init_in_child), NONE);
    ck_assert_ptr_null(Mem_FreeList());
    init_region(REGION);
    assert_list({0, REGION});
}
END_TEST

/* ---- fork() during Mem_Init ---- */

/* In a race, mprotect is slow, so that the fork happens while Mem_Init makes the guard pages. */
static atomic_bool in_race;

#if defined __linux__ && !SANITIZED
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int mprotect(void *start, size_t size, int protection) {
    if (atomic_load(&in_race))
        usleep(2000);
    return (int)syscall(SYS_mprotect, start, size, protection);
}
#endif

static void init(void *unused) {
    (void)unused;
    Mem_Init(REGION);
}

/* The child sees a whole region, or sees none and can make it. */
static enum trouble use_or_make_heap(void) {
    const bool made = Mem_Init(REGION) == 0;
    if (!made && Mem_FreeList() == NULL)
        return NOT_ALLOCATED;
    return use_heap();
}

START_TEST(test_fork_while_another_thread_is_in_init) {
    atomic_store(&in_race, true);
    ck_assert_int_eq(in_child_amid(use_or_make_heap, init, NULL), NONE);
    region = (char *)Mem_FreeList();
    region_size = REGION;
    assert_list({0, REGION});
}
END_TEST

int main(void) {
    TCase *tests = new_case("fork");

    tcase_add_test(tests, test_child_of_a_busy_process_can_use_the_heap);
    tcase_add_test(tests, test_child_can_fork_in_its_turn);
    if (!SANITIZED) /* ThreadSanitizer forbids it */
        tcase_add_test(tests, test_child_can_start_threads);
    tcase_add_test(tests, test_handlers_of_the_program_can_use_the_heap);
    if (EARLY)
        tcase_add_test(tests, test_handlers_of_the_program_can_fork);
    if (EARLY)
        tcase_add_test(tests, test_region_that_a_handler_makes_is_the_forks_own_until_its_end);
    tcase_add_test(tests, test_child_has_a_copy_and_the_parent_keeps_its_own);
    tcase_add_test(tests, test_child_of_a_process_without_a_region_can_make_its_own);
    tcase_add_loop_test(tests, test_fork_while_another_thread_is_in_init, 0, rounds(30));
    return run_case(tests);
}
