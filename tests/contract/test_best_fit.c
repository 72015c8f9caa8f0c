/*
 * test_best_fit.c - BESTFIT from its first call on, whenever in the life of a region that is: it is
 * exact, and so is all that follows; what no best fit was asked of has no memory for it.
 *
 * What must come of a call is read off the blocks of the region, one by one.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "children.h"
#include "hammers.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "random.h"

/* ---- what a style takes ---- */

struct choice {
    size_t size; /* asked for */
    int style;
    const struct Mem_Block *best;
    struct Mem_Block found;
};

static int choose(const struct Mem_Block *block, void *context) {
    struct choice *choice = context;
    if (block->live || block->size < choice->size)
        return 0;
    const size_t found = choice->best != NULL ? choice->found.size : 0;
    if (found == 0 || (choice->style == WORSTFIT && block->size > found) ||
        (choice->style == BESTFIT && block->size < found)) {
        choice->found = *block;
        choice->best = &choice->found;
    }
    return 0;
}

/* Where a call must put its object, or NULL. */
static void *expected(Mem_Region *of, size_t size, int style) {
    struct choice choice = {.size = size, .style = style};
    must(Mem_RegionWalk(of, choose, &choice) == 0);
    return choice.best != NULL ? choice.found.address : NULL;
}

static void *allocate_as_expected(Mem_Region *of, size_t size, int style) {
    void *wanted = expected(of, size, style);
    void *object = Mem_RegionAlloc(of, size, style);
    must(object == wanted);
    return object;
}

/* ---- random operations ---- */

enum { OBJECTS = 300 };

struct life {
    Mem_Region *region;
    uint64_t random;
    bool knows_best_fit; /* calls by best fit are among those drawn */
    void *object[OBJECTS];
};

static size_t draw_size(struct life *life) {
    static const size_t edges[] = {62, 63, 64, 65, 126, 127, 128, 129, 190, 192, 255, 256, 300};
    switch (random_below(&life->random, 3)) {
    case 0:
        return 1 + random_below(&life->random, 100);
    case 1:
        return edges[random_below(&life->random, COUNT(edges))] * GRANULE;
    default:
        return 1 + random_below(&life->random, 3000);
    }
}

static void resize(struct life *life, void **object, int style) {
    void *resized = Mem_RegionRealloc(life->region, *object, draw_size(life), style);
    if (resized != NULL)
        *object = resized;
    else
        must(m_error == E_NO_SPACE);
}

static void step(struct life *life) {
    void **object = &life->object[random_below(&life->random, OBJECTS)];
    const int style = (int)random_below(&life->random, 3);
    if (!life->knows_best_fit && style == BESTFIT)
        return;
    if (*object == NULL) {
        *object = random_below(&life->random, 8) > 0
                      ? allocate_as_expected(life->region, draw_size(life), style)
                      : Mem_RegionAlignedAlloc(life->region, 128, draw_size(life), style);
    } else if (random_below(&life->random, 4) == 0) {
        resize(life, object, style);
    } else {
        must(Mem_RegionFree(life->region, *object) == 0);
        *object = NULL;
    }
}

static void live(struct life *life, int steps, bool with_best_fit) {
    life->knows_best_fit = with_best_fit;
    for (int n = 0; n < steps; n++)
        step(life);
    must(Mem_RegionCheck(life->region) == 0);
}

static void end(struct life *life) {
    for (size_t i = 0; i < OBJECTS; i++)
        must(Mem_RegionFree(life->region, life->object[i]) == 0);
    const struct Mem_Stats stats = figures(life->region);
    ck_assert_uint_eq(stats.largest_free, stats.region_bytes);
}

START_TEST(test_all_styles_are_exact_from_the_first_best_fit_on) {
    struct life life = {.region = make_region(_i), .random = random_seed((uint64_t)_i)};
    const size_t index_bytes = figures(life.region).index_bytes;
    live(&life, rounds(3000), false);
    live(&life, rounds(6000), true);
    live(&life, rounds(3000), false);
    ck_assert_uint_eq(figures(life.region).index_bytes, index_bytes);
    end(&life);
}
END_TEST

START_TEST(test_first_call_of_all_may_be_a_best_fit) {
    struct life life = {.region = make_region(_i), .random = random_seed(10 + (uint64_t)_i)};
    live(&life, rounds(6000), true);
    end(&life);
}
END_TEST

START_TEST(test_first_best_fit_may_be_refused) {
    Mem_Region *one = make_region(_i);
    const size_t whole = figures(one).region_bytes;
    void *first = Mem_RegionAlloc(one, 48, FIRSTFIT);
    assert_refused(E_NO_SPACE, Mem_RegionAlloc(one, whole, BESTFIT));
    assert_refused(E_NO_SPACE, Mem_RegionAlloc(one, SIZE_MAX, BESTFIT));
    must(Mem_RegionFree(one, first) == 0);
    ck_assert_ptr_eq(Mem_RegionAlloc(one, whole, BESTFIT), first);
    assert_refused(E_NO_SPACE, Mem_RegionAlloc(one, 1, BESTFIT));
    must(Mem_RegionFree(one, first) == 0);
}
END_TEST

/* The other ways to a first best fit. */
START_TEST(test_calloc_and_realloc_begin_as_alloc_does) {
    struct life life = {.region = make_region(_i / 2), .random = random_seed((uint64_t)_i)};
    live(&life, rounds(2000), false);
    void *object = allocate_as_expected(life.region, 100, FIRSTFIT);
    void *wall = Mem_RegionAlloc(life.region, 16, FIRSTFIT);
    void *wanted = expected(life.region, 2000, BESTFIT);
    void *made = _i % 2 == 0 ? Mem_RegionCalloc(life.region, 2, 1000, BESTFIT)
                             : Mem_RegionRealloc(life.region, object, 2000, BESTFIT);
    must(made == wanted || made == object);
    live(&life, rounds(2000), true);
    must(Mem_RegionFree(life.region, made) == 0 || made == object);
    must(Mem_RegionFree(life.region, wall) == 0);
}
END_TEST

/* ---- large regions ---- */

/* Chunks of one size, from one end of the region to the other: the first of them is taken. */
START_TEST(test_of_many_equal_chunks_the_first_is_taken) {
    static const size_t granules[] = {1, 63, 64, 127, 128, 129, 300};
    enum { CHUNKS = 2000 };
    const size_t size = granules[_i] * GRANULE;
    char *chunk[CHUNKS];
    Mem_Region *one = Mem_RegionCreate(64 * KIB * KIB);
    must(one != NULL);
    for (size_t i = 0; i < CHUNKS; i++) {
        chunk[i] = Mem_RegionAlloc(one, size, FIRSTFIT);
        must(chunk[i] != NULL && Mem_RegionAlloc(one, 2000, FIRSTFIT) != NULL);
    }
    for (size_t i = 0; i < CHUNKS; i++)
        must(Mem_RegionFree(one, chunk[i * 7 % CHUNKS]) == 0);
    for (size_t i = 0; i < CHUNKS; i++)
        must(Mem_RegionAlloc(one, size - (i % GRANULE), BESTFIT) == chunk[i]);
    for (size_t i = CHUNKS; i-- > 0;) {
        must(Mem_RegionFree(one, chunk[i]) == 0);
        must(i % 3 == 0 || Mem_RegionAlloc(one, size, BESTFIT) == chunk[i]);
    }
    for (size_t i = 0; i < CHUNKS; i += 3)
        must(Mem_RegionAlloc(one, size, BESTFIT) == chunk[i]);
    assert_succeeds(Mem_RegionDestroy(one));
}
END_TEST

/* ---- memory ---- */

/* The pages of the index that are in memory. The region is at its front. */
static size_t resident_pages(Mem_Region *of) {
    static unsigned char in_core[4096];
    char *first = (char *)of - (uintptr_t)of % page();
    const size_t pages = figures(of).index_bytes / page();
    size_t resident = 0;
    must(pages <= COUNT(in_core) && mincore(first, pages * page(), (void *)in_core) == 0);
    for (size_t i = 0; i < pages; i++)
        resident += in_core[i] & 1;
    return resident;
}

START_TEST(test_memory_for_best_fit_is_touched_by_the_first_one_alone) {
    const size_t bytes = 16 * KIB * KIB;
    Mem_Region *one = Mem_RegionCreate(bytes);
    must(one != NULL);
    void *objects[1000];
    for (int n = 0; n < 2; n++) {
        for (size_t i = 0; i < COUNT(objects); i++)
            objects[i] = Mem_RegionAlloc(one, bytes / 1100, n == 0 ? FIRSTFIT : WORSTFIT);
        for (size_t i = 0; i < COUNT(objects); i++)
            must(Mem_RegionFree(one, objects[i * 7 % COUNT(objects)]) == 0);
    }
    const size_t before = resident_pages(one);
    ck_assert_uint_le(before * page(), bytes / 1000 * 27 + 2 * page());
    must(Mem_RegionAlloc(one, 48, BESTFIT) != NULL);
    ck_assert_uint_gt(resident_pages(one), before);
    ck_assert_uint_le(resident_pages(one), before + 4);
    assert_succeeds(Mem_RegionDestroy(one));
}
END_TEST

/* A placed region gives best fit none of its bytes. */
START_TEST(test_placed_region_has_no_memory_for_best_fit) {
    static char memory[1024 * KIB];
    Mem_Region *one = Mem_RegionPlace(memory, sizeof memory);
    must(one != NULL);
    ck_assert_uint_le(figures(one).index_bytes, sizeof memory / 1000 * 26 + 512);
    must(Mem_RegionAlloc(one, 48, BESTFIT) != NULL);
    ck_assert_uint_le(figures(one).index_bytes, sizeof memory / 1000 * 26 + 512);
}
END_TEST

/* ---- threads ---- */

static Mem_Region *shared;

/* Some objects by first fit, which lie about, and are freed again. */
static int use_first_fit(int i) {
    void *objects[8];
    int troubles = 0;
    for (size_t n = 0; n < COUNT(objects); n++)
        objects[n] = Mem_RegionAlloc(shared, 1 + (size_t)(i * 37 + (int)n * 211) % 2500, FIRSTFIT);
    for (size_t n = 0; n < COUNT(objects); n++)
        troubles += Mem_RegionFree(shared, objects[n * 3 % COUNT(objects)]) != 0;
    return troubles;
}

static int use_default_first_fit(int i) {
    void *object = Mem_Alloc(1 + i * 37 % 2500, FIRSTFIT);
    return Mem_Free(object) != 0;
}

/* Styles are exact afterwards, and all of the region comes back. */
static void assert_exact(Mem_Region *of) {
    struct life life = {.region = of, .random = random_seed(1)};
    live(&life, rounds(1000), true);
    end(&life);
}

/* One thread's first best fit comes in the midst of the other's first fits. */
START_TEST(test_best_fit_begins_beside_a_thread_that_knows_nothing_of_it) {
    for (int n = 0; n < rounds(30); n++) {
        shared = Mem_RegionCreate(REGION);
        must(shared != NULL);
        start_hammer(use_first_fit);
        void *object = Mem_RegionAlloc(shared, 100, BESTFIT);
        for (int i = 0; i < 100; i++)
            must(Mem_RegionFree(shared, Mem_RegionAlloc(shared, 700, BESTFIT)) == 0);
        stop_hammers();
        must(Mem_RegionFree(shared, object) == 0);
        assert_exact(shared);
        assert_succeeds(Mem_RegionDestroy(shared));
    }
}
END_TEST

/* The default region is found in another way. Each test has one. */
START_TEST(test_best_fit_begins_in_the_default_region_beside_another_thread) {
    init_region(REGION);
    start_hammer(use_default_first_fit);
    void *object = Mem_Alloc(100, BESTFIT);
    for (int i = 0; i < 100; i++)
        must(Mem_Free(Mem_Alloc(700, BESTFIT)) == 0);
    stop_hammers();
    assert_succeeds(Mem_Free(object));
    assert_exact(Mem_DefaultRegion());
}
END_TEST

/* Began with one thread, a region is ordered for those that come. */
START_TEST(test_threads_come_after_best_fit_has_begun) {
    shared = make_region(_i);
    void *object = Mem_RegionAlloc(shared, 100, BESTFIT);
    start_hammers(2, use_first_fit);
    for (int i = 0; i < rounds(1000); i++)
        must(Mem_RegionFree(shared, Mem_RegionAlloc(shared, 700, BESTFIT)) == 0);
    stop_hammers();
    must(Mem_RegionFree(shared, object) == 0);
    assert_exact(shared);
}
END_TEST

/* ---- children ---- */

static enum trouble be_exact(void) {
    void *wanted = expected(shared, 200, BESTFIT);
    void *object = Mem_RegionAlloc(shared, 200, BESTFIT);
    if (object != wanted)
        return NOT_ALLOCATED;
    if (use_first_fit(7) != 0 || Mem_RegionFree(shared, object) != 0)
        return NOT_FREED;
    assert_exact(shared);
    return Mem_RegionCheck(shared) == 0 ? NONE : NOT_SOUND;
}

/* The parent's order, or none yet. */
START_TEST(test_child_goes_on_with_best_fit_or_begins) {
    shared = make_region(_i / 2);
    void *object = _i % 2 == 0 ? Mem_RegionAlloc(shared, 100, BESTFIT) : NULL;
    must(Mem_RegionFree(shared, object) == 0);
    ck_assert_int_eq(in_child(be_exact), NONE);
    ck_assert_int_eq(be_exact(), NONE);
}
END_TEST

/* The child finds objects of the parent's threads, which it cannot free. */
static enum trouble be_exact_among_others(void) {
    void *wanted = expected(shared, 200, BESTFIT);
    void *object = Mem_RegionAlloc(shared, 200, BESTFIT);
    if (object != wanted)
        return NOT_ALLOCATED;
    return Mem_RegionFree(shared, object) == 0 ? NONE : NOT_FREED;
}

START_TEST(test_child_of_a_busy_process_begins_with_best_fit) {
    shared = make_region(_i);
    start_hammers(2, use_first_fit);
    for (int n = 0; n < rounds(50); n++)
        ck_assert_int_eq(in_child(be_exact_among_others), NONE);
    void *object = Mem_RegionAlloc(shared, 100, BESTFIT);
    for (int n = 0; n < rounds(50); n++)
        ck_assert_int_eq(in_child(be_exact_among_others), NONE);
    stop_hammers();
    must(Mem_RegionFree(shared, object) == 0);
    assert_exact(shared);
}
END_TEST

/* A handler of the program's runs while its thread has all locks. */
static void begin_before_fork(void) {
    must(Mem_RegionFree(shared, Mem_RegionAlloc(shared, 300, BESTFIT)) == 0);
}

static enum trouble nothing(void) {
    return NONE;
}

START_TEST(test_best_fit_begins_within_fork_beside_other_threads) {
    shared = make_region(_i);
    ck_assert_int_eq(pthread_atfork(begin_before_fork, NULL, NULL), 0);
    start_hammers(2, use_first_fit);
    ck_assert_int_eq(in_child(nothing), NONE);
    ck_assert_int_eq(in_child(be_exact_among_others), NONE);
    stop_hammers();
    assert_exact(shared);
}
END_TEST

int main(void) {
    TCase *tests = new_case("best_fit");

    tcase_add_loop_test(tests, test_all_styles_are_exact_from_the_first_best_fit_on, 0,
                        REGION_KINDS);
    tcase_add_loop_test(tests, test_first_call_of_all_may_be_a_best_fit, 0, REGION_KINDS);
    tcase_add_loop_test(tests, test_first_best_fit_may_be_refused, 0, REGION_KINDS);
    tcase_add_loop_test(tests, test_calloc_and_realloc_begin_as_alloc_does, 0, 2 * REGION_KINDS);
    tcase_add_loop_test(tests, test_of_many_equal_chunks_the_first_is_taken, 0, 7);
    if (!watched())
        tcase_add_test(tests, test_memory_for_best_fit_is_touched_by_the_first_one_alone);
    tcase_add_test(tests, test_placed_region_has_no_memory_for_best_fit);
    tcase_add_test(tests, test_best_fit_begins_beside_a_thread_that_knows_nothing_of_it);
    tcase_add_loop_test(tests, test_best_fit_begins_in_the_default_region_beside_another_thread, 0,
                        20);
    tcase_add_loop_test(tests, test_threads_come_after_best_fit_has_begun, 0, REGION_KINDS);
    tcase_add_loop_test(tests, test_child_goes_on_with_best_fit_or_begins, 0, 2 * REGION_KINDS);
    tcase_add_loop_test(tests, test_child_of_a_busy_process_begins_with_best_fit, 0, REGION_KINDS);
    tcase_add_loop_test(tests, test_best_fit_begins_within_fork_beside_other_threads, 0,
                        REGION_KINDS);
    return run_case(tests);
}
