/*
 * test_stats.c - Mem_GetStats and Mem_RegionGetStats: every figure is exact
 * after every kind of call, counts whole granules, and is the region's own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "expected.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- a full region ---- */

/* Places objects of these sizes one behind the other, and an object over all the rest. */
static void fill_region(const int *sizes, size_t count) {
    int offset = 0;
    init_and_expect(REGION);
    for (size_t i = 0; i < count; offset += sizes[i++]) {
        assert_placed(offset, sizes[i], FIRSTFIT);
        expect_object((size_t)sizes[i]);
    }
    assert_placed(offset, REGION - offset, FIRSTFIT);
    expect_object((size_t)(REGION - offset));
    expect_chunks(0, 0);
    assert_expected();
}

/* Four objects, and one over the rest. */
static const int four[] = {64, 128, 4096, 512};

/* ---- no region, no stats ---- */

START_TEST(test_before_init_it_is_E_BAD_ARGS) {
    struct Mem_Stats stats;
    assert_fails(E_BAD_ARGS, Mem_GetStats(&stats));
    assert_fails(E_BAD_ARGS, Mem_GetStats(NULL));
}
END_TEST

START_TEST(test_null_is_E_BAD_ARGS) {
    struct Mem_Stats stats;
    init_and_expect(REGION);
    assert_fails(E_BAD_ARGS, Mem_GetStats(NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionGetStats(Mem_DefaultRegion(), NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionGetStats(NULL, &stats));
    assert_fails(E_BAD_ARGS, Mem_RegionGetStats(NULL, NULL));
    assert_expected();
}
END_TEST

START_TEST(test_success_leaves_m_error_alone) {
    struct Mem_Stats stats;
    init_region(REGION);
    assert_succeeds(Mem_GetStats(&stats));
    assert_succeeds(Mem_RegionGetStats(Mem_DefaultRegion(), &stats));
}
END_TEST

START_TEST(test_calls_before_init_are_counted_nowhere) {
    assert_refused(E_NO_SPACE, Mem_Alloc(16, FIRSTFIT));
    assert_refused(E_NO_SPACE, Mem_Calloc(1, 16, FIRSTFIT));
    assert_fails(E_BAD_POINTER, Mem_Free(&region));
    init_and_expect(REGION);
}
END_TEST

/* ---- the size of the region ---- */

START_TEST(test_region_bytes_are_all_that_can_be_allocated) {
    const int p = (int)page(), sizes[] = {1, p, p + 1, REGION, 1 << 20, (1 << 24) - 1};
    init_and_expect(sizes[_i]);
    assert_placed(0, (int)region_size, FIRSTFIT);
    expect_object(region_size);
    expect_chunks(0, 0);
    assert_expected();
}
END_TEST

/* No figure is cut to what an int holds. */
START_TEST(test_2_GiB_are_told_in_full) {
    init_and_expect(INT_MAX);
    ck_assert_uint_eq(expected.region_bytes, (size_t)INT_MAX + 1);
    assert_placed(0, INT_MAX, FIRSTFIT);
    expect_object((size_t)INT_MAX + 1);
    expect_chunks(0, 0);
    assert_expected();
    assert_succeeds(release(0));
    expect_free((size_t)INT_MAX + 1);
    expect_chunks(1, (size_t)INT_MAX + 1);
    assert_expected();
}
END_TEST

START_TEST(test_region_and_index_of_a_placed_region_fit_its_memory) {
    static char memory[REGION];
    Mem_Region *placed = Mem_RegionPlace(memory, REGION - (size_t)_i);
    ck_assert_ptr_nonnull(placed);
    const struct Mem_Stats stats = figures(placed);
    ck_assert_uint_gt(stats.index_bytes, 0);
    ck_assert_uint_le(stats.region_bytes + stats.index_bytes, REGION - (size_t)_i);
    expect_fresh(placed, stats.region_bytes);
    assert_succeeds(Mem_RegionDestroy(placed));
}
END_TEST

/* ---- objects come ---- */

START_TEST(test_allocation_counts_whole_granules) {
    const int sizes[] = {1, 15, 16, 17, 31, 32, 33, 1008, 1024, 1025, 4079, 4080, 4081, 4096, 4097};
    init_and_expect(REGION);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        ck_assert_ptr_nonnull(Mem_Alloc(sizes[i], styles[_i]));
        expect_object((size_t)sizes[i]);
        expect_chunks(1, REGION - expected.live_bytes);
        assert_expected();
    }
}
END_TEST

START_TEST(test_calloc_is_an_allocation) {
    init_and_expect(REGION);
    ck_assert_ptr_nonnull(Mem_Calloc(3, 7, styles[_i]));
    expect_object(21);
    expect_chunks(1, REGION - 32);
    assert_expected();
    ck_assert_ptr_nonnull(Mem_Calloc(257, 16, styles[_i]));
    expect_object(4112);
    expect_chunks(1, REGION - 32 - 4112);
    assert_expected();
}
END_TEST

START_TEST(test_resize_of_null_is_an_allocation) {
    init_and_expect(REGION);
    ck_assert_ptr_nonnull(Mem_Realloc(NULL, 100, styles[_i]));
    expect_object(100);
    expect_chunks(1, REGION - 112);
    assert_expected();
}
END_TEST

START_TEST(test_last_granule_leaves_no_chunk) {
    init_and_expect(REGION);
    assert_placed(0, REGION - GRANULE, styles[_i]);
    expect_object(REGION - GRANULE);
    expect_chunks(1, GRANULE);
    assert_expected();
    assert_placed(REGION - GRANULE, 1, styles[_i]);
    expect_object(1);
    expect_chunks(0, 0);
    assert_expected();
}
END_TEST

/* The gap stays free all the time: it is a chunk, and no part of the peak. */
START_TEST(test_gap_of_an_aligned_object_is_never_live) {
    init_and_expect(REGION);
    assert_placed(0, GRANULE, FIRSTFIT);
    expect_object(GRANULE);
    ck_assert_ptr_eq(Mem_AlignedAlloc(4096, 100, styles[_i]), region + 4096);
    expect_object(100);
    expect_chunks(2, REGION - 4096 - 112);
    assert_expected();
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, GRANULE + 112);
}
END_TEST

/* The gap is all that is left, or nothing is. */
START_TEST(test_aligned_object_at_the_end_of_its_chunk) {
    init_and_expect(REGION);
    assert_placed(0, GRANULE, FIRSTFIT);
    expect_object(GRANULE);
    ck_assert_ptr_eq(Mem_AlignedAlloc(4096, REGION - 4096, styles[_i]), region + 4096);
    expect_object(REGION - 4096);
    expect_chunks(1, 4096 - GRANULE);
    assert_expected();
    ck_assert_ptr_eq(Mem_AlignedAlloc(16, 4096 - GRANULE, styles[_i]), region + GRANULE);
    expect_object(4096 - GRANULE);
    expect_chunks(0, 0);
    assert_expected();
}
END_TEST

START_TEST(test_aligned_object_without_a_gap) {
    init_and_expect(REGION);
    ck_assert_ptr_eq(Mem_AlignedAlloc(1024, 100, styles[_i]), region);
    expect_object(100);
    expect_chunks(1, REGION - 112);
    assert_expected();
}
END_TEST

/* ---- objects go ---- */

static void free_in_order(const int *offsets, const int *sizes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_succeeds(release(offsets[i]));
        expect_free((size_t)sizes[i]);
    }
}

START_TEST(test_free_that_joins_nothing) {
    fill_region(four, 4);
    free_in_order((const int[]){64}, (const int[]){128}, 1);
    expect_chunks(1, 128);
    assert_expected();
    free_in_order((const int[]){4288}, (const int[]){512}, 1);
    expect_chunks(2, 512);
    assert_expected();
}
END_TEST

START_TEST(test_free_that_joins_the_chunk_before) {
    fill_region(four, 4);
    free_in_order((const int[]){0, 64}, (const int[]){64, 128}, 2);
    expect_chunks(1, 64 + 128);
    assert_expected();
}
END_TEST

START_TEST(test_free_that_joins_the_chunk_behind) {
    fill_region(four, 4);
    free_in_order((const int[]){64, 0}, (const int[]){128, 64}, 2);
    expect_chunks(1, 64 + 128);
    assert_expected();
}
END_TEST

START_TEST(test_free_that_joins_the_chunks_on_both_sides) {
    fill_region(four, 4);
    free_in_order((const int[]){64, 4288}, (const int[]){128, 512}, 2);
    expect_chunks(2, 512);
    assert_expected();
    free_in_order((const int[]){192}, (const int[]){4096}, 1);
    expect_chunks(1, 128 + 4096 + 512);
    assert_expected();
}
END_TEST

START_TEST(test_free_of_everything_leaves_one_chunk) {
    fill_region(four, 4);
    free_in_order((const int[]){4288, 0, 192, 64}, (const int[]){512, 64, 4096, 128}, 4);
    expect_chunks(1, 4800);
    assert_expected();
    free_in_order((const int[]){4800}, (const int[]){REGION - 4800}, 1);
    expect_chunks(1, REGION);
    assert_expected();
}
END_TEST

START_TEST(test_free_of_null_is_counted_nowhere) {
    init_and_expect(REGION);
    assert_succeeds(Mem_Free(NULL));
    assert_succeeds(Mem_RegionFree(Mem_DefaultRegion(), NULL));
    assert_expected();
}
END_TEST

/* ---- resizes ---- */

/* An object of 64 bytes, a chunk of 128, an object of 64, and the rest free. */
static void make_hole(void) {
    init_and_expect(REGION);
    assert_placed(0, 64, FIRSTFIT);
    assert_placed(64, 128, FIRSTFIT);
    assert_placed(192, 64, FIRSTFIT);
    assert_succeeds(release(64));
    expect_object(64);
    expect_object(128);
    expect_object(64);
    expect_free(128);
    expect_chunks(2, REGION - 256);
    assert_expected();
}

START_TEST(test_resize_in_place_upwards_is_no_allocation) {
    make_hole();
    ck_assert_ptr_eq(Mem_Realloc(region, 100, styles[_i]), region);
    expect_live(expected.live_bytes + 48);
    assert_expected();
    ck_assert_ptr_eq(Mem_Realloc(region, 192, styles[_i]), region); /* the whole chunk */
    expect_live(expected.live_bytes + 80);
    expect_chunks(1, REGION - 256);
    assert_expected();
}
END_TEST

START_TEST(test_resize_in_place_downwards_is_no_allocation) {
    make_hole();
    ck_assert_ptr_eq(Mem_Realloc(region + 192, 33, styles[_i]), region + 192);
    expect_live(expected.live_bytes - 16); /* the rest joins the chunk behind */
    expect_chunks(2, REGION - 240);
    assert_expected();
    assert_placed(64, 128, BESTFIT);
    expect_object(128);
    ck_assert_ptr_eq(Mem_Realloc(region, 1, styles[_i]), region);
    expect_live(expected.live_bytes - 48); /* the rest is a chunk of its own */
    assert_expected();
}
END_TEST

START_TEST(test_resize_within_the_last_granule_changes_nothing) {
    make_hole();
    for (int size = 49; size <= 64; size++) {
        ck_assert_ptr_eq(Mem_Realloc(region, size, styles[_i]), region);
        assert_expected();
    }
}
END_TEST

/* Growing in place never takes the old object and the new one at once. */
START_TEST(test_peak_of_a_resize_in_place_is_the_larger_object) {
    init_and_expect(REGION);
    assert_placed(0, REGION / 2, FIRSTFIT);
    expect_object(REGION / 2);
    ck_assert_ptr_eq(Mem_Realloc(region, REGION, styles[_i]), region);
    expect_live(REGION);
    expect_chunks(0, 0);
    assert_expected();
    ck_assert_ptr_eq(Mem_Realloc(region, 16, styles[_i]), region);
    expect_live(16);
    expect_chunks(1, REGION - 16);
    assert_expected();
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, REGION);
}
END_TEST

/* It is one object handed out and one taken back, and for a moment both live. */
START_TEST(test_peak_of_a_resize_that_moves_counts_both_objects) {
    make_hole();
    ck_assert_ptr_eq(Mem_Realloc(region, 400, FIRSTFIT), region + 256);
    expect_object(400);
    expect_free(64);
    expect_chunks(2, REGION - 256 - 400);
    assert_expected();
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, 64 + 64 + 400);
}
END_TEST

START_TEST(test_peak_from_before_outlives_a_resize_that_moves) {
    make_hole();
    assert_placed(256, 4096, FIRSTFIT);
    expect_object(4096);
    assert_succeeds(release(256));
    expect_free(4096);
    ck_assert_ptr_eq(Mem_Realloc(region, 400, FIRSTFIT), region + 256);
    expect_object(400);
    expect_free(64);
    expect_chunks(2, REGION - 256 - 400);
    assert_expected();
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, 64 + 64 + 4096);
}
END_TEST

/* ---- the peak ---- */

START_TEST(test_peak_is_the_most_that_was_ever_live) {
    init_and_expect(REGION);
    for (int high = 16; high <= 8192; high *= 2) {
        assert_placed(0, high, FIRSTFIT);
        expect_object((size_t)high);
        expect_chunks(1, (size_t)(REGION - high));
        assert_expected();
        ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, high);
        assert_succeeds(release(0));
        assert_placed(0, high / 2, FIRSTFIT);
        assert_succeeds(release(0));
        expect_free((size_t)high);
        expect_object((size_t)high / 2);
        expect_free((size_t)high / 2);
        expect_chunks(1, REGION);
        assert_expected();
    }
}
END_TEST

/* Each peak is over before the figures are read. */
START_TEST(test_peak_is_known_though_nobody_looked) {
    init_region(REGION);
    assert_placed(0, 1024, FIRSTFIT);
    assert_succeeds(release(0));
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, 1024);
    assert_placed(0, 2048, FIRSTFIT);
    ck_assert_ptr_eq(Mem_Realloc(region, 16, FIRSTFIT), region);
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, 2048);
    ck_assert_ptr_eq(Mem_Realloc(region, 4096, FIRSTFIT), region);
    ck_assert_ptr_eq(Mem_Realloc(region, 32, FIRSTFIT), region);
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, 4096);
    assert_placed(32, 16, FIRSTFIT);
    ck_assert_ptr_eq(Mem_Realloc(region, 4096, FIRSTFIT), region + 48); /* both, for a moment */
    assert_succeeds(release(48));
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, 32 + 16 + 4096);
    ck_assert_ptr_eq(Mem_AlignedAlloc(4096, 8192, FIRSTFIT), region + 4096);
    assert_refused(E_NO_SPACE, Mem_Alloc(REGION, FIRSTFIT));
    assert_succeeds(release(4096));
    ck_assert_uint_eq(figures(Mem_DefaultRegion()).peak_live_bytes, 16 + 8192);
}
END_TEST

START_TEST(test_peak_follows_live_bytes_again_once_they_exceed_it) {
    init_and_expect(REGION);
    assert_placed(0, 1024, FIRSTFIT);
    expect_object(1024);
    assert_succeeds(release(0));
    expect_free(1024);
    for (int i = 0; i < 128; i++) {
        assert_placed(i * GRANULE, GRANULE, FIRSTFIT);
        expect_object(GRANULE);
        expect_chunks(1, (size_t)(REGION - (i + 1) * GRANULE));
        assert_expected();
    }
}
END_TEST

/* ---- what fails ---- */

START_TEST(test_refusals_are_counted) {
    fill_region(four, 4);
    assert_succeeds(release(192));
    expect_free(4096);
    expect_chunks(1, 4096);
    assert_refused(E_NO_SPACE, Mem_Alloc(4097, styles[_i]));
    expected.refused = 1;
    assert_expected();
    assert_refused(E_NO_SPACE, Mem_Alloc(INT_MAX, styles[_i]));
    assert_refused(E_NO_SPACE, Mem_Calloc(4097, 1, styles[_i]));
    assert_refused(E_NO_SPACE, Mem_AlignedAlloc(4096, 4096, styles[_i]));
    assert_refused(E_NO_SPACE, Mem_Realloc(NULL, 4097, styles[_i]));
    expected.refused = 5;
    assert_expected();
    assert_refused(E_NO_SPACE, Mem_Realloc(region, 4097, styles[_i]));
    expected.refused = 6;
    assert_expected();
    assert_refused(E_NO_SPACE, Mem_RegionAlloc(Mem_DefaultRegion(), SIZE_MAX, styles[_i]));
    assert_refused(E_NO_SPACE, Mem_RegionAlloc(Mem_DefaultRegion(), 4097, styles[_i]));
    expected.refused = 8;
    assert_expected();
}
END_TEST

START_TEST(test_bad_frees_are_counted) {
    void *const bad[] = {&expected, (void *)1, (void *)-16};
    const int offsets[] = {0, 1, 8, 16, 192, 208, 4304, -16, REGION};
    fill_region(four, 4);
    assert_succeeds(release(0));
    assert_succeeds(release(192));
    expect_free(64);
    expect_free(4096);
    expect_chunks(2, 4096);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_fails(E_BAD_POINTER, Mem_Free(bad[i]));
    expected.bad_frees = COUNT(bad);
    for (size_t i = 0; i < COUNT(offsets); i++) {
        assert_fails(E_BAD_POINTER, release(offsets[i]));
        expected.bad_frees++;
        assert_expected();
    }
    assert_fails(E_BAD_POINTER, Mem_RegionFree(Mem_DefaultRegion(), region));
    expected.bad_frees++;
    assert_expected();
}
END_TEST

/* bad_frees counts calls of Mem_Free; others may fail with the same error. */
START_TEST(test_other_bad_pointers_are_no_bad_frees) {
    make_hole();
    assert_refused(E_BAD_POINTER, Mem_Realloc(region + 64, 16, FIRSTFIT));
    assert_refused(E_BAD_POINTER, Mem_Realloc(region + 8, 16, FIRSTFIT));
    assert_refused(E_BAD_POINTER, Mem_Realloc(&expected, INT_MAX, FIRSTFIT));
    assert_fails(E_BAD_POINTER, Mem_Size(region + 64));
    assert_fails(E_BAD_POINTER, Mem_Size(NULL));
    assert_expected();
}
END_TEST

START_TEST(test_bad_arguments_are_counted_nowhere) {
    make_hole();
    assert_refused(E_BAD_ARGS, Mem_Alloc(0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Alloc(-1, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Alloc(16, 3));
    assert_refused(E_BAD_ARGS, Mem_Alloc(INT_MAX, -1));
    assert_refused(E_BAD_ARGS, Mem_Calloc(0, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Calloc(INT_MAX, 2, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region, 32, 3));
    assert_refused(E_BAD_ARGS, Mem_Realloc(region + 64, -1, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(24, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(2 * REGION, 16, FIRSTFIT));
    assert_fails(E_BAD_ARGS, Mem_Init(REGION));
    assert_expected();
}
END_TEST

static void look_around(void) {
    ck_assert_int_eq(Mem_Check(), 0);
    ck_assert_int_eq(Mem_Size(region), 64);
    ck_assert_ptr_nonnull(Mem_FreeList());
    ck_assert_int_eq(Mem_Walk(go_on, NULL), 0);
    Mem_Trim();
    Mem_Dump();
}

START_TEST(test_calls_that_only_look_change_nothing) {
    make_hole();
    free(captured(look_around));
    assert_expected();
}
END_TEST

/* ---- other regions ---- */

START_TEST(test_regions_count_apart) {
    Mem_Region *regions[REGION_KINDS];
    struct Mem_Stats before[REGION_KINDS];
    for (int i = 0; i < REGION_KINDS; i++) {
        regions[i] = make_region(i);
        before[i] = figures(regions[i]);
    }
    Mem_Region *own = regions[_i];
    expect_fresh(own, before[_i].region_bytes);
    char *object = Mem_RegionAlloc(own, 100, FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    expect_object(100);
    expect_chunks(1, expected.region_bytes - 112);
    assert_refused(E_NO_SPACE, Mem_RegionAlloc(own, 2 * REGION, FIRSTFIT));
    assert_fails(E_BAD_POINTER, Mem_RegionFree(own, object + 16));
    expected.refused = expected.bad_frees = 1;
    assert_figures_of(own, &expected);
    for (int i = 0; i < REGION_KINDS; i++)
        if (i != _i)
            assert_figures_of(regions[i], &before[i]);
}
END_TEST

START_TEST(test_pointer_of_another_region_is_a_bad_free_of_the_region_named) {
    Mem_Region *one = make_region(CREATED), *other = make_region(PLACED);
    char *object = Mem_RegionAlloc(one, 16, FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    assert_fails(E_BAD_POINTER, Mem_RegionFree(other, object));
    ck_assert_uint_eq(figures(one).bad_frees, 0);
    ck_assert_uint_eq(figures(other).bad_frees, 1);
    ck_assert_uint_eq(figures(one).live_blocks, 1);
}
END_TEST

START_TEST(test_both_ways_to_the_default_region_tell_the_same) {
    struct Mem_Stats stats;
    make_hole();
    assert_fails(E_BAD_POINTER, Mem_Free(&stats));
    assert_refused(E_NO_SPACE, Mem_Alloc(REGION, FIRSTFIT));
    expected.bad_frees = expected.refused = 1;
    memset(&stats, 0xa5, sizeof stats);
    assert_succeeds(Mem_GetStats(&stats));
    const struct Mem_Stats of_region = figures(Mem_DefaultRegion());
    ck_assert_int_eq(memcmp(&stats, &of_region, sizeof stats), 0);
    assert_expected();
}
END_TEST

START_TEST(test_new_region_counts_from_0) {
    Mem_Region *first = make_region(CREATED);
    const size_t bytes = figures(first).region_bytes;
    ck_assert_ptr_nonnull(Mem_RegionAlloc(first, 1000, FIRSTFIT));
    assert_refused(E_NO_SPACE, Mem_RegionAlloc(first, bytes, FIRSTFIT));
    assert_fails(E_BAD_POINTER, Mem_RegionFree(first, &expected));
    assert_succeeds(Mem_RegionDestroy(first));
    expect_fresh(make_region(CREATED), bytes);
}
END_TEST

int main(void) {
    TCase *tests = new_case("stats");

    tcase_add_loop_test(tests, test_allocation_counts_whole_granules, 0, STYLES);
    tcase_add_loop_test(tests, test_calloc_is_an_allocation, 0, STYLES);
    tcase_add_loop_test(tests, test_resize_of_null_is_an_allocation, 0, STYLES);
    tcase_add_loop_test(tests, test_last_granule_leaves_no_chunk, 0, STYLES);
    tcase_add_loop_test(tests, test_gap_of_an_aligned_object_is_never_live, 0, STYLES);
    tcase_add_loop_test(tests, test_aligned_object_at_the_end_of_its_chunk, 0, STYLES);
    tcase_add_loop_test(tests, test_aligned_object_without_a_gap, 0, STYLES);
    tcase_add_test(tests, test_free_that_joins_nothing);
    tcase_add_test(tests, test_free_that_joins_the_chunk_before);
    tcase_add_test(tests, test_free_that_joins_the_chunk_behind);
    tcase_add_test(tests, test_free_that_joins_the_chunks_on_both_sides);
    tcase_add_test(tests, test_free_of_everything_leaves_one_chunk);
    tcase_add_test(tests, test_free_of_null_is_counted_nowhere);
    tcase_add_loop_test(tests, test_resize_in_place_upwards_is_no_allocation, 0, STYLES);
    tcase_add_loop_test(tests, test_resize_in_place_downwards_is_no_allocation, 0, STYLES);
    tcase_add_loop_test(tests, test_resize_within_the_last_granule_changes_nothing, 0, STYLES);
    tcase_add_loop_test(tests, test_peak_of_a_resize_in_place_is_the_larger_object, 0, STYLES);
    tcase_add_test(tests, test_peak_of_a_resize_that_moves_counts_both_objects);
    tcase_add_test(tests, test_peak_from_before_outlives_a_resize_that_moves);
    tcase_add_test(tests, test_peak_is_the_most_that_was_ever_live);
    tcase_add_test(tests, test_peak_is_known_though_nobody_looked);
    tcase_add_test(tests, test_peak_follows_live_bytes_again_once_they_exceed_it);
    tcase_add_loop_test(tests, test_refusals_are_counted, 0, STYLES);
    tcase_add_test(tests, test_bad_frees_are_counted);
    tcase_add_test(tests, test_other_bad_pointers_are_no_bad_frees);
    tcase_add_test(tests, test_bad_arguments_are_counted_nowhere);
    tcase_add_test(tests, test_calls_that_only_look_change_nothing);
    tcase_add_test(tests, test_before_init_it_is_E_BAD_ARGS);
    tcase_add_test(tests, test_null_is_E_BAD_ARGS);
    tcase_add_test(tests, test_success_leaves_m_error_alone);
    tcase_add_test(tests, test_calls_before_init_are_counted_nowhere);
    tcase_add_loop_test(tests, test_region_bytes_are_all_that_can_be_allocated, 0, 6);
    if (can_map_int_max())
        tcase_add_test(tests, test_2_GiB_are_told_in_full);
    tcase_add_loop_test(tests, test_region_and_index_of_a_placed_region_fit_its_memory, 0, 20);
    tcase_add_loop_test(tests, test_regions_count_apart, 0, REGION_KINDS);
    tcase_add_test(tests, test_pointer_of_another_region_is_a_bad_free_of_the_region_named);
    tcase_add_test(tests, test_both_ways_to_the_default_region_tell_the_same);
    tcase_add_test(tests, test_new_region_counts_from_0);
    return run_case(tests);
}
