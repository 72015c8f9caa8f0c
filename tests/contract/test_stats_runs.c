/*
 * test_stats_runs.c - the figures of Mem_GetStats are exact after long random runs, and all
 * describe one moment while threads allocate and free.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "expected.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "random.h"

/* ---- random runs ---- */

/* The objects that live, and the sizes that they take. */
static struct {
    char *start;
    size_t size;
} objects[300];
static int live;

static Mem_Region *subject;
static uint64_t seed;

/* Mostly small, now and then next to a multiple of 1 KiB, where one part of an index may hand over
 * to another. */
static size_t random_size(void) {
    if (random_below(&seed, 4) == 0)
        return KIB * (1 + (size_t)random_below(&seed, 8)) + random_below(&seed, 33) - 15;
    return 1 + random_below(&seed, 600);
}

/* Notes what an allocation has returned. */
static void note_object(char *start, size_t size) {
    if (start == NULL) {
        must(m_error == E_NO_SPACE);
        expected.refused++;
        return;
    }
    objects[live].start = start;
    objects[live].size = rounded(size);
    live++;
    expect_object(size);
}

static void random_allocation(void) {
    const int style = styles[random_below(&seed, STYLES)];
    const size_t size = random_size(), alignment = (size_t)1 << random_below(&seed, 13);
    switch (random_below(&seed, 4)) {
    case 0:
        note_object(Mem_RegionCalloc(subject, size, 1, style), size);
        break;
    case 1:
        note_object(Mem_RegionAlignedAlloc(subject, alignment, size, style), size);
        break;
    default:
        note_object(Mem_RegionAlloc(subject, size, style), size);
    }
}

static void random_resize(void) {
    const int i = (int)random_below(&seed, (uint32_t)live);
    const size_t size = random_size(), old = objects[i].size;
    char *start = Mem_RegionRealloc(subject, objects[i].start, size, FIRSTFIT);
    if (start == NULL) {
        must(m_error == E_NO_SPACE);
        expected.refused++;
        return;
    }
    if (start == objects[i].start) {
        expect_live(expected.live_bytes - old + rounded(size));
    } else {
        expect_object(size);
        expect_free(old);
    }
    objects[i].start = start;
    objects[i].size = rounded(size);
}

static void random_free(void) {
    const int i = (int)random_below(&seed, (uint32_t)live);
    must(Mem_RegionFree(subject, objects[i].start) == 0);
    expect_free(objects[i].size);
    objects[i] = objects[--live];
}

static void random_mistake(void) {
    char *inside = live > 0 ? objects[0].start + 1 : (char *)&seed;
    if (random_below(&seed, 2) == 0) {
        must(Mem_RegionFree(subject, inside) == -1);
        expected.bad_frees++;
    } else {
        must(Mem_RegionAlloc(subject, 0, FIRSTFIT) == NULL);
    }
}

/* The sums over the objects and over the list, and the largest of the list. */
static void expect_sums(void) {
    size_t bytes = 0;
    for (int i = 0; i < live; i++)
        bytes += objects[i].size;
    must(bytes == expected.live_bytes);
    expect_chunks(0, 0);
    bytes = 0;
    for (MemNodePtr node = Mem_RegionFreeList(subject); node != NULL; node = node->next) {
        expected.free_chunks++;
        bytes += (size_t)node->size;
        if ((size_t)node->size > expected.largest_free)
            expected.largest_free = (size_t)node->size;
    }
    must(bytes == expected.region_bytes - expected.live_bytes);
}

static void random_step(void) {
    const uint32_t what = random_below(&seed, 20);
    if (what == 0)
        random_mistake();
    else if (what < 10 && live < (int)COUNT(objects))
        random_allocation();
    else if (what < 13 && live > 0)
        random_resize();
    else if (live > 0)
        random_free();
}

START_TEST(test_random_calls_leave_exact_figures) {
    seed = (uint64_t)_i + 1;
    printf("seed %d\n", _i + 1);
    subject = make_region(_i % REGION_KINDS);
    expect_fresh(subject, figures(subject).region_bytes);
    for (int i = 0; i < rounds(20000); i++) {
        for (uint32_t steps = random_below(&seed, 4); steps > 0; steps--)
            random_step(); /* nobody looks in between */
        expect_sums();
        assert_figures_of(subject, &expected);
    }
    ck_assert_uint_gt(expected.refused, 0);
    ck_assert_uint_gt(expected.peak_live_bytes, REGION / 2);
}
END_TEST

/* ---- threads ---- */

static atomic_bool stop;

static void *allocate_and_free(void *argument) {
    int *done = argument;
    for (int i = 0; i < rounds(50000); i++) {
        void *object = Mem_Alloc(1 + i % 5000, i % 3);
        void *resized = Mem_Realloc(object, 1 + (i + 2500) % 5000, i % 3);
        *done += Mem_Free(resized == NULL ? object : resized) == 0;
        Mem_Free(done);
    }
    return NULL;
}

/* What an onlooking thread has seen. */
struct watcher {
    atomic_int looks;
    const char *disagreement;
};

static void *watch(void *argument) {
    struct watcher *self = argument;
    while (!atomic_load(&stop) && self->disagreement == NULL) {
        struct Mem_Stats stats;
        memset(&stats, 0xa5, sizeof stats);
        Mem_GetStats(&stats);
        self->disagreement = disagreement(&stats);
        atomic_fetch_add(&self->looks, 1);
        sched_yield();
    }
    return NULL;
}

START_TEST(test_figures_are_of_one_moment_and_no_call_is_lost) {
    enum { THREADS = 3 };
    const unsigned long long calls = (unsigned long long)THREADS * (unsigned)rounds(50000);
    pthread_t threads[THREADS];
    int done[THREADS] = {0};
    struct watcher watcher = {0, NULL};

    init_region(REGION);
    pthread_t watching = start_thread(watch, &watcher);
    while (atomic_load(&watcher.looks) == 0)
        sched_yield();
    for (int i = 0; i < THREADS; i++)
        threads[i] = start_thread(allocate_and_free, &done[i]);
    for (int i = 0; i < THREADS; i++) {
        join_thread(threads[i]);
        ck_assert_int_eq(done[i], rounds(50000));
    }
    atomic_store(&stop, true);
    join_thread(watching);
    ck_assert_msg(watcher.disagreement == NULL, "it does not hold that %s", watcher.disagreement);
    const struct Mem_Stats stats = figures(Mem_DefaultRegion());
    assert_figures_agree(&stats);
    ck_assert_uint_eq(stats.live_bytes, 0);
    ck_assert_uint_eq(stats.bad_frees, calls);
    ck_assert_uint_ge(stats.allocations + stats.refused, calls);
    assert_list({0, REGION});
}
END_TEST

int main(void) {
    TCase *tests = new_case("stats: long runs");

    tcase_add_loop_test(tests, test_random_calls_leave_exact_figures, 0, 2 * REGION_KINDS);
    tcase_add_test(tests, test_figures_are_of_one_moment_and_no_call_is_lost);
    return run_case(tests);
}
