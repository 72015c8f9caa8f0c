/*
 * test_walk.c - Mem_Walk and Mem_RegionWalk: every block is shown once, in
 * address order and as it is when its turn comes, and the visitor may do
 * anything meanwhile, for no lock is held.
 *
 * Most tests work on the same heap, three objects and two free chunks:
 *
 *     0    64     192   256   288         65536
 *     [ A ][ hole ][ C ][ D ][    tail    ]
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "random.h"

enum { A = 0, HOLE = 64, C = 192, D = 256, TAIL = 288 };

static void make_heap(void) {
    init_region(REGION);
    assert_placed(A, HOLE - A, FIRSTFIT);
    assert_placed(HOLE, C - HOLE, FIRSTFIT);
    assert_placed(C, D - C, FIRSTFIT);
    assert_placed(D, TAIL - D, FIRSTFIT);
    assert_succeeds(release(HOLE));
    assert_list({HOLE, C - HOLE}, {TAIL, REGION - TAIL});
}

/* ---- what a walk shows ---- */

/* Every block that a walk has shown. */
static struct Mem_Block seen[REGION / GRANULE + 1];
static size_t seen_count;

/* What a visitor does when the block at the offset is shown. */
enum { EVERYWHERE = -1 };
struct plan {
    int offset;
    void (*action)(char *block);
};

static int see_and_act(const struct Mem_Block *block, void *context) {
    const struct plan *plan = context;
    must(seen_count < COUNT(seen));
    seen[seen_count++] = *block;
    if (plan->offset == EVERYWHERE || (char *)block->address == region + plan->offset)
        plan->action(block->address);
    return 0;
}

static void do_nothing(char *block) {
    (void)block;
}

static void walk_and_act(int offset, void (*action)(char *block)) {
    struct plan plan = {offset, action};
    seen_count = 0;
    assert_succeeds(Mem_Walk(see_and_act, &plan));
}

static void walk_all(void) {
    walk_and_act(NOWHERE, do_nothing);
}

struct shown {
    size_t offset, size;
    bool live;
};

static void assert_seen_are(const struct shown *wanted, size_t count) {
    for (size_t i = 0; i < count && i < seen_count; i++) {
        const size_t offset = (size_t)((char *)seen[i].address - region);
        if (offset != wanted[i].offset || seen[i].size != wanted[i].size ||
            seen[i].live != wanted[i].live)
            ck_abort_msg("block %zu must be offset %zu, size %zu, live %d, but is offset %zu, "
                         "size %zu, live %d",
                         i, wanted[i].offset, wanted[i].size, wanted[i].live, offset, seen[i].size,
                         seen[i].live);
    }
    ck_assert_uint_eq(seen_count, count);
}

/* assert_seen({offset, size, live}, ...): these blocks were shown, and no others. */
#define assert_seen(...)                                                                           \
    do {                                                                                           \
        const struct shown wanted_[] = {__VA_ARGS__};                                              \
        assert_seen_are(wanted_, COUNT(wanted_));                                                  \
    } while (0)

#define SHOWN_A                                                                                    \
    { A, HOLE - A, true }
#define SHOWN_HOLE                                                                                 \
    { HOLE, C - HOLE, false }
#define SHOWN_C                                                                                    \
    { C, D - C, true }
#define SHOWN_D                                                                                    \
    { D, TAIL - D, true }
#define SHOWN_TAIL                                                                                 \
    { TAIL, REGION - TAIL, false }

/* ---- arguments ---- */

static int never(const struct Mem_Block *block, void *context) {
    (void)block;
    (void)context;
    ck_abort_msg("there is nothing to visit");
}

START_TEST(test_before_init_it_is_E_BAD_ARGS) {
    assert_fails(E_BAD_ARGS, Mem_Walk(never, NULL));
    assert_fails(E_BAD_ARGS, Mem_Walk(NULL, NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionWalk(Mem_DefaultRegion(), never, NULL));
}
END_TEST

START_TEST(test_no_region_is_E_BAD_ARGS) {
    make_heap();
    assert_fails(E_BAD_ARGS, Mem_RegionWalk(NULL, never, NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionWalk(NULL, NULL, NULL));
}
END_TEST

START_TEST(test_no_visitor_is_E_BAD_ARGS) {
    int context = 0;
    make_heap();
    assert_fails(E_BAD_ARGS, Mem_Walk(NULL, NULL));
    assert_fails(E_BAD_ARGS, Mem_Walk(NULL, &context));
    assert_fails(E_BAD_ARGS, Mem_RegionWalk(Mem_DefaultRegion(), NULL, &context));
}
END_TEST

static int put_context(const struct Mem_Block *block, void *context) {
    (void)block;
    *(void **)context = context;
    return 0;
}

static int context_is_null(const struct Mem_Block *block, void *context) {
    (void)block;
    return context == NULL ? 77 : 78;
}

START_TEST(test_context_is_handed_through) {
    void *one = NULL, *other = NULL;
    make_heap();
    assert_succeeds(Mem_Walk(put_context, &one));
    ck_assert_ptr_eq(one, &one);
    assert_succeeds(Mem_RegionWalk(Mem_DefaultRegion(), put_context, &other));
    ck_assert_ptr_eq(other, &other);
    ck_assert_int_eq(Mem_Walk(context_is_null, NULL), 77);
}
END_TEST

/* ---- all blocks ---- */

START_TEST(test_fresh_region_is_one_chunk) {
    init_region(REGION);
    walk_all();
    assert_seen({0, REGION, false});
}
END_TEST

START_TEST(test_full_region_is_one_object) {
    init_region(REGION);
    assert_placed(0, REGION, FIRSTFIT);
    walk_all();
    assert_seen({0, REGION, true});
}
END_TEST

START_TEST(test_objects_and_chunks_are_shown_in_address_order) {
    make_heap();
    walk_all();
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
}
END_TEST

START_TEST(test_walk_changes_nothing) {
    make_heap();
    walk_all();
    walk_all();
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
    assert_list({HOLE, C - HOLE}, {TAIL, REGION - TAIL});
    assert_sound();
}
END_TEST

START_TEST(test_sizes_are_whole_granules) {
    init_region(REGION);
    assert_placed(0, 1, FIRSTFIT);
    assert_placed(16, 17, FIRSTFIT);
    assert_placed(48, REGION - 64, FIRSTFIT);
    walk_all();
    assert_seen({0, 16, true}, {16, 32, true}, {48, REGION - 64, true}, {REGION - 16, 16, false});
}
END_TEST

START_TEST(test_every_granule_can_be_a_block) {
    struct shown wanted[REGION / GRANULE];
    init_region(REGION);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        must(place(1, FIRSTFIT) == (int)i * GRANULE);
        wanted[i] = (struct shown){i * GRANULE, GRANULE, true};
    }
    walk_all();
    assert_seen_are(wanted, COUNT(wanted));
    for (size_t i = (size_t)_i; i < COUNT(wanted); i += 2) {
        must(release((int)i * GRANULE) == 0);
        wanted[i].live = false;
    }
    walk_all();
    assert_seen_are(wanted, COUNT(wanted));
}
END_TEST

/* The index tells, not what lies in the region. */
START_TEST(test_nodes_that_were_overwritten_mislead_no_walk) {
    make_heap();
    memset(region + HOLE, 0xff, GRANULE);
    memset(region + TAIL, 0, GRANULE);
    walk_all();
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
}
END_TEST

START_TEST(test_2_GiB_are_shown_in_full) {
    const size_t all = (size_t)INT_MAX + 1, half = all / 2;
    init_region(INT_MAX);
    walk_all();
    assert_seen({0, all, false});
    assert_placed(0, INT_MAX, FIRSTFIT);
    walk_all();
    assert_seen({0, all, true});
    assert_succeeds(release(0));
    assert_placed(0, (int)half, FIRSTFIT);
    assert_placed((int)half, GRANULE, FIRSTFIT);
    walk_all();
    assert_seen({0, half, true}, {half, GRANULE, true}, {half + 16, half - 16, false});
    assert_succeeds(release(0));
    walk_all();
    assert_seen({0, half, false}, {half, GRANULE, true}, {half + 16, half - 16, false});
}
END_TEST

/* ---- regions ---- */

struct tiling {
    char *end; /* of the last block */
    int blocks;
    size_t live, free;
};

static int add_tile(const struct Mem_Block *block, void *context) {
    struct tiling *tiling = context;
    must(tiling->end == NULL || tiling->end == (char *)block->address);
    must(block->size > 0 && block->size % GRANULE == 0);
    tiling->end = (char *)block->address + block->size;
    tiling->blocks++;
    *(block->live ? &tiling->live : &tiling->free) += block->size;
    return 0;
}

static void assert_tiling(Mem_Region *of, int blocks) {
    struct tiling tiling = {NULL, 0, 0, 0};
    struct Mem_Stats stats;
    assert_succeeds(Mem_RegionGetStats(of, &stats));
    assert_succeeds(Mem_RegionWalk(of, add_tile, &tiling));
    ck_assert_uint_eq(tiling.live, stats.live_bytes);
    ck_assert_uint_eq(tiling.free, stats.free_bytes);
    ck_assert_int_eq(tiling.blocks, blocks);
}

START_TEST(test_blocks_of_each_region_are_its_own) {
    static char memory[REGION];
    make_heap();
    Mem_Region *created = Mem_RegionCreate(REGION);
    Mem_Region *placed = Mem_RegionPlace(memory, sizeof memory);
    ck_assert_ptr_nonnull(created);
    ck_assert_ptr_nonnull(placed);
    ck_assert_ptr_nonnull(Mem_RegionAlloc(created, 100, FIRSTFIT));
    ck_assert_ptr_nonnull(Mem_RegionAlloc(placed, 100, FIRSTFIT));
    ck_assert_ptr_nonnull(Mem_RegionAlloc(placed, 1, FIRSTFIT));
    assert_tiling(Mem_DefaultRegion(), 5);
    assert_tiling(created, 2);
    assert_tiling(placed, 3);
    ck_assert_ptr_nonnull(Mem_RegionAlloc(created, REGION - 112, FIRSTFIT));
    assert_tiling(created, 2);
    assert_succeeds(Mem_RegionDestroy(created));
    assert_succeeds(Mem_RegionDestroy(placed));
}
END_TEST

/* ---- the end of a walk ---- */

struct ending {
    int calls;
    int last; /* the call that ends the walk */
    int value;
};

static int end_with_value(const struct Mem_Block *block, void *context) {
    struct ending *ending = context;
    (void)block;
    return ++ending->calls == ending->last ? ending->value : 0;
}

START_TEST(test_value_other_than_0_ends_the_walk_and_is_returned) {
    const int values[] = {-1, 1, 2, -2, 255, 256, INT_MAX, INT_MIN};
    make_heap();
    for (int last = 1; last <= 5; last++) {
        struct ending ending = {0, last, values[_i]};
        m_error = 4711;
        ck_assert_int_eq(Mem_Walk(end_with_value, &ending), values[_i]);
        ck_assert_int_eq(m_error, 4711);
        ck_assert_int_eq(ending.calls, last);
    }
    struct ending ending = {0, 6, values[_i]}; /* there is no sixth */
    assert_succeeds(Mem_Walk(end_with_value, &ending));
    ck_assert_int_eq(ending.calls, 5);
}
END_TEST

/* ---- a visitor that changes what it is shown ---- */

static void free_object(char *block) {
    must(Mem_Free(block) == 0);
}

START_TEST(test_visitor_may_free_the_object_shown) {
    make_heap();
    walk_and_act(D, free_object); /* joins the tail, which has had its turn then */
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D);
    assert_list({HOLE, C - HOLE}, {D, REGION - D});
    walk_all();
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, {D, REGION - D, false});
}
END_TEST

START_TEST(test_visitor_may_free_an_object_that_joins_the_chunk_before) {
    make_heap();
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
    make_heap();
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

/* The object comes from the chunk shown; the rest of it has had its turn. */
static void take_granule(char *block) {
    must(Mem_Alloc(GRANULE, FIRSTFIT) == block);
}

START_TEST(test_visitor_may_allocate_from_the_chunk_shown) {
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
    walk_and_act(A, take_from_hole);
    assert_seen(SHOWN_A, {HOLE, 48, true}, {HOLE + 48, C - HOLE - 48, false}, SHOWN_C, SHOWN_D,
                SHOWN_TAIL);
    assert_succeeds(release(HOLE));
    walk_and_act(A, free_c);
    assert_seen(SHOWN_A, {HOLE, D - HOLE, false}, SHOWN_D, SHOWN_TAIL);
}
END_TEST

/* What was shown changes too; that is over. */
static void free_a(char *block) {
    (void)block;
    must(release(A) == 0);
}

START_TEST(test_blocks_that_had_their_turn_are_not_shown_again) {
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    make_heap();
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
    alarm(light() ? 200 : 20);
}

/* Each child finishes the walk, with the blocks it has seen before. */
START_TEST(test_walk_goes_on_in_a_child) {
    struct plan plan = {EVERYWHERE, fork_at_block};
    make_heap();
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

/* ---- a visitor that does anything at all ---- */

/* The objects that live, and the sizes that they take. */
static struct Mem_Block objects[100];
static int live;

static uint64_t seed;
static Mem_Region *subject;

/* A region of another kind each time. The last granules of a placed one fill no segment. */
static void make_subject(int kind) {
    static char memory[REGION];
    if (kind == 1)
        subject = Mem_RegionCreate(REGION);
    else if (kind == 2)
        subject = Mem_RegionPlace(memory, sizeof memory - 500);
    else
        subject = Mem_Init(REGION) == 0 ? Mem_DefaultRegion() : NULL;
    ck_assert_ptr_nonnull(subject);
}

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
    objects[i].size = (size + GRANULE - 1) / GRANULE * GRANULE;
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
    make_subject(_i % 3);
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

static void add_tests_of_changes(TCase *tests) {
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
}

int main(void) {
    TCase *tests = new_case("walk");

    tcase_add_test(tests, test_before_init_it_is_E_BAD_ARGS);
    tcase_add_test(tests, test_no_region_is_E_BAD_ARGS);
    tcase_add_test(tests, test_no_visitor_is_E_BAD_ARGS);
    tcase_add_test(tests, test_context_is_handed_through);
    tcase_add_test(tests, test_fresh_region_is_one_chunk);
    tcase_add_test(tests, test_full_region_is_one_object);
    tcase_add_test(tests, test_objects_and_chunks_are_shown_in_address_order);
    tcase_add_test(tests, test_walk_changes_nothing);
    tcase_add_test(tests, test_sizes_are_whole_granules);
    tcase_add_loop_test(tests, test_every_granule_can_be_a_block, 0, 2);
    tcase_add_test(tests, test_nodes_that_were_overwritten_mislead_no_walk);
    if (can_map_int_max())
        tcase_add_test(tests, test_2_GiB_are_shown_in_full);
    tcase_add_test(tests, test_blocks_of_each_region_are_its_own);
    tcase_add_loop_test(tests, test_value_other_than_0_ends_the_walk_and_is_returned, 0, 8);
    add_tests_of_changes(tests);
    tcase_add_test(tests, test_visitor_may_walk);
    tcase_add_test(tests, test_visitor_may_check_trim_and_dump);
    tcase_add_test(tests, test_visitor_may_make_and_end_regions);
    tcase_add_test(tests, test_visitor_may_wait_for_a_thread_that_allocates);
    tcase_add_test(tests, test_visitor_may_leave_by_longjmp);
    tcase_add_test(tests, test_walk_goes_on_in_a_child);
    tcase_add_test(tests, test_other_threads_may_allocate_and_free_meanwhile);
    tcase_add_loop_test(tests, test_random_calls_of_the_visitor_are_followed, 1, 10);
    return run_case(tests);
}
