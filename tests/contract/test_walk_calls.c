/*
 * test_walk_calls.c - a visitor of Mem_Walk may call everything, wait for other threads, leave by
 * longjmp and fork; other threads may call everything meanwhile: no lock is held.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "children.h"
#include "walking.h"

#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a visitor that calls everything ---- */

static int walks_inside;

static void walk_inside(char *block) {
    struct tiling tiling = {NULL, 0, 0, 0};
    (void)block;
    must(Mem_Walk(add_tile, &tiling) == 0);
    must(tiling.end == region + REGION);
    walks_inside += tiling.blocks;
}

START_TEST(test_visitor_may_walk) {
    make_heap_for_walking();
    walk_and_act(EVERYWHERE, walk_inside);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    ck_assert_int_eq(walks_inside, 25);
}
END_TEST

static void look_around(char *block) {
    struct Mem_Stats stats;
    (void)block;
    must(Mem_Check() == 0);
    must(Mem_GetStats(&stats) == 0 && stats.live_blocks == 3);
    must(Mem_Size(region + C) == D - C);
    must(Mem_FreeList() == (void *)(region + HOLE));
    must(Mem_Trim() > 0);
    Mem_Dump();
}

static void walk_and_look_around(void) {
    walk_and_act(EVERYWHERE, look_around);
}

START_TEST(test_visitor_may_check_trim_and_dump) {
    make_heap_for_walking();
    char *text = captured(walk_and_look_around);
    int dumps = 0;
    for (char *at = text; (at = strstr(at, "libmem: free chunks")) != NULL; at++)
        dumps++;
    ck_assert_int_eq(dumps, 5);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    free(text);
}
END_TEST

static void make_and_end_region(char *block) {
    Mem_Region *other = Mem_RegionCreate(4096);
    (void)block;
    must(other != NULL);
    must(Mem_RegionAlloc(other, 16, FIRSTFIT) != NULL);
    must(Mem_RegionDestroy(other) == 0);
}

START_TEST(test_visitor_may_make_and_end_regions) {
    make_heap_for_walking();
    walk_and_act(EVERYWHERE, make_and_end_region);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
}
END_TEST

/* ---- no lock is held ---- */

static void *allocate_and_free(void *failures) {
    void *object = Mem_Alloc(1000, WORSTFIT);
    *(int *)failures += object == NULL || Mem_Free(object) != 0;
    return NULL;
}

/* Were the lock held, the thread would wait for the visitor and the visitor for the thread. */
static void let_another_thread_work(char *block) {
    int failures = 0;
    (void)block;
    join_thread(start_thread(allocate_and_free, &failures));
    must(failures == 0);
}

START_TEST(test_visitor_may_wait_for_a_thread_that_allocates) {
    make_heap_for_walking();
    walk_and_act(EVERYWHERE, let_another_thread_work);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
}
END_TEST

static jmp_buf out;

static int leap_out(const struct Mem_Block *block, void *context) {
    (void)block;
    (void)context;
    longjmp(out, 1);
}

START_TEST(test_visitor_may_leave_by_longjmp) {
    make_heap_for_walking();
    let_another_thread_work(region); /* from now on locks are taken */
    if (setjmp(out) == 0) {
        Mem_Walk(leap_out, NULL);
        ck_abort_msg("the walk went on");
    }
    let_another_thread_work(region);
    walk_all();
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    assert_sound();
}
END_TEST

static pid_t children[8];
static int forks;
static bool is_child;

static void fork_at_block(char *block) {
    (void)block;
    if (is_child)
        return;
    must(forks < (int)COUNT(children));
    children[forks] = fork();
    must(children[forks] != -1);
    is_child = children[forks++] == 0;
    set_alarm();
}

/* Each child finishes the walk, with the blocks it has seen before. */
START_TEST(test_walk_goes_on_in_a_child) {
    struct plan plan = {EVERYWHERE, fork_at_block};
    make_heap_for_walking();
    const int result = Mem_Walk(see_and_act, &plan);
    if (is_child)
        _exit(result == 0 && seen_count == 5 ? 0 : 1);
    ck_assert_int_eq(result, 0);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    ck_assert_int_eq(forks, 5);
    for (int i = 0; i < forks; i++) {
        int status = -1;
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
}
END_TEST

/* ---- other threads ---- */

enum { THREADS = 3, MANY = 1 << 20, KEPT = 100, KEPT_SIZE = 208 };

static atomic_bool stop;
static atomic_int at_work;

static void *hammer(void *argument) {
    int *failures = argument;
    void *objects[20] = {NULL};
    atomic_fetch_add(&at_work, 1);
    for (unsigned i = 0; !atomic_load(&stop); i++) {
        void **object = &objects[i * 7 % COUNT(objects)];
        *failures += *object != NULL && Mem_Free(*object) != 0;
        *object = Mem_Alloc(1 + (int)(i * 37 % 3000), (int)i % 3);
    }
    for (size_t i = 0; i < COUNT(objects); i++)
        *failures += Mem_Free(objects[i]) != 0;
    return NULL;
}

/* The objects that stay, and the progress of a walk among them. */
struct passage {
    char *kept[KEPT];
    int met;
    char *end;
};

static int pass(const struct Mem_Block *block, void *context) {
    struct passage *passage = context;
    char *start = block->address;
    must(start >= passage->end);
    must(block->size > 0 && block->size % GRANULE == 0);
    must(block->size <= (size_t)(region + MANY - start));
    passage->end = start + block->size;
    if (passage->met == KEPT || passage->end <= passage->kept[passage->met])
        return 0;
    must(start == passage->kept[passage->met]); /* none is passed over, or part of another */
    must(block->live && block->size == KEPT_SIZE);
    passage->met++;
    return 0;
}

/* Objects with free space between them. */
static void keep_objects(struct passage *passage) {
    void *between[KEPT];
    for (int i = 0; i < KEPT; i++) {
        between[i] = Mem_Alloc(1 + 97 * i, FIRSTFIT);
        passage->kept[i] = Mem_Alloc(KEPT_SIZE, FIRSTFIT);
        must(between[i] != NULL && passage->kept[i] != NULL);
    }
    for (int i = 0; i < KEPT; i++)
        must(Mem_Free(between[i]) == 0);
}

START_TEST(test_other_threads_may_allocate_and_free_meanwhile) {
    static struct passage passage;
    pthread_t threads[THREADS];
    int failures[THREADS] = {0};

    init_region(MANY);
    keep_objects(&passage);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start_thread(hammer, &failures[i]);
    while (atomic_load(&at_work) < THREADS)
        sched_yield();
    for (int i = 0; i < rounds(2000); i++) {
        passage.met = 0;
        passage.end = region;
        must(Mem_Walk(pass, &passage) == 0);
        must(passage.met == KEPT);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < THREADS; i++) {
        join_thread(threads[i]);
        ck_assert_int_eq(failures[i], 0);
    }
    assert_tiling(Mem_DefaultRegion(), 2 * KEPT + 1);
    assert_sound();
}
END_TEST

int main(void) {
    TCase *tests = new_case("walk: calls");

    tcase_add_test(tests, test_visitor_may_walk);
    tcase_add_test(tests, test_visitor_may_check_trim_and_dump);
    tcase_add_test(tests, test_visitor_may_make_and_end_regions);
    tcase_add_test(tests, test_visitor_may_wait_for_a_thread_that_allocates);
    tcase_add_test(tests, test_visitor_may_leave_by_longjmp);
    tcase_add_test(tests, test_walk_goes_on_in_a_child);
    tcase_add_test(tests, test_other_threads_may_allocate_and_free_meanwhile);
    return run_case(tests);
}
