/*
 * test_realloc_place.c - the place of an object after Mem_Realloc: where it was whenever possible,
 * otherwise where the style says; and what is free then.
 *
 * Most tests run twice, with one call each time.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "resizing.h"

#include <limits.h>
#include <string.h>

/* ---- smaller ---- */

START_TEST(test_tail_is_joined_with_the_free_chunk_that_follows) {
    make_heap_for_resizing(_i / STYLES);
    const int style = styles[_i % STYLES];
    assert_resized(B, B, 32, style);
    assert_list(resizing_holes[0], {B + 32, WALL - B - 32}, resizing_holes[2]);
    assert_resized(B, B, 1, style);
    assert_list(resizing_holes[0], {B + 16, WALL - B - 16}, resizing_holes[2]);
    ck_assert(kept(B, B, 1));
    assert_others_kept(B);
    assert_fails(E_BAD_POINTER, release(B + 16));
    assert_fails(E_BAD_POINTER, release(B + 32));
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_succeeds(release(B));
    assert_list(resizing_holes[0], {B, WALL - B}, resizing_holes[2]);
}
END_TEST

/* The chunk before the object is not joined: the object lies between. */
START_TEST(test_tail_becomes_a_chunk_of_its_own_before_a_live_object) {
    make_heap_for_resizing(_i / STYLES);
    const int style = styles[_i % STYLES];
    assert_resized(A, A, 48, style);
    assert_list(resizing_holes[0], {A + 48, 16}, resizing_holes[1], resizing_holes[2]);
    assert_resized(A, A, 17, style);
    assert_list(resizing_holes[0], {A + 32, 32}, resizing_holes[1], resizing_holes[2]);
    assert_resized(A, A, 16, style);
    assert_list(resizing_holes[0], {A + 16, 48}, resizing_holes[1], resizing_holes[2]);
    ck_assert(kept(A, A, 16));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A + 16));
    assert_succeeds(release(A));
    assert_list({LOW, B}, resizing_holes[1], resizing_holes[2]);
}
END_TEST

START_TEST(test_tail_at_the_end_of_the_region_becomes_a_chunk) {
    static const int sizes[] = {REGION - LAST - 16, 30000, 4096, 1025, 1024, 1023, 17, 16, 1};
    make_heap_for_resizing(_i);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const int end = LAST + whole_granules(sizes[i]);
        assert_resized(LAST, LAST, sizes[i], styles[i % STYLES]);
        assert_list(resizing_holes[0], resizing_holes[1], resizing_holes[2], {end, REGION - end});
        ck_assert(kept(LAST, LAST, sizes[i]));
    }
    assert_others_kept(LAST);
}
END_TEST

/* Shrinking needs no space, and the style does not matter. */
START_TEST(test_object_shrinks_in_a_full_region) {
    init_region(REGION);
    resize = calls[_i / STYLES];
    assert_placed(0, REGION, FIRSTFIT);
    for (int size = REGION - GRANULE; size > 0; size -= size > KIB ? KIB : GRANULE) {
        assert_resized(0, 0, size, styles[_i % STYLES]);
        assert_list({size, REGION - size});
    }
}
END_TEST

START_TEST(test_object_of_the_last_granules_shrinks_and_grows) {
    init_region(REGION);
    resize = calls[_i];
    assert_placed(0, REGION - 48, FIRSTFIT);
    assert_placed(REGION - 48, 48, FIRSTFIT);
    fill(region + REGION - 48, 48, 5);
    assert_resized(REGION - 48, REGION - 48, 16, FIRSTFIT);
    assert_list({REGION - 32, 32});
    assert_resized(REGION - 48, REGION - 48, 32, FIRSTFIT);
    assert_list({REGION - 16, 16});
    assert_resized(REGION - 48, REGION - 48, 48, FIRSTFIT);
    assert_nothing_free();
    assert_refused(E_NO_SPACE, resize(region + REGION - 48, 49, FIRSTFIT));
    ck_assert(holds(region + REGION - 48, 16, 5));
    assert_succeeds(release(REGION - 48));
    assert_list({REGION - 48, 48});
}
END_TEST

/* ---- as large as before ---- */

START_TEST(test_nothing_changes_within_the_same_granules) {
    make_heap_for_resizing(_i / STYLES);
    for (int size = 33; size <= 48; size++)
        assert_resized(B, B, size, styles[_i % STYLES]);
    for (int size = 64; size > 48; size--)
        assert_resized(A, A, size, styles[_i % STYLES]);
    for (int size = 1; size <= 16; size++)
        assert_resized(WALL, WALL, size, styles[_i % STYLES]);
    assert_resized(LAST, LAST, REGION - LAST - 15, styles[_i % STYLES]);
    assert_resized(LAST, LAST, REGION - LAST, styles[_i % STYLES]);
    assert_list_is(resizing_holes, COUNT(resizing_holes));
    ck_assert(kept(B, B, 33));
    ck_assert(kept(A, A, 49));
    ck_assert(kept(LAST, LAST, REGION - LAST - 15));
    assert_sound();
}
END_TEST

START_TEST(test_nothing_changes_within_the_same_granules_of_a_full_region) {
    init_region(REGION);
    resize = calls[_i];
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, 1, FIRSTFIT);
    assert_resized(0, 0, REGION - GRANULE - 15, WORSTFIT);
    assert_resized(0, 0, REGION - GRANULE, BESTFIT);
    assert_resized(REGION - GRANULE, REGION - GRANULE, GRANULE, FIRSTFIT);
    assert_nothing_free();
}
END_TEST

/* ---- larger, in place ---- */

START_TEST(test_object_grows_into_a_part_of_the_chunk_that_follows) {
    make_heap_for_resizing(_i / STYLES);
    assert_resized(B, B, 49, styles[_i % STYLES]);
    assert_list(resizing_holes[0], {HOLE + 16, 96}, resizing_holes[2]);
    assert_resized(B, B, 144, styles[_i % STYLES]);
    assert_list(resizing_holes[0], {HOLE + 96, 16}, resizing_holes[2]);
    ck_assert(kept(B, B, 48));
    assert_others_kept(B);
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_fails(E_BAD_POINTER, release(HOLE + 16));
    assert_succeeds(release(B));
    assert_list(resizing_holes[0], {B, WALL - B}, resizing_holes[2]);
}
END_TEST

START_TEST(test_object_grows_over_the_whole_chunk_that_follows) {
    make_heap_for_resizing(_i / STYLES);
    assert_resized(B, B, 160 - _i % 2 * 15, styles[_i % STYLES]);
    assert_list(resizing_holes[0], resizing_holes[2]);
    ck_assert(kept(B, B, 48));
    assert_others_kept(B);
    assert_fails(E_BAD_POINTER, release(HOLE));
    assert_succeeds(release(B));
    assert_list(resizing_holes[0], {B, WALL - B}, resizing_holes[2]);
}
END_TEST

/* Each style by itself would have taken another place. */
START_TEST(test_object_stays_although_its_style_prefers_another_chunk) {
    make_heap_for_resizing(_i);
    assert_resized(B, B, 64, FIRSTFIT); /* the first fit is LOW */
    assert_resized(B, B, 80, BESTFIT);  /* the best fit is LOW */
    assert_resized(B, B, 96, WORSTFIT); /* the worst fit is FAR */
    assert_list(resizing_holes[0], {HOLE + 48, 64}, resizing_holes[2]);
}
END_TEST

/* No chunk is large enough, but the object and the chunk behind it are together. */
START_TEST(test_object_stays_when_only_the_sum_is_large_enough) {
    make_heap_for_resizing(_i);
    assert_succeeds(release(WALL));
    assert_list(resizing_holes[0], {HOLE, LAST - HOLE});
    assert_resized(B, B, LAST - B, BESTFIT);
    assert_list(resizing_holes[0]);
    ck_assert(kept(B, B, 48));
}
END_TEST

START_TEST(test_object_grows_to_the_whole_region_and_shrinks_again) {
    init_region(REGION);
    resize = calls[_i / STYLES];
    assert_placed(0, 1, FIRSTFIT);
    for (int size = 1; size < REGION; size += size / 2 + 1) {
        const int taken = whole_granules(size);
        assert_resized(0, 0, size, styles[_i % STYLES]);
        assert_list({taken, REGION - taken});
    }
    assert_resized(0, 0, REGION, styles[_i % STYLES]);
    assert_nothing_free();
    assert_resized(0, 0, 1, styles[_i % STYLES]);
    assert_list({GRANULE, REGION - GRANULE});
}
END_TEST

START_TEST(test_growth_is_exact_whatever_the_nodes_say) {
    make_heap_for_resizing(_i);
    for (size_t i = 1; i < COUNT(resizing_holes); i++)
        memset(region + resizing_holes[i].offset, 0xff, sizeof(struct __list_t));
    assert_resized(B, B, 144, FIRSTFIT);
    ck_assert_int_eq(Mem_FreeList()->next->size, 16);
    assert_resized(B, B, 160, FIRSTFIT);
    ck_assert_ptr_eq(Mem_FreeList()->next, address(FAR));
    assert_resized(A, FAR, 1040, WORSTFIT);
    assert_list({LOW, B});
    assert_sound();
}
END_TEST

/* ---- larger, elsewhere ---- */

START_TEST(test_object_moves_to_the_first_fit) {
    make_heap_for_resizing(_i);
    assert_resized(A, HOLE, 97, FIRSTFIT);
    assert_list({LOW, B}, resizing_holes[2]);
    ck_assert(kept(A, HOLE, 64));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A));
    assert_succeeds(release(HOLE));
    assert_list({LOW, B}, resizing_holes[1], resizing_holes[2]);
}
END_TEST

START_TEST(test_object_moves_to_the_worst_fit) {
    make_heap_for_resizing(_i);
    assert_resized(A, FAR, 65, WORSTFIT);
    assert_list({LOW, B}, resizing_holes[1], {FAR + 80, 960});
    ck_assert(kept(A, FAR, 64));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A));
    assert_resized(FAR, FAR, 1040, FIRSTFIT);
    assert_list({LOW, B}, resizing_holes[1]);
}
END_TEST

START_TEST(test_object_moves_to_the_best_fit) {
    make_heap_for_resizing(_i);
    assert_resized(WALL, WALL, 1056, BESTFIT); /* FAR is in use */
    assert_resized(WALL, WALL, 1040, BESTFIT); /* 16 bytes of it are free */
    assert_list(resizing_holes[0], resizing_holes[1], {LAST - 16, 16});
    assert_resized(A, HOLE, 112, BESTFIT);
    assert_list({LOW, B}, {LAST - 16, 16});
    ck_assert(kept(A, HOLE, 64));
    assert_resized(B, LOW, 64, BESTFIT); /* LOW and A's old place are one chunk */
    assert_list({LOW + 64, HOLE - 64}, {LAST - 16, 16});
    ck_assert(kept(B, LOW, 48));
    assert_sound();
}
END_TEST

/* The old place is joined with what the object leaves of the chunk before it. */
START_TEST(test_object_moves_down_into_the_chunk_before_it_if_that_is_large_enough) {
    make_heap_for_resizing(_i);
    assert_resized(A, LOW, 80, FIRSTFIT);
    assert_list({LOW + 80, B - 80}, resizing_holes[1], resizing_holes[2]);
    ck_assert(kept(A, LOW, 64));
    assert_others_kept(A);
    assert_fails(E_BAD_POINTER, release(A));
    assert_resized(LOW, LOW, 160, FIRSTFIT);
    assert_list(resizing_holes[1], resizing_holes[2]);
}
END_TEST

START_TEST(test_object_moves_down_into_exactly_the_chunk_before_it) {
    make_heap_for_resizing(_i);
    assert_resized(A, LOW, 96, BESTFIT);
    assert_list({A, B - A}, resizing_holes[1], resizing_holes[2]);
    ck_assert(kept(A, LOW, 64));
    assert_others_kept(A);
}
END_TEST

START_TEST(test_old_place_is_joined_with_the_chunks_on_both_sides) {
    make_heap_for_resizing(_i);
    assert_succeeds(release(A));
    assert_list({LOW, B}, resizing_holes[1], resizing_holes[2]);
    assert_resized(B, FAR, 161, FIRSTFIT);
    assert_list({LOW, WALL}, {FAR + 176, LAST - FAR - 176});
    ck_assert(kept(B, FAR, 48));
    ck_assert(kept(WALL, WALL, 16));
    ck_assert(kept(LAST, LAST, REGION - LAST));
    assert_sound();
}
END_TEST

START_TEST(test_old_place_between_objects_becomes_a_chunk_of_its_own) {
    make_heap_for_resizing(_i);
    assert_placed(LOW, A - LOW, FIRSTFIT);
    assert_resized(A, FAR, 113, FIRSTFIT);
    assert_list({A, B - A}, resizing_holes[1], {FAR + 128, LAST - FAR - 128});
    ck_assert(kept(A, FAR, 64));
}
END_TEST

START_TEST(test_object_moves_when_the_chunk_that_follows_is_one_granule_too_small) {
    make_heap_for_resizing(_i / STYLES);
    assert_resized(B, FAR, WALL - B + 1, styles[_i % STYLES]);
    assert_list(resizing_holes[0], {B, WALL - B}, {FAR + 176, LAST - FAR - 176});
    ck_assert(kept(B, FAR, 48));
    assert_others_kept(B);
}
END_TEST

START_TEST(test_object_of_the_last_bytes_moves_and_leaves_a_chunk_there) {
    init_region(REGION);
    resize = calls[_i];
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    assert_placed(REGION - GRANULE, 16, FIRSTFIT);
    fill(region + REGION - GRANULE, 16, 9);
    assert_resized(0, 0, REGION - 64, FIRSTFIT);
    assert_list({REGION - 64, 48});
    assert_resized(REGION - GRANULE, REGION - 64, 17, WORSTFIT);
    assert_list({REGION - 32, 32});
    ck_assert(holds(region + REGION - 64, 16, 9));
    assert_resized(REGION - 64, REGION - 64, 64, FIRSTFIT);
    assert_nothing_free();
}
END_TEST

/* ---- the largest region ---- */

START_TEST(test_object_grows_to_2_GiB_and_shrinks_in_place) {
    enum { HALF = 1 << 30, MOST = INT_MAX - 15 };
    init_region(INT_MAX);
    resize = calls[_i];
    assert_placed(0, 16, FIRSTFIT);
    region[15] = 'x';
    assert_resized(0, 0, HALF, FIRSTFIT);
    assert_list({HALF, HALF});
    assert_resized(0, 0, INT_MAX, FIRSTFIT);
    assert_nothing_free();
    Mem_Region *r = Mem_DefaultRegion();
    ck_assert_ptr_eq(Mem_RegionRealloc(r, region, (size_t)INT_MAX + 1, FIRSTFIT), region);
    assert_refused(E_NO_SPACE, Mem_RegionRealloc(r, region, (size_t)INT_MAX + 2, FIRSTFIT));
    assert_resized(0, 0, MOST, WORSTFIT);
    assert_list({MOST, 16});
    assert_resized(0, 0, 16, BESTFIT);
    assert_list({16, MOST});
    ck_assert_int_eq(region[15], 'x');
    assert_succeeds(release(0));
    assert_list({0, MOST}); /* 2 GiB, more than an int shows */
}
END_TEST

START_TEST(test_object_moves_from_one_end_of_2_GiB_to_the_other) {
    enum { TAIL = 64 * KIB, WALL_SIZE = INT_MAX - 15 - TAIL + 16 - 32 };
    init_region(INT_MAX);
    resize = calls[_i];
    assert_placed(0, 32, FIRSTFIT);
    assert_placed(32, WALL_SIZE, FIRSTFIT);
    fill(region, 32, 3);
    assert_list({32 + WALL_SIZE, TAIL});
    assert_resized(0, 32 + WALL_SIZE, 10000, FIRSTFIT);
    ck_assert(holds(region + 32 + WALL_SIZE, 32, 3));
    assert_list({0, 32}, {32 + WALL_SIZE + 10000, TAIL - 10000});
    assert_resized(32 + WALL_SIZE, 32 + WALL_SIZE, TAIL, FIRSTFIT);
    assert_list({0, 32});
}
END_TEST

int main(void) {
    TCase *tests = new_case("realloc: place");

    tcase_add_loop_test(tests, test_tail_is_joined_with_the_free_chunk_that_follows, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_tail_becomes_a_chunk_of_its_own_before_a_live_object, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_tail_at_the_end_of_the_region_becomes_a_chunk, 0, CALLS);
    tcase_add_loop_test(tests, test_object_shrinks_in_a_full_region, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_of_the_last_granules_shrinks_and_grows, 0, CALLS);
    tcase_add_loop_test(tests, test_nothing_changes_within_the_same_granules, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_nothing_changes_within_the_same_granules_of_a_full_region, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_object_grows_into_a_part_of_the_chunk_that_follows, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_grows_over_the_whole_chunk_that_follows, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_stays_although_its_style_prefers_another_chunk, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_object_stays_when_only_the_sum_is_large_enough, 0, CALLS);
    tcase_add_loop_test(tests, test_object_grows_to_the_whole_region_and_shrinks_again, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_growth_is_exact_whatever_the_nodes_say, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_to_the_first_fit, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_to_the_worst_fit, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_to_the_best_fit, 0, CALLS);
    tcase_add_loop_test(
        tests, test_object_moves_down_into_the_chunk_before_it_if_that_is_large_enough, 0, CALLS);
    tcase_add_loop_test(tests, test_object_moves_down_into_exactly_the_chunk_before_it, 0, CALLS);
    tcase_add_loop_test(tests, test_old_place_is_joined_with_the_chunks_on_both_sides, 0, CALLS);
    tcase_add_loop_test(tests, test_old_place_between_objects_becomes_a_chunk_of_its_own, 0, CALLS);
    tcase_add_loop_test(tests,
                        test_object_moves_when_the_chunk_that_follows_is_one_granule_too_small, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_of_the_last_bytes_moves_and_leaves_a_chunk_there, 0,
                        CALLS);
    if (can_map_int_max()) {
        tcase_add_loop_test(tests, test_object_grows_to_2_GiB_and_shrinks_in_place, 0, CALLS);
        tcase_add_loop_test(tests, test_object_moves_from_one_end_of_2_GiB_to_the_other, 0, CALLS);
    }
    return run_case(tests);
}
