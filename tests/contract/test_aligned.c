/*
 * test_aligned.c - Mem_AlignedAlloc and Mem_RegionAlignedAlloc: the chunk is the first, the largest
 * or the smallest of those in which the aligned object fits; the object lies in it as low as the
 * alignment allows; the gap before it stays free.
 *
 * Addresses are aligned, not offsets. A mapped region starts on a page, so its offsets show
 * alignments up to a page. For other regions and alignments, a naive search of the free list
 * computes the expected place.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "random.h"
#include "support.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

/* INT_MIN has a single bit set, as a power of two has. */
static const int no_powers[] = {
    0,    3,    5,    6,       7,           9,       12, 15, 17,  24,  48,          100,    1023,
    1025, 4095, 4097, 3 << 10, INT_MAX - 1, INT_MAX, -1, -2, -16, -64, INT_MIN + 1, INT_MIN};

/* ---- the two calls ---- */

static void *by_int(int alignment, int size, int style) {
    return Mem_AlignedAlloc(alignment, size, style);
}

static void *by_region(int alignment, int size, int style) {
    return Mem_RegionAlignedAlloc(Mem_DefaultRegion(), (size_t)alignment, (size_t)size, style);
}

static void *(*const calls[])(int alignment, int size, int style) = {by_int, by_region};
enum { CALLS = COUNT(calls) };

/* As place(), for an aligned object from calls[call]. */
static int place_aligned(int call, int alignment, int size, int style) {
    return offset_of(calls[call](alignment, size, style));
}

/* ---- arguments ---- */

START_TEST(test_alignment_that_is_no_power_of_two_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(no_powers); i++)
        for (int s = 0; s < STYLES; s++) {
            assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(no_powers[i], 16, styles[s]));
            assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(no_powers[i], REGION + 1, styles[s]));
        }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_alignment_that_is_no_power_of_two_is_E_BAD_ARGS_in_a_region) {
    const size_t alignments[] = {
        0, 3, 17, 48, SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX / 2, SIZE_MAX / 3, 0x10001};
    init_region(REGION);
    for (size_t i = 0; i < COUNT(alignments); i++)
        for (int s = 0; s < STYLES; s++)
            assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(Mem_DefaultRegion(), alignments[i],
                                                              16, styles[s]));
    for (size_t i = 0; i < COUNT(no_powers); i++)
        if (no_powers[i] >= 0)
            assert_refused(E_BAD_ARGS, by_region(no_powers[i], 16, FIRSTFIT));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_alignment_larger_than_the_region_is_E_BAD_ARGS) {
    init_region(REGION);
    for (int alignment = 2 * REGION; alignment <= 1 << 29; alignment *= 2)
        for (int s = 0; s < STYLES; s++)
            assert_refused(E_BAD_ARGS, calls[_i](alignment, 16, styles[s]));
    assert_refused(E_BAD_ARGS, calls[_i](1 << 30, 1, FIRSTFIT));
    assert_list({0, REGION});
}
END_TEST

/* Alignments that would look small, or 0, if only some of their bits were checked. */
START_TEST(test_alignment_that_no_int_holds_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t alignment = SIZE_MAX / 2 + 1; alignment > REGION; alignment /= 2)
        for (int s = 0; s < STYLES; s++)
            assert_refused(E_BAD_ARGS,
                           Mem_RegionAlignedAlloc(Mem_DefaultRegion(), alignment, 16, styles[s]));
    assert_list({0, REGION});
}
END_TEST

/* The region has 5 pages: an alignment of 4 pages is allowed, one of 8 is not. */
START_TEST(test_alignment_is_compared_with_what_the_region_has) {
    const int p = (int)page();
    init_region(5 * p);
    ck_assert_ptr_nonnull(calls[_i](4 * p, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](8 * p, 16, FIRSTFIT));
}
END_TEST

START_TEST(test_size_of_zero_or_less_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(bad_sizes); i++)
        for (int s = 0; s < STYLES; s++) {
            assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(1, bad_sizes[i], styles[s]));
            assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(16, bad_sizes[i], styles[s]));
            assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(1024, bad_sizes[i], styles[s]));
            assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(3, bad_sizes[i], styles[s]));
            assert_refused(E_BAD_ARGS, by_region(1 << (4 * s), 0, styles[s]));
        }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_unknown_style_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(bad_styles); i++) {
        assert_refused(E_BAD_ARGS, calls[_i](1, 16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, calls[_i](1024, 16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, calls[_i](1024, 0, bad_styles[i]));
        assert_refused(E_BAD_ARGS, calls[_i](48, 16, bad_styles[i]));
    }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_bad_arguments_are_found_before_lack_of_space) {
    init_region(REGION);
    assert_placed(0, REGION, FIRSTFIT);
    assert_refused(E_NO_SPACE, calls[_i](64, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](0, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](48, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](2 * REGION, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](2 * REGION, INT_MAX, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](64, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](64, 16, 3));
}
END_TEST

START_TEST(test_region_NULL_is_E_BAD_ARGS) {
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(NULL, 16, 16, FIRSTFIT));
    init_region(REGION);
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(NULL, 1, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(NULL, 64, 16, WORSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(NULL, 64, REGION + 1, BESTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(NULL, 3, 0, 99));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_before_init_every_good_call_is_E_NO_SPACE) {
    for (int alignment = 1; alignment <= 4096; alignment *= 2)
        for (int s = 0; s < STYLES; s++) {
            assert_refused(E_NO_SPACE, Mem_AlignedAlloc(alignment, 1, styles[s]));
            assert_refused(E_NO_SPACE, Mem_AlignedAlloc(alignment, INT_MAX, styles[s]));
        }
}
END_TEST

START_TEST(test_before_init_bad_arguments_are_found_first) {
    for (size_t i = 0; i < COUNT(no_powers); i++)
        assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(no_powers[i], 16, FIRSTFIT));
    for (size_t i = 0; i < COUNT(bad_sizes); i++) {
        assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(64, bad_sizes[i], FIRSTFIT));
        assert_refused(E_BAD_ARGS, Mem_AlignedAlloc(64, 16, bad_styles[i]));
    }
}
END_TEST

START_TEST(test_success_leaves_m_error_alone) {
    init_region(REGION);
    m_error = 4711;
    for (int s = 0; s < STYLES; s++)
        for (int alignment = 1; alignment <= 2048; alignment *= 2)
            ck_assert_ptr_nonnull(calls[_i](alignment, 16, styles[s]));
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

/* ---- where the object lies in its chunk ---- */

START_TEST(test_gap_before_the_object_and_the_rest_behind_it_stay_free) {
    init_region(REGION);
    assert_placed(0, 16, FIRSTFIT);
    ck_assert_int_eq(place_aligned(_i / STYLES, 64, 33, styles[_i % STYLES]), 64);
    assert_list({16, 48}, {112, REGION - 112});
    ck_assert_int_eq(place_aligned(_i / STYLES, 2048, 1, WORSTFIT), 2048);
    assert_list({16, 48}, {112, 2048 - 112}, {2064, REGION - 2064});
    assert_sound();
    assert_succeeds(release(2048));
    assert_list({16, 48}, {112, REGION - 112});
    assert_succeeds(release(64));
    assert_list({16, REGION - 16});
    assert_fails(E_BAD_POINTER, release(64));
    assert_fails(E_BAD_POINTER, release(16));
}
END_TEST

START_TEST(test_there_is_no_gap_where_the_chunk_is_aligned) {
    init_region(REGION);
    assert_placed(0, 512, FIRSTFIT);
    ck_assert_int_eq(place_aligned(_i / STYLES, 512, 100, styles[_i % STYLES]), 512);
    assert_list({624, REGION - 624});
    ck_assert_int_eq(place_aligned(_i / STYLES, 16, 16, styles[_i % STYLES]), 624);
    assert_list({640, REGION - 640});
    ck_assert_int_eq(place_aligned(_i / STYLES, 128, 128, styles[_i % STYLES]), 640);
    assert_list({768, REGION - 768});
}
END_TEST

START_TEST(test_object_may_take_the_chunk_to_its_end) {
    const struct chunk chunks[] = {{1040, 1520}}; /* up to 2560 */
    init_region(REGION);
    leave_free(chunks, 1);
    ck_assert_int_eq(place_aligned(_i / STYLES, 1024, 497, styles[_i % STYLES]), 2048);
    assert_list({1040, 1008});
    assert_succeeds(release(2048));
    assert_list_is(chunks, 1);
    assert_refused(E_NO_SPACE, calls[_i / STYLES](1024, 513, styles[_i % STYLES]));
    assert_list_is(chunks, 1);
}
END_TEST

START_TEST(test_chunk_that_fits_exactly_is_gone) {
    const struct chunk chunks[] = {{48, 16}, {2048, 512}, {REGION - 16, 16}};
    init_region(REGION);
    leave_free(chunks, COUNT(chunks));
    ck_assert_int_eq(place_aligned(_i / STYLES, 2048, 512, styles[_i % STYLES]), 2048);
    assert_list(chunks[0], chunks[2]);
    assert_refused(E_NO_SPACE, calls[_i / STYLES](2048, 16, styles[_i % STYLES]));
    assert_succeeds(release(2048));
    assert_list_is(chunks, COUNT(chunks));
}
END_TEST

START_TEST(test_object_at_the_end_of_the_region) {
    const int p = (int)page(), end = 4 * p;
    init_region(end);
    assert_placed(0, 3 * p - 16, FIRSTFIT);
    ck_assert_int_eq(place_aligned(_i / STYLES, p, p, styles[_i % STYLES]), 3 * p);
    assert_list({3 * p - 16, 16});
    assert_succeeds(release(3 * p));
    assert_list({3 * p - 16, p + 16});
    assert_refused(E_NO_SPACE, calls[_i / STYLES](p, p + 1, styles[_i % STYLES]));
    assert_succeeds(release(0));
    assert_list({0, end});
}
END_TEST

START_TEST(test_whole_region_is_one_object) {
    const int p = (int)page();
    init_region(p);
    for (int alignment = 1; alignment <= p; alignment *= 2) {
        ck_assert_int_eq(place_aligned(_i / STYLES, alignment, p, styles[_i % STYLES]), 0);
        assert_nothing_free();
        assert_refused(E_NO_SPACE, calls[_i / STYLES](alignment, 1, styles[_i % STYLES]));
        assert_succeeds(release(0));
    }
}
END_TEST

START_TEST(test_alignment_of_up_to_16_is_that_of_Mem_Alloc) {
    init_region(REGION);
    for (int alignment = 1; alignment <= 16; alignment *= 2) {
        struct chunk c[] = {{0, 48}, {0, 16}, {0, 512}, {0, 32}};
        cut_chunks(c, COUNT(c));
        ck_assert_int_eq(place_aligned(_i, alignment, 17, FIRSTFIT), c[0].offset);
        ck_assert_int_eq(place_aligned(_i, alignment, 17, WORSTFIT), c[2].offset);
        ck_assert_int_eq(place_aligned(_i, alignment, 17, BESTFIT), c[3].offset);
        ck_assert_int_eq(place_aligned(_i, alignment, 1, BESTFIT), c[0].offset + 32);
        ck_assert_int_eq(place_aligned(_i, alignment, 1, FIRSTFIT), c[1].offset);
        assert_list({c[2].offset + 32, 480});
        release(c[0].offset);
        release(c[0].offset + 32);
        for (int i = 1; i < 4; i++)
            release(c[i].offset);
        for (int i = 0; i < 4; i++)
            assert_succeeds(release(c[i].offset + c[i].size));
        assert_succeeds(release(c[3].offset + 32 + 16));
        assert_list({0, REGION});
    }
}
END_TEST

/* An object is a whole number of granules, whatever its alignment. */
START_TEST(test_size_is_rounded_to_granules_and_not_to_the_alignment) {
    init_region(REGION);
    for (int size = 1; size <= 300; size++) {
        const int taken = whole_granules(size);
        ck_assert_int_eq(place_aligned(_i, 1024, size, FIRSTFIT), 0);
        assert_list({taken, REGION - taken});
        assert_succeeds(release(0));
    }
}
END_TEST

/* ---- which chunk ---- */

/* For 512 bytes on a multiple of 1 KiB: the first two chunks are large enough, but not from such an
 * address on. The object fits in each of the others, in the third just to its end. */
static const struct chunk kib_chunks[] = {
    {16, 1008}, {1040, 1504}, {2560, 1024}, {4080, 2000}, {8192, 512}, {9232, 1520},
};

START_TEST(test_first_fit_takes_the_lowest_chunk_in_which_the_object_fits) {
    const struct chunk *c = kib_chunks;
    init_region(REGION);
    leave_free(c, COUNT(kib_chunks));
    ck_assert_int_eq(place_aligned(_i, 1024, 512, FIRSTFIT), 3072);
    assert_list(c[0], c[1], {2560, 512}, c[3], c[4], c[5]);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, FIRSTFIT), 4096);
    assert_list(c[0], c[1], {2560, 512}, {4080, 16}, {4608, 1472}, c[4], c[5]);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, FIRSTFIT), 5120);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, FIRSTFIT), 8192);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, FIRSTFIT), 10240);
    assert_refused(E_NO_SPACE, calls[_i](1024, 512, FIRSTFIT));
    ck_assert_int_eq(place_aligned(_i, 1024, 496, FIRSTFIT), 2048);
}
END_TEST

START_TEST(test_worst_fit_takes_the_largest_chunk_in_which_the_object_fits) {
    const struct chunk *c = kib_chunks;
    init_region(REGION);
    leave_free(c, COUNT(kib_chunks));
    ck_assert_int_eq(place_aligned(_i, 1024, 512, WORSTFIT), 4096);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, WORSTFIT),
                     10240); /* 1520, and 1504 is ruled out */
    ck_assert_int_eq(place_aligned(_i, 1024, 512, WORSTFIT), 5120); /* of 1472 that remained */
    assert_list(c[0], c[1], c[2], {4080, 16}, {4608, 512}, {5632, 448}, c[4], {9232, 1008});
    ck_assert_int_eq(place_aligned(_i, 1024, 512, WORSTFIT), 3072);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, WORSTFIT), 8192);
    assert_refused(E_NO_SPACE, calls[_i](1024, 512, WORSTFIT));
}
END_TEST

START_TEST(test_best_fit_takes_the_smallest_chunk_in_which_the_object_fits) {
    const struct chunk *c = kib_chunks;
    init_region(REGION);
    leave_free(c, COUNT(kib_chunks));
    ck_assert_int_eq(place_aligned(_i, 1024, 500, BESTFIT), 8192); /* 512 */
    ck_assert_int_eq(place_aligned(_i, 1024, 512, BESTFIT), 3072); /* 1024; 1008 is ruled out */
    ck_assert_int_eq(place_aligned(_i, 1024, 512, BESTFIT), 10240);
    assert_list(c[0], c[1], {2560, 512}, c[3], {9232, 1008});
    ck_assert_int_eq(place_aligned(_i, 1024, 496, BESTFIT), 2048);
    ck_assert_int_eq(place_aligned(_i, 1024, 496, BESTFIT), 4096);
}
END_TEST

/* The largest chunk is larger by a page than any other, but the alignment rules it out. */
START_TEST(test_largest_chunk_may_be_ruled_out) {
    const struct chunk chunks[] = {{16, 8160}, {12288, 4096}, {20464, 5000 / 16 * 16}};
    init_region(REGION);
    leave_free(chunks, COUNT(chunks));
    ck_assert_int_eq(place_aligned(_i, 4096, 4096, WORSTFIT), 20480);
    assert_list(chunks[0], chunks[1], {20464, 16}, {24576, 880});
    ck_assert_int_eq(place_aligned(_i, 4096, 4096, WORSTFIT), 12288);
    assert_list(chunks[0], {20464, 16}, {24576, 880});
    for (int s = 0; s < STYLES; s++)
        assert_refused(E_NO_SPACE, calls[_i](4096, 4096, styles[s]));
    ck_assert_int_eq(place_aligned(_i, 4096, 4080, WORSTFIT), 4096);
}
END_TEST

START_TEST(test_ties_go_to_the_lowest_address) {
    const struct chunk chunks[] = {{16, 992},   {1040, 992}, {2064, 992},
                                   {3072, 992}, {4096, 992}, {5120, 992}};
    const int call = _i / STYLES, style = styles[_i % STYLES];
    init_region(REGION);
    leave_free(chunks, COUNT(chunks));
    for (int i = 3; i < 6; i++)
        ck_assert_int_eq(place_aligned(call, 1024, 980, style), chunks[i].offset);
    assert_list_is(chunks, 3);
    assert_refused(E_NO_SPACE, calls[call](1024, 980, style));
    assert_succeeds(release(chunks[4].offset));
    assert_succeeds(release(chunks[3].offset));
    ck_assert_int_eq(place_aligned(call, 1024, 980, style), chunks[3].offset);
}
END_TEST

/* Whole chunks are compared by size, not what remains behind the gap. */
START_TEST(test_gap_counts_as_a_part_of_the_chunk) {
    const struct chunk chunks[] = {{1024, 1536}, {3088, 1552}, {6144, 1520}};
    init_region(REGION);
    leave_free(chunks, COUNT(chunks));
    ck_assert_int_eq(place_aligned(_i, 1024, 256, WORSTFIT), 4096);
    assert_succeeds(release(4096));
    ck_assert_int_eq(place_aligned(_i, 1024, 256, BESTFIT), 6144);
    assert_succeeds(release(6144));
    ck_assert_int_eq(place_aligned(_i, 1024, 256, FIRSTFIT), 1024);
}
END_TEST

/* Thousands of chunks that are large enough, only one of them at a suitable address. */
START_TEST(test_the_one_aligned_chunk_is_found_among_thousands) {
    enum { SIZE = 1 << 20, STEP = 80, STEPS = 13000 };
    const int call = _i / STYLES, style = styles[_i % STYLES], at = 40 * KIB;
    init_region(SIZE);
    for (int i = 0; i < STEPS; i++)
        must(place(i % 2 == 0 ? 48 : 32, FIRSTFIT) == i / 2 * STEP + i % 2 * 48);
    must(place(Mem_FreeList()->size, FIRSTFIT) != NOWHERE);
    for (int i = 0; i < STEPS / 2; i++)
        if (i * STEP % 4096 != 0 || i * STEP == at)
            must(release(i * STEP) == 0);
    ck_assert_int_eq(place_aligned(call, 4096, 48, style), at);
    assert_refused(E_NO_SPACE, calls[call](4096, 33, style));
    assert_sound();
}
END_TEST

/* ---- no space ---- */

START_TEST(test_refused_when_the_object_fits_in_no_chunk) {
    const struct chunk chunks[] = {{16, 4080}, {4112, 4064}, {8208, 8000}};
    const int call = _i / STYLES, style = styles[_i % STYLES];
    init_region(REGION);
    leave_free(chunks, COUNT(chunks));
    assert_refused(E_NO_SPACE, calls[call](4096, 4000, style));
    assert_refused(E_NO_SPACE, calls[call](4096, 3921, style));
    assert_refused(E_NO_SPACE, calls[call](16, 8001, style));
    assert_list_is(chunks, COUNT(chunks));
    ck_assert_int_eq(place_aligned(call, 4096, 3920, style), 12288);
}
END_TEST

START_TEST(test_sizes_larger_than_the_region_are_E_NO_SPACE) {
    const int sizes[] = {REGION + 1, REGION + GRANULE, 2 * REGION, INT_MAX - 15, INT_MAX};
    init_region(REGION);
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int alignment = 1; alignment <= REGION; alignment *= 2)
            assert_refused(E_NO_SPACE, calls[_i](alignment, sizes[i], styles[i % STYLES]));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_sizes_that_no_int_holds_are_E_NO_SPACE) {
    init_region(REGION);
    Mem_Region *r = Mem_DefaultRegion();
    for (size_t alignment = 1; alignment <= REGION; alignment *= 2) {
        for (size_t i = 0; i < 40; i++)
            assert_refused(E_NO_SPACE,
                           Mem_RegionAlignedAlloc(r, alignment, SIZE_MAX - i, styles[i % STYLES]));
        for (int shift = 31; shift <= 60; shift++) {
            const uint64_t size = ((uint64_t)1 << shift) + GRANULE;
            if (size <= SIZE_MAX)
                assert_refused(E_NO_SPACE, Mem_RegionAlignedAlloc(r, alignment, (size_t)size,
                                                                  styles[shift % STYLES]));
        }
    }
    assert_list({0, REGION});
}
END_TEST

/* ---- an object like all others ---- */

START_TEST(test_aligned_object_is_resized_as_any_other) {
    init_region(REGION);
    assert_placed(0, 16, FIRSTFIT);
    ck_assert_int_eq(place_aligned(_i, 256, 100, FIRSTFIT), 256);
    ck_assert_int_eq(Mem_Size(region + 256), 112);
    memset(region + 256, 0x3c, 100);
    ck_assert_ptr_eq(Mem_Realloc(region + 256, 1000, FIRSTFIT), region + 256);
    ck_assert_ptr_eq(Mem_Realloc(region + 256, 100, FIRSTFIT), region + 256);
    ck_assert_int_eq(region[256 + 99], 0x3c);
    assert_list({16, 240}, {368, REGION - 368});
    assert_fails(E_BAD_POINTER, release(16));
    assert_fails(E_BAD_POINTER, release(272));
    assert_succeeds(release(256));
    assert_list({16, REGION - 16});
}
END_TEST

START_TEST(test_placement_is_exact_whatever_the_nodes_say) {
    init_region(REGION);
    leave_free(kib_chunks, COUNT(kib_chunks));
    for (size_t i = 0; i < COUNT(kib_chunks); i++)
        memset(region + kib_chunks[i].offset, 0xff, sizeof(struct __list_t));
    ck_assert_int_eq(place_aligned(_i, 1024, 512, WORSTFIT), 4096);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, BESTFIT), 8192);
    ck_assert_int_eq(place_aligned(_i, 1024, 512, FIRSTFIT), 3072);
    assert_refused(E_NO_SPACE, calls[_i](1024, 1024, FIRSTFIT));
}
END_TEST

/* ---- against a search of the whole list ---- */

/* The region of a test: the default region, a mapped one, or one placed so many bytes above a
 * multiple of 64 KiB. */
enum { MAPPED_SIZE = 1 << 20, AS_DEFAULT = -2, MAPPED = -1 };
static const int places[] = {AS_DEFAULT, MAPPED, 0, 1, 8, 15, 16, 17, 4095, 0x7777};
enum { PLACES = COUNT(places) };

static struct heap {
    Mem_Region *region;
    bool by_int;
    char *start;
    size_t size;
} heap;

static void make_heap(int where, size_t size) {
    static char memory[3 * MAPPED_SIZE];
    if (where == AS_DEFAULT) {
        must(Mem_Init((int)size) == 0);
        heap.region = Mem_DefaultRegion();
    } else if (where == MAPPED) {
        heap.region = Mem_RegionCreate(size);
    } else {
        const uintptr_t past = (uintptr_t)memory % (64 * KIB);
        heap.region = Mem_RegionPlace(memory + 64 * KIB - past + where, size);
    }
    ck_assert_ptr_nonnull(heap.region);
    heap.by_int = where == AS_DEFAULT;
    heap.start = (char *)Mem_RegionFreeList(heap.region);
    heap.size = (size_t)Mem_RegionFreeList(heap.region)->size;
    ck_assert_uint_eq((uintptr_t)heap.start % GRANULE, 0);
}

static char *allocate(size_t alignment, size_t size, int style) {
    if (heap.by_int)
        return Mem_AlignedAlloc((int)alignment, (int)size, style);
    return Mem_RegionAlignedAlloc(heap.region, alignment, size, style);
}

/* A copy of the free list, in bytes. */
static struct free_chunk {
    char *start;
    size_t size;
} list[MAPPED_SIZE / GRANULE], after[MAPPED_SIZE / GRANULE];

static size_t read_list(struct free_chunk *chunks) {
    size_t n = 0;
    for (MemNodePtr node = Mem_RegionFreeList(heap.region); node != NULL; node = node->next) {
        must(n < MAPPED_SIZE / GRANULE);
        chunks[n++] = (struct free_chunk){(char *)node, (size_t)node->size};
    }
    return n;
}

/* The bytes before the first multiple of the alignment. */
static size_t gap_in(const struct free_chunk *chunk, size_t alignment) {
    const size_t past = (uintptr_t)chunk->start % alignment;
    return past == 0 ? 0 : alignment - past;
}

/* The chunk that the style must take, or NULL. */
static const struct free_chunk *chosen(size_t count, size_t alignment, size_t size, int style) {
    const struct free_chunk *best = NULL;
    for (const struct free_chunk *c = list; c < list + count; c++) {
        if (gap_in(c, alignment) + rounded(size) > c->size)
            continue;
        if (best == NULL || (style == WORSTFIT && c->size > best->size) ||
            (style == BESTFIT && c->size < best->size))
            best = c;
    }
    return best;
}

/* Changes the copy of the list to what it must be after the allocation. */
static size_t cut(size_t count, const struct free_chunk *from, size_t gap, size_t taken) {
    const size_t i = (size_t)(from - list);
    const struct free_chunk before = {from->start, gap};
    const struct free_chunk behind = {from->start + gap + taken, from->size - gap - taken};
    const size_t pieces = (before.size > 0) + (size_t)(behind.size > 0);
    memmove(list + i + pieces, list + i + 1, (count - i - 1) * sizeof *list);
    if (before.size > 0)
        list[i] = before;
    if (behind.size > 0)
        list[i + pieces - 1] = behind;
    return count - 1 + pieces;
}

static void assert_list_matches(size_t count) {
    must(read_list(after) == count);
    for (size_t i = 0; i < count; i++)
        must(list[i].start == after[i].start && list[i].size == after[i].size);
}

/* Allocates, and compares the object's place and the free list with the expected ones. */
static char *allocate_by_rule(size_t alignment, size_t size, int style) {
    size_t count = read_list(list);
    const struct free_chunk *from = chosen(count, alignment, size, style);
    m_error = 0;
    char *object = allocate(alignment, size, style);
    if (from == NULL) {
        must(object == NULL && m_error == E_NO_SPACE);
    } else {
        const size_t gap = gap_in(from, alignment);
        if (object != from->start + gap)
            ck_abort_msg("%zu bytes on a multiple of %zu by style %d: offset %td, not %td", size,
                         alignment, style, object == NULL ? NOWHERE : object - heap.start,
                         from->start + gap - heap.start);
        must((uintptr_t)object % alignment == 0);
        count = cut(count, from, gap, rounded(size));
    }
    assert_list_matches(count);
    return object;
}

enum { OBJECTS = 300 };

struct object {
    char *start;
    size_t size;
};

static size_t random_size(uint64_t *random) {
    static const uint32_t bounds[] = {16, 64, 500, 1100, 4200, 9000, 30000, 100000};
    return 1 + random_below(random, bounds[random_below(random, COUNT(bounds))]);
}

/* From 1 to the size of the region. */
static size_t random_alignment(uint64_t *random) {
    size_t alignment = (size_t)1 << random_below(random, 21);
    while (alignment > heap.size)
        alignment /= 2;
    return alignment;
}

/* Frees an object, after a check that its bytes are those it was filled with. */
static void drop(struct object *object) {
    if (object->start == NULL)
        return;
    must(is_all(object->start, (unsigned char)object->size, object->size));
    must(Mem_RegionFree(heap.region, object->start) == 0);
    object->start = NULL;
}

static void make(struct object *object, uint64_t *random) {
    const size_t size = random_size(random), alignment = random_alignment(random);
    object->size = size;
    object->start = allocate_by_rule(alignment, size, styles[random_below(random, STYLES)]);
    if (object->start != NULL)
        memset(object->start, (int)(unsigned char)size, size);
}

START_TEST(test_random_heaps_are_those_of_a_search_of_the_whole_list) {
    static struct object own[OBJECTS];
    uint64_t random = random_seed((uint64_t)_i);
    make_heap(places[_i % PLACES], _i / PLACES == 0 ? REGION : MAPPED_SIZE);
    const uint32_t objects = 20 + random_below(&random, OBJECTS - 20);
    for (int n = rounds(8000); n > 0; n--) {
        struct object *object = &own[random_below(&random, objects)];
        drop(object);
        if (random_below(&random, 3) != 0)
            make(object, &random);
    }
    for (int i = 0; i < OBJECTS; i++)
        drop(&own[i]);
    ck_assert_uint_eq(read_list(list), 1);
    ck_assert_ptr_eq(list[0].start, heap.start);
    ck_assert_uint_eq(list[0].size, heap.size);
    assert_succeeds(Mem_RegionCheck(heap.region));
}
END_TEST

/* Every alignment that the region allows, each time in a region with nothing but
 * small objects here and there. */
START_TEST(test_every_alignment_up_to_the_size_of_the_region) {
    make_heap(places[_i], MAPPED_SIZE);
    static char *few[16];
    for (size_t i = 0; i < COUNT(few); i++)
        few[i] = allocate_by_rule(4096, 16 + i * 40, FIRSTFIT);
    for (size_t alignment = 1; alignment <= heap.size; alignment *= 2)
        for (int s = 0; s < STYLES; s++)
            for (size_t size = 1; size <= heap.size; size *= 3) {
                char *object = allocate_by_rule(alignment, size, styles[s]);
                must(object == NULL || Mem_RegionFree(heap.region, object) == 0);
            }
    size_t too_large = 1;
    while (too_large <= heap.size)
        too_large *= 2;
    assert_refused(E_BAD_ARGS, allocate(too_large, 1, FIRSTFIT));
    for (size_t i = 0; i < COUNT(few); i++)
        must(few[i] == NULL || Mem_RegionFree(heap.region, few[i]) == 0);
    ck_assert_uint_eq(read_list(list), 1);
    ck_assert_uint_eq(list[0].size, heap.size);
}
END_TEST

/* In these regions, aligned offsets are not aligned addresses. */
START_TEST(test_addresses_are_aligned_in_a_region_at_any_address) {
    make_heap(places[_i], REGION);
    int fitting = 0;
    for (size_t alignment = 1; alignment <= REGION / 4; alignment *= 2) {
        char *object = allocate_by_rule(alignment, 100, FIRSTFIT);
        must(object == NULL || (uintptr_t)object % alignment == 0);
        fitting += object != NULL;
    }
    ck_assert_int_ge(fitting, 14); /* REGION has three multiples of REGION / 4 at least */
}
END_TEST

START_TEST(test_alignments_of_a_region_of_2_GiB) {
    init_region(INT_MAX);
    Mem_Region *r = Mem_DefaultRegion();
    const size_t giga = (size_t)1 << 30, all = 2 * giga;
    const size_t gap = (giga - (uintptr_t)region % giga) % giga;

    ck_assert_ptr_eq(calls[_i](1 << 30, 1, FIRSTFIT), region + gap);
    assert_succeeds(Mem_Free(region + gap));
    ck_assert_ptr_eq(calls[_i](1 << 30, 1 << 30, WORSTFIT), region + gap);
    assert_succeeds(Mem_Free(region + gap));
    if (gap > 0)
        assert_refused(E_NO_SPACE, Mem_RegionAlignedAlloc(r, giga, all - gap + 1, BESTFIT));
    ck_assert_ptr_eq(Mem_RegionAlignedAlloc(r, giga, all - gap, BESTFIT), region + gap);
    assert_succeeds(Mem_Free(region + gap));
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(r, 2 * all, 1, FIRSTFIT));
    char *object = Mem_RegionAlignedAlloc(r, all, 1, FIRSTFIT);
    ck_assert_ptr_eq(object, region + (all - (uintptr_t)region % all) % all);
    assert_succeeds(Mem_Free(object));
    assert_list({0, INT_MAX - 15});
}
END_TEST

int main(void) {
    TCase *tests = new_case("aligned");

    tcase_add_test(tests, test_alignment_that_is_no_power_of_two_is_E_BAD_ARGS);
    tcase_add_test(tests, test_alignment_that_is_no_power_of_two_is_E_BAD_ARGS_in_a_region);
    tcase_add_loop_test(tests, test_alignment_larger_than_the_region_is_E_BAD_ARGS, 0, CALLS);
    tcase_add_test(tests, test_alignment_that_no_int_holds_is_E_BAD_ARGS);
    tcase_add_loop_test(tests, test_alignment_is_compared_with_what_the_region_has, 0, CALLS);
    tcase_add_test(tests, test_size_of_zero_or_less_is_E_BAD_ARGS);
    tcase_add_loop_test(tests, test_unknown_style_is_E_BAD_ARGS, 0, CALLS);
    tcase_add_loop_test(tests, test_bad_arguments_are_found_before_lack_of_space, 0, CALLS);
    tcase_add_test(tests, test_region_NULL_is_E_BAD_ARGS);
    tcase_add_test(tests, test_before_init_every_good_call_is_E_NO_SPACE);
    tcase_add_test(tests, test_before_init_bad_arguments_are_found_first);
    tcase_add_loop_test(tests, test_success_leaves_m_error_alone, 0, CALLS);
    tcase_add_loop_test(tests, test_gap_before_the_object_and_the_rest_behind_it_stay_free, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_there_is_no_gap_where_the_chunk_is_aligned, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_may_take_the_chunk_to_its_end, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_chunk_that_fits_exactly_is_gone, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_object_at_the_end_of_the_region, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_whole_region_is_one_object, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_alignment_of_up_to_16_is_that_of_Mem_Alloc, 0, CALLS);
    tcase_add_loop_test(tests, test_size_is_rounded_to_granules_and_not_to_the_alignment, 0, CALLS);
    tcase_add_loop_test(tests, test_first_fit_takes_the_lowest_chunk_in_which_the_object_fits, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_worst_fit_takes_the_largest_chunk_in_which_the_object_fits, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_best_fit_takes_the_smallest_chunk_in_which_the_object_fits, 0,
                        CALLS);
    tcase_add_loop_test(tests, test_largest_chunk_may_be_ruled_out, 0, CALLS);
    tcase_add_loop_test(tests, test_ties_go_to_the_lowest_address, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_gap_counts_as_a_part_of_the_chunk, 0, CALLS);
    tcase_add_loop_test(tests, test_the_one_aligned_chunk_is_found_among_thousands, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_refused_when_the_object_fits_in_no_chunk, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_sizes_larger_than_the_region_are_E_NO_SPACE, 0, CALLS);
    tcase_add_test(tests, test_sizes_that_no_int_holds_are_E_NO_SPACE);
    tcase_add_loop_test(tests, test_aligned_object_is_resized_as_any_other, 0, CALLS);
    tcase_add_loop_test(tests, test_placement_is_exact_whatever_the_nodes_say, 0, CALLS);
    tcase_add_loop_test(tests, test_random_heaps_are_those_of_a_search_of_the_whole_list, 0,
                        3 * PLACES);
    tcase_add_loop_test(tests, test_every_alignment_up_to_the_size_of_the_region, 0, PLACES);
    tcase_add_loop_test(tests, test_addresses_are_aligned_in_a_region_at_any_address, 0, PLACES);
    if (can_map_int_max())
        tcase_add_loop_test(tests, test_alignments_of_a_region_of_2_GiB, 0, CALLS);
    return run_case(tests);
}
