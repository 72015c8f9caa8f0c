/*
 * test_walk_changes.c - Mem_Walk with a visitor that changes the heap: every block is shown as it
 * is when the walk reaches it, and no block that starts where the walk has been.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "walking.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#include "random.h"

/* ---- a visitor that changes what it is shown ---- */

static void free_object(char *block) {
    must(Mem_Free(block) == 0);
}

START_TEST(test_visitor_may_free_the_object_shown) {
    make_heap_for_walking();
    walk_and_act(D, free_object); /* joins the tail, which is not shown again */
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D);
    assert_list({HOLE, C - HOLE}, {D, REGION - D});
    walk_all();
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, {D, REGION - D, false});
}
END_TEST

START_TEST(test_visitor_may_free_an_object_that_joins_the_chunk_before) {
    make_heap_for_walking();
    walk_and_act(C, free_object);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    assert_list({HOLE, D - HOLE}, {TAIL, REGION - TAIL});
}
END_TEST

static int free_if_live(const struct Mem_Block *block, void *context) {
    int *frees = context;
    if (block->live) {
        must(Mem_Free(block->address) == 0);
        ++*frees;
    }
    return 0;
}

START_TEST(test_visitor_may_free_every_object) {
    int frees = 0;
    make_heap_for_walking();
    assert_succeeds(Mem_Walk(free_if_live, &frees));
    ck_assert_int_eq(frees, 3);
    assert_list({0, REGION});
    for (int i = 0; i < REGION / GRANULE; i++)
        must(place(GRANULE, FIRSTFIT) != NOWHERE);
    frees = 0;
    assert_succeeds(Mem_Walk(free_if_live, &frees));
    ck_assert_int_eq(frees, REGION / GRANULE);
    assert_list({0, REGION});
    assert_sound();
}
END_TEST

/* The object comes from the chunk shown; the rest of the chunk is not shown again. */
static void take_granule(char *block) {
    must(Mem_Alloc(GRANULE, FIRSTFIT) == block);
}

START_TEST(test_visitor_may_allocate_from_the_chunk_shown) {
    make_heap_for_walking();
    walk_and_act(HOLE, take_granule);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    assert_list({HOLE + 16, C - HOLE - 16}, {TAIL, REGION - TAIL});
}
END_TEST

static void grow_to_80(char *block) {
    must(Mem_Realloc(block, 80, FIRSTFIT) == block);
}

static void grow_to_192(char *block) {
    must(Mem_Realloc(block, C - A, FIRSTFIT) == block);
}

/* The walk goes on with the first block that starts behind the one shown. */
START_TEST(test_visitor_may_grow_the_object_shown) {
    make_heap_for_walking();
    walk_and_act(A, grow_to_80);
    assert_seen(SHOWN_A, {80, C - 80, false}, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    walk_and_act(A, grow_to_192);
    assert_seen({A, 80, true}, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    walk_all();
    assert_seen({A, C - A, true}, SHOWN_C, SHOWN_D, SHOWN_TAIL);
}
END_TEST

static void shrink_to_16(char *block) {
    must(Mem_Realloc(block, 16, FIRSTFIT) == block);
}

START_TEST(test_visitor_may_shrink_the_object_shown) {
    make_heap_for_walking();
    walk_and_act(C, shrink_to_16); /* leaves a chunk of its own */
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    walk_and_act(A, shrink_to_16); /* the rest joins the hole */
    assert_seen(SHOWN_A, {C, 16, true}, {C + 16, 48, false}, SHOWN_D, SHOWN_TAIL);
    walk_all();
    assert_seen({A, 16, true}, {16, C - 16, false}, {C, 16, true}, {C + 16, 48, false}, SHOWN_D,
                SHOWN_TAIL);
}
END_TEST

static void move_to_tail(char *block) {
    must(Mem_Realloc(block, 1024, FIRSTFIT) == region + TAIL);
}

START_TEST(test_visitor_may_move_the_object_shown) {
    make_heap_for_walking();
    walk_and_act(A, move_to_tail);
    assert_seen(SHOWN_A, SHOWN_C, SHOWN_D, {TAIL, 1024, true},
                {TAIL + 1024, REGION - TAIL - 1024, false});
}
END_TEST

/* ---- a visitor that changes what comes ---- */

static void free_c(char *block) {
    (void)block;
    must(release(C) == 0);
}

static void take_from_hole(char *block) {
    (void)block;
    must(place(48, FIRSTFIT) == HOLE);
}

START_TEST(test_blocks_are_shown_as_they_are_when_their_turn_comes) {
    make_heap_for_walking();
    walk_and_act(A, take_from_hole);
    assert_seen(SHOWN_A, {HOLE, 48, true}, {HOLE + 48, C - HOLE - 48, false}, SHOWN_C, SHOWN_D,
                SHOWN_TAIL);
    assert_succeeds(release(HOLE));
    walk_and_act(A, free_c);
    assert_seen(SHOWN_A, {HOLE, D - HOLE, false}, SHOWN_D, SHOWN_TAIL);
}
END_TEST

/* A block that was shown changes, which does not matter to the walk. */
static void free_a(char *block) {
    (void)block;
    must(release(A) == 0);
}

START_TEST(test_blocks_that_had_their_turn_are_not_shown_again) {
    make_heap_for_walking();
    walk_and_act(C, free_a);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    walk_all();
    assert_seen({A, C - A, false}, SHOWN_C, SHOWN_D, SHOWN_TAIL);
}
END_TEST

/* ---- a visitor that takes the place of the walk away ---- */

static void free_all(char *block) {
    (void)block;
    must(release(A) == 0 && release(C) == 0 && release(D) == 0);
}

START_TEST(test_chunk_that_swallows_the_place_is_not_shown) {
    make_heap_for_walking();
    walk_and_act(HOLE, free_all);
    assert_seen(SHOWN_A, SHOWN_HOLE);
    assert_list({0, REGION});
}
END_TEST

static void merge_into_one_object(char *block) {
    free_all(block);
    must(place(4096, FIRSTFIT) == 0);
    must(place(32, FIRSTFIT) == 4096);
}

START_TEST(test_object_over_the_block_shown_and_its_neighbours_is_not_shown) {
    make_heap_for_walking();
    walk_and_act(C, merge_into_one_object);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, {4096, 32, true}, {4128, REGION - 4128, false});
    walk_all();
    assert_seen({0, 4096, true}, {4096, 32, true}, {4128, REGION - 4128, false});
}
END_TEST

static void merge_into_the_whole_region(char *block) {
    free_all(block);
    must(place(REGION, FIRSTFIT) == 0);
}

START_TEST(test_object_over_the_whole_region_ends_the_walk) {
    make_heap_for_walking();
    walk_and_act(C, merge_into_the_whole_region);
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C);
    walk_all();
    assert_seen({0, REGION, true});
}
END_TEST

/* The object ends at several distances from the end of the block shown: in the same segment of 1
 * KiB, in others, and with the region. */
static const int ends[] = {272, 1008, 1024, 1040, 2048, 8192, 65520, REGION};
static int end_of_object;

static void merge_up_to_end(char *block) {
    free_all(block);
    must(place(end_of_object, FIRSTFIT) == 0);
    while (Mem_FreeList() != NULL)
        must(place(GRANULE, FIRSTFIT) != NOWHERE);
}

START_TEST(test_walk_goes_on_behind_an_object_of_any_size) {
    end_of_object = ends[_i];
    make_heap_for_walking();
    walk_and_act(C, merge_up_to_end);
    ck_assert_uint_eq(seen_count, (size_t)(3 + (REGION - end_of_object) / GRANULE));
    for (size_t i = 3; i < seen_count; i++) {
        must(seen[i].address == region + end_of_object + (i - 3) * GRANULE);
        must(seen[i].size == GRANULE && seen[i].live);
    }
}
END_TEST

static const int large_ends[] = {1 << 20,        (1 << 22) - 1024, (1 << 22) - 16,
                                 1 << 22,        (1 << 22) + 16,   (1 << 22) + 1024,
                                 (1 << 23) + 16, (1 << 30) + 16,   INT_MAX - 31};

static void merge_up_to_large_end(char *block) {
    must(Mem_Free(block) == 0);
    must(place(end_of_object, FIRSTFIT) == 0);
    must(place(GRANULE, FIRSTFIT) == end_of_object);
}

START_TEST(test_walk_goes_on_behind_a_large_object) {
    const size_t all = (size_t)INT_MAX + 1, end = (size_t)large_ends[_i];
    end_of_object = large_ends[_i];
    init_region(INT_MAX);
    assert_placed(0, 48, FIRSTFIT);
    walk_and_act(0, merge_up_to_large_end);
    assert_seen({0, 48, true}, {end, GRANULE, true}, {end + 16, all - end - 16, false});
}
END_TEST

/* ---- a visitor that does anything at all ---- */

/* The objects that live, and the sizes that they take. */
static struct Mem_Block objects[100];
static int live;

static uint64_t seed;
static Mem_Region *subject;

/* The block that must be shown next; its address is NULL when there is none. */
static struct Mem_Block next;

static void offer(char *start, size_t size, bool is_live, char *from) {
    if (start >= from && (next.address == NULL || start < (char *)next.address))
        next = (struct Mem_Block){start, size, is_live};
}

/* The first block that starts there or above, as objects and free list tell. */
static void find_next(char *from) {
    next.address = NULL;
    for (int i = 0; i < live; i++)
        offer(objects[i].address, objects[i].size, true, from);
    for (MemNodePtr node = Mem_RegionFreeList(subject); node != NULL; node = node->next)
        offer((char *)node, (size_t)node->size, false, from);
}

static void keep(int i, void *start, size_t size) {
    if (start == NULL)
        return;
    objects[i].address = start;
    objects[i].size = rounded(size);
    live += i == live;
}

static void random_call(void) {
    const int i = live == 0 ? 0 : (int)random_below(&seed, (uint32_t)live);
    const size_t size = 1 + random_below(&seed, random_below(&seed, 4) == 0 ? 9000 : 1500);
    const int style = (int)random_below(&seed, 3);
    const uint32_t what = random_below(&seed, 10);
    if (what < 4 && live < (int)COUNT(objects)) {
        keep(live, Mem_RegionAlloc(subject, size, style), size);
    } else if (what < 6 && live > 0) {
        keep(i, Mem_RegionRealloc(subject, objects[i].address, size, style), size);
    } else if (live > 0) {
        must(Mem_RegionFree(subject, objects[i].address) == 0);
        objects[i] = objects[--live];
    }
}

static int expect_and_change(const struct Mem_Block *block, void *context) {
    int *blocks = context;
    char *end = (char *)block->address + block->size;
    must(block->address == next.address);
    must(block->size == next.size);
    must(block->live == next.live);
    ++*blocks;
    for (uint32_t calls = random_below(&seed, 5); calls > 0; calls--)
        random_call();
    find_next(end);
    return 0;
}

START_TEST(test_random_calls_of_the_visitor_are_followed) {
    int blocks = 0;
    seed = (uint64_t)_i;
    printf("seed %d\n", _i);
    subject = make_region(_i % REGION_KINDS);
    char *first = (char *)Mem_RegionFreeList(subject);
    for (int i = 0; i < rounds(500); i++) {
        find_next(first);
        ck_assert_int_eq(Mem_RegionWalk(subject, expect_and_change, &blocks), 0);
        ck_assert_ptr_null(next.address);
    }
    ck_assert_int_gt(blocks, 2 * rounds(500));
    assert_succeeds(Mem_RegionCheck(subject));
}
END_TEST

int main(void) {
    TCase *tests = new_case("walk: changes");

    tcase_add_test(tests, test_visitor_may_free_the_object_shown);
    tcase_add_test(tests, test_visitor_may_free_an_object_that_joins_the_chunk_before);
    tcase_add_test(tests, test_visitor_may_free_every_object);
    tcase_add_test(tests, test_visitor_may_allocate_from_the_chunk_shown);
    tcase_add_test(tests, test_visitor_may_grow_the_object_shown);
    tcase_add_test(tests, test_visitor_may_shrink_the_object_shown);
    tcase_add_test(tests, test_visitor_may_move_the_object_shown);
    tcase_add_test(tests, test_blocks_are_shown_as_they_are_when_their_turn_comes);
    tcase_add_test(tests, test_blocks_that_had_their_turn_are_not_shown_again);
    tcase_add_test(tests, test_chunk_that_swallows_the_place_is_not_shown);
    tcase_add_test(tests, test_object_over_the_block_shown_and_its_neighbours_is_not_shown);
    tcase_add_test(tests, test_object_over_the_whole_region_ends_the_walk);
    tcase_add_loop_test(tests, test_walk_goes_on_behind_an_object_of_any_size, 0, COUNT(ends));
    if (can_map_int_max())
        tcase_add_loop_test(tests, test_walk_goes_on_behind_a_large_object, 0, COUNT(large_ends));
    tcase_add_loop_test(tests, test_random_calls_of_the_visitor_are_followed, 1, 10);
    return run_case(tests);
}
