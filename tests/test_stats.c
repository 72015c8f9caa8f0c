/*
 * test_stats.c - Mem_GetStats and Mem_RegionGetStats: every figure is exact
 * after every kind of call, counts whole granules, and is the region's own.
 *
 * A test keeps the figures as they must be in `expected`, changes them step by
 * step, and compares them all.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

static const int styles[] = {BESTFIT, WORSTFIT, FIRSTFIT};
enum { STYLES = COUNT(styles) };

/* ---- figures ---- */

static struct Mem_Stats expected;

/* What is returned must have come from the call: each byte is wrong before. */
static struct Mem_Stats figures(Mem_Region *of) {
    struct Mem_Stats stats;
    memset(&stats, 0xa5, sizeof stats);
    must(Mem_RegionGetStats(of, &stats) == 0);
    return stats;
}

static void compare(const char *figure, unsigned long long is, unsigned long long wanted) {
    if (is != wanted)
        ck_abort_msg("%s must be %llu, but is %llu", figure, wanted, is);
}

/* What the fields say of each other, whatever the region: NULL, or what does not hold. */
static const char *disagreement(const struct Mem_Stats *stats) {
    if (stats->live_bytes + stats->free_bytes != stats->region_bytes)
        return "live_bytes + free_bytes == region_bytes";
    if (stats->frees != stats->allocations - stats->live_blocks)
        return "frees == allocations - live_blocks";
    if (stats->peak_live_bytes < stats->live_bytes || stats->peak_live_bytes > stats->region_bytes)
        return "live_bytes <= peak_live_bytes <= region_bytes";
    if (stats->largest_free > stats->free_bytes)
        return "largest_free <= free_bytes";
    if (stats->largest_free * stats->free_chunks < stats->free_bytes)
        return "largest_free * free_chunks >= free_bytes";
    if ((stats->live_blocks == 0) != (stats->live_bytes == 0))
        return "no block lives without bytes";
    if ((stats->free_chunks == 0) != (stats->free_bytes == 0))
        return "no chunk is free without bytes";
    for (size_t i = 0; i < COUNT(stats->reserved); i++)
        if (stats->reserved[i] != 0)
            return "reserved is 0";
    return NULL;
}

static void assert_figures_agree(const struct Mem_Stats *stats) {
    if (disagreement(stats) != NULL)
        ck_abort_msg("it does not hold that %s", disagreement(stats));
}

static void assert_figures_of(Mem_Region *of, const struct Mem_Stats *wanted) {
    const struct Mem_Stats is = figures(of);
    compare("region_bytes", is.region_bytes, wanted->region_bytes);
    compare("index_bytes", is.index_bytes, wanted->index_bytes);
    compare("live_bytes", is.live_bytes, wanted->live_bytes);
    compare("live_blocks", is.live_blocks, wanted->live_blocks);
    compare("peak_live_bytes", is.peak_live_bytes, wanted->peak_live_bytes);
    compare("free_chunks", is.free_chunks, wanted->free_chunks);
    compare("largest_free", is.largest_free, wanted->largest_free);
    compare("allocations", is.allocations, wanted->allocations);
    compare("refused", is.refused, wanted->refused);
    compare("bad_frees", is.bad_frees, wanted->bad_frees);
    assert_figures_agree(&is);
}

static void assert_expected(void) {
    assert_figures_of(Mem_DefaultRegion(), &expected);
}

/* ---- how the figures must change ---- */

static void expect_fresh(Mem_Region *of, size_t size) {
    expected = (struct Mem_Stats){.region_bytes = size,
                                  .index_bytes = figures(of).index_bytes,
                                  .free_chunks = 1,
                                  .largest_free = size};
    ck_assert_uint_gt(expected.index_bytes, 0);
    assert_figures_of(of, &expected);
}

static void init_and_expect(int size) {
    init_region(size);
    expect_fresh(Mem_DefaultRegion(), region_size);
}

static size_t rounded(size_t size) {
    return (size + GRANULE - 1) / GRANULE * GRANULE;
}

static void expect_live(size_t bytes) {
    expected.live_bytes = bytes;
    if (bytes > expected.peak_live_bytes)
        expected.peak_live_bytes = bytes;
}

static void expect_object(size_t size) {
    expected.allocations++;
    expected.live_blocks++;
    expect_live(expected.live_bytes + rounded(size));
}

static void expect_free(size_t size) {
    expected.live_blocks--;
    expect_live(expected.live_bytes - rounded(size));
}

static void expect_chunks(size_t count, size_t largest) {
    expected.free_chunks = count;
    expected.largest_free = largest;
}

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

/* Four objects, and one over the rest. */
static const int four[] = {64, 128, 4096, 512};

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

/* Each is over before anybody asks. */
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

static int go_on(const struct Mem_Block *block, void *context) {
    (void)block;
    (void)context;
    return 0;
}

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

/* ---- the largest chunk ---- */

/* Sizes at which one part of an index may hand over to another: the segment of 1 KiB, and 255
 * and 256 granules. */
static const int edges[] = {16,   1008, 1024, 1040, 2048, 4048, 4064,
                            4080, 4096, 4112, 4128, 5104, 5120, 8176};
enum { EDGES = COUNT(edges) };

static void assert_largest(size_t bytes) {
    compare("largest_free", figures(Mem_DefaultRegion()).largest_free, bytes);
}

/* The larger of two chunks goes and comes again, then both. */
START_TEST(test_largest_of_two_chunks_is_exact) {
    struct chunk two[] = {{0, edges[_i / EDGES]}, {0, edges[_i % EDGES]}};
    const int larger = two[0].size >= two[1].size ? 0 : 1, smaller = 1 - larger;
    const size_t large = (size_t)two[larger].size, small = (size_t)two[smaller].size;

    init_region(REGION);
    cut_chunks(two, COUNT(two));
    assert_largest(large);
    assert_placed(two[larger].offset, two[larger].size, WORSTFIT);
    assert_largest(small);
    assert_placed(two[smaller].offset, two[smaller].size, WORSTFIT);
    assert_largest(0);
    assert_succeeds(release(two[smaller].offset));
    assert_largest(small);
    assert_succeeds(release(two[larger].offset));
    assert_largest(large);
    assert_placed(two[larger].offset, GRANULE, WORSTFIT);
    assert_largest(large - GRANULE > small ? large - GRANULE : small);
}
END_TEST

/* One chunk grows and shrinks granule by granule beside one that stays; it begins at several places
 * of its segment. */
enum { STEPS = 300 };

static void make_granules(int first) {
    init_region(REGION);
    for (int g = 0; g < REGION / GRANULE; g++)
        must(place(GRANULE, FIRSTFIT) == g * GRANULE);
    for (int g = 0; g < 255; g++) /* the chunk that stays: 4080 bytes */
        must(release((first + STEPS + 1 + g) * GRANULE) == 0);
    assert_largest(4080);
}

static size_t larger_of_4080_and(int granules) {
    return granules > 255 ? (size_t)granules * GRANULE : 4080;
}

START_TEST(test_largest_is_exact_while_a_chunk_grows_upwards_and_shrinks) {
    const int first = _i * 21;
    make_granules(first);
    for (int n = 1; n <= STEPS; n++) {
        must(release((first + n - 1) * GRANULE) == 0);
        assert_largest(larger_of_4080_and(n));
    }
    for (int n = STEPS - 1; n > 255; n--) {
        must(place(GRANULE, FIRSTFIT) == (first + STEPS - 1 - n) * GRANULE);
        assert_largest(larger_of_4080_and(n));
    }
    assert_sound();
}
END_TEST

START_TEST(test_largest_is_exact_while_a_chunk_grows_downwards_and_shrinks) {
    const int first = _i * 21;
    make_granules(first);
    for (int n = 1; n <= STEPS; n++) {
        must(release((first + STEPS - n) * GRANULE) == 0);
        assert_largest(larger_of_4080_and(n));
    }
    for (int n = STEPS - 1; n >= 0; n--) { /* an object at its start takes more and more */
        char *object = n == STEPS - 1
                           ? Mem_Alloc(GRANULE, FIRSTFIT)
                           : Mem_Realloc(region + first * GRANULE, (STEPS - n) * GRANULE, FIRSTFIT);
        must(object == region + first * GRANULE);
        assert_largest(larger_of_4080_and(n));
    }
    assert_sound();
}
END_TEST

/* ---- other regions ---- */

enum { DEFAULT, CREATED, PLACED, KINDS };

static Mem_Region *make_region(int kind) {
    static char memory[REGION + REGION / 16];
    if (kind == CREATED)
        return Mem_RegionCreate(REGION);
    if (kind == PLACED)
        return Mem_RegionPlace(memory, sizeof memory);
    ck_assert_int_eq(Mem_Init(REGION), 0);
    return Mem_DefaultRegion();
}

START_TEST(test_regions_count_apart) {
    Mem_Region *regions[KINDS];
    struct Mem_Stats before[KINDS];
    for (int i = 0; i < KINDS; i++) {
        regions[i] = make_region(i);
        ck_assert_ptr_nonnull(regions[i]);
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
    for (int i = 0; i < KINDS; i++)
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

/* ---- random runs ---- */

/* The objects that live, and the sizes that they take. */
static struct {
    char *start;
    size_t size;
} objects[300];
static int live;

static Mem_Region *subject;
static uint64_t seed;

/* Mostly small, now and then next to an edge. */
static size_t random_size(void) {
    if (random_below(&seed, 4) == 0)
        return (size_t)edges[random_below(&seed, EDGES)] + random_below(&seed, 33) - 15;
    return 1 + random_below(&seed, 600);
}

/* The call of an allocation has returned that. */
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
    subject = make_region(_i % KINDS);
    ck_assert_ptr_nonnull(subject);
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

/* What a thread sees that looks on. */
struct watcher {
    int looks;
    const char *disagreement;
};

static void *watch(void *argument) {
    struct watcher *self = argument;
    while (!atomic_load(&stop) && self->disagreement == NULL) {
        struct Mem_Stats stats;
        memset(&stats, 0xa5, sizeof stats);
        Mem_GetStats(&stats);
        self->disagreement = disagreement(&stats);
        self->looks++;
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
    for (int i = 0; i < THREADS; i++)
        threads[i] = start_thread(allocate_and_free, &done[i]);
    for (int i = 0; i < THREADS; i++) {
        join_thread(threads[i]);
        ck_assert_int_eq(done[i], rounds(50000));
    }
    atomic_store(&stop, true);
    join_thread(watching);
    ck_assert_msg(watcher.disagreement == NULL, "it does not hold that %s", watcher.disagreement);
    ck_assert_int_gt(watcher.looks, 0);
    const struct Mem_Stats stats = figures(Mem_DefaultRegion());
    assert_figures_agree(&stats);
    ck_assert_uint_eq(stats.live_bytes, 0);
    ck_assert_uint_eq(stats.bad_frees, calls);
    ck_assert_uint_ge(stats.allocations + stats.refused, calls);
    assert_list({0, REGION});
}
END_TEST

static void add_tests_of_calls(TCase *tests) {
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
}

int main(void) {
    TCase *tests = new_case("stats");

    tcase_add_test(tests, test_before_init_it_is_E_BAD_ARGS);
    tcase_add_test(tests, test_null_is_E_BAD_ARGS);
    tcase_add_test(tests, test_success_leaves_m_error_alone);
    tcase_add_test(tests, test_calls_before_init_are_counted_nowhere);
    tcase_add_loop_test(tests, test_region_bytes_are_all_that_can_be_allocated, 0, 6);
    if (can_map_int_max())
        tcase_add_test(tests, test_2_GiB_are_told_in_full);
    tcase_add_loop_test(tests, test_region_and_index_of_a_placed_region_fit_its_memory, 0, 20);
    add_tests_of_calls(tests);
    tcase_add_loop_test(tests, test_largest_of_two_chunks_is_exact, 0, EDGES * EDGES);
    tcase_add_loop_test(tests, test_largest_is_exact_while_a_chunk_grows_upwards_and_shrinks, 0, 4);
    tcase_add_loop_test(tests, test_largest_is_exact_while_a_chunk_grows_downwards_and_shrinks, 0,
                        4);
    tcase_add_loop_test(tests, test_regions_count_apart, 0, KINDS);
    tcase_add_test(tests, test_pointer_of_another_region_is_a_bad_free_of_the_region_named);
    tcase_add_test(tests, test_both_ways_to_the_default_region_tell_the_same);
    tcase_add_test(tests, test_new_region_counts_from_0);
    tcase_add_loop_test(tests, test_random_calls_leave_exact_figures, 0, 2 * KINDS);
    tcase_add_test(tests, test_figures_are_of_one_moment_and_no_call_is_lost);
    return run_case(tests);
}
