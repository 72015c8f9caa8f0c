/*
 * test_walk.c - Mem_Walk and Mem_RegionWalk: every block is shown once, in address
 * order, until the visitor ends the walk.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "walking.h"

#include <limits.h>
#include <string.h>

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
    make_heap_for_walking();
    assert_fails(E_BAD_ARGS, Mem_RegionWalk(NULL, never, NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionWalk(NULL, NULL, NULL));
}
END_TEST

START_TEST(test_no_visitor_is_E_BAD_ARGS) {
    int context = 0;
    make_heap_for_walking();
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
    make_heap_for_walking();
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
    make_heap_for_walking();
    walk_all();
    assert_seen(SHOWN_A, SHOWN_HOLE, SHOWN_C, SHOWN_D, SHOWN_TAIL);
}
END_TEST

START_TEST(test_walk_changes_nothing) {
    make_heap_for_walking();
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
    make_heap_for_walking();
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

START_TEST(test_blocks_of_each_region_are_its_own) {
    make_heap_for_walking();
    Mem_Region *created = make_region(CREATED), *placed = make_region(PLACED);
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
    make_heap_for_walking();
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
    return run_case(tests);
}
