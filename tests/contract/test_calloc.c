/*
 * test_calloc.c - Mem_Calloc and Mem_RegionCalloc: every byte of the array is zero, whatever lay
 * there before; products that overflow are bad arguments, not small objects; in all else they
 * behave as Mem_Alloc.
 *
 * Tests that run twice use one call each time, on the default region.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

enum { DIRT = 0xa5 };

/* ---- the two calls ---- */

static void *by_int(int count, int size, int style) {
    return Mem_Calloc(count, size, style);
}

static void *by_region(int count, int size, int style) {
    return Mem_RegionCalloc(Mem_DefaultRegion(), (size_t)count, (size_t)size, style);
}

static void *(*const calls[])(int count, int size, int style) = {by_int, by_region};
enum { CALLS = COUNT(calls) };

/* As place(), for an array from calls[call]. */
static int place_array(int call, int count, int size, int style) {
    return offset_of(calls[call](count, size, style));
}

/* ---- contents ---- */

/* Allocates the whole region, overwrites it, and frees it. */
static void make_dirty(void) {
    must(place((int)region_size, FIRSTFIT) == 0);
    memset(region, DIRT, region_size);
    must(release(0) == 0);
}

/* ---- arguments ---- */

START_TEST(test_count_or_size_of_zero_or_less_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(bad_sizes); i++)
        for (int s = 0; s < STYLES; s++) {
            assert_refused(E_BAD_ARGS, Mem_Calloc(bad_sizes[i], 16, styles[s]));
            assert_refused(E_BAD_ARGS, Mem_Calloc(16, bad_sizes[i], styles[s]));
            assert_refused(E_BAD_ARGS, Mem_Calloc(bad_sizes[i], INT_MAX, styles[s]));
            assert_refused(E_BAD_ARGS, Mem_Calloc(INT_MAX, bad_sizes[i], styles[s]));
        }
    assert_list({0, REGION});
}
END_TEST

/* The product of two negative numbers is positive. */
START_TEST(test_count_and_size_that_are_both_bad_are_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(bad_sizes); i++)
        for (size_t j = 0; j < COUNT(bad_sizes); j++)
            assert_refused(E_BAD_ARGS, Mem_Calloc(bad_sizes[i], bad_sizes[j], FIRSTFIT));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_count_or_size_of_zero_is_E_BAD_ARGS_in_a_region) {
    init_region(REGION);
    Mem_Region *r = Mem_DefaultRegion();
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_BAD_ARGS, Mem_RegionCalloc(r, 0, 16, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionCalloc(r, 16, 0, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionCalloc(r, 0, 0, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionCalloc(r, 0, SIZE_MAX, styles[s]));
        assert_refused(E_BAD_ARGS, Mem_RegionCalloc(r, SIZE_MAX, 0, styles[s]));
    }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_unknown_style_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(bad_styles); i++) {
        assert_refused(E_BAD_ARGS, calls[_i](1, 16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, calls[_i](0, 16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, calls[_i](INT_MAX, INT_MAX, bad_styles[i]));
    }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_bad_arguments_are_found_before_lack_of_space) {
    init_region(REGION);
    assert_placed(0, REGION, FIRSTFIT);
    assert_refused(E_NO_SPACE, calls[_i](1, 1, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](1, 1, 3));
    assert_refused(E_BAD_ARGS, calls[_i](0, 1, FIRSTFIT));
    assert_refused(E_BAD_ARGS, calls[_i](1, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Calloc(INT_MAX, INT_MAX, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(Mem_DefaultRegion(), SIZE_MAX, SIZE_MAX, FIRSTFIT));
}
END_TEST

START_TEST(test_region_NULL_is_E_BAD_ARGS) {
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(NULL, 1, 16, FIRSTFIT));
    init_region(REGION);
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(NULL, 1, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(NULL, 2, REGION, WORSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(NULL, 0, 0, 99));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_before_init_every_good_call_is_E_NO_SPACE) {
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_NO_SPACE, Mem_Calloc(1, 1, styles[s]));
        assert_refused(E_NO_SPACE, Mem_Calloc(16, 16, styles[s]));
        assert_refused(E_NO_SPACE, Mem_Calloc(1, INT_MAX, styles[s]));
        assert_refused(E_NO_SPACE, Mem_Calloc(INT_MAX, 1, styles[s]));
    }
}
END_TEST

START_TEST(test_before_init_bad_arguments_are_found_first) {
    for (size_t i = 0; i < COUNT(bad_sizes); i++) {
        assert_refused(E_BAD_ARGS, Mem_Calloc(bad_sizes[i], 1, FIRSTFIT));
        assert_refused(E_BAD_ARGS, Mem_Calloc(1, bad_sizes[i], FIRSTFIT));
        assert_refused(E_BAD_ARGS, Mem_Calloc(1, 1, bad_styles[i]));
    }
    assert_refused(E_BAD_ARGS, Mem_Calloc(2, INT_MAX, FIRSTFIT));
}
END_TEST

START_TEST(test_success_leaves_m_error_alone) {
    init_region(REGION);
    m_error = 4711;
    for (int s = 0; s < STYLES; s++)
        ck_assert_ptr_nonnull(calls[_i](3, 16, styles[s]));
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

/* ---- products ---- */

/* The last three would find room if the product were cut to 32 bits: they would be
 * 1, 16 and 65536 bytes. */
START_TEST(test_product_beyond_INT_MAX_is_E_BAD_ARGS) {
    static const int products[][2] = {
        {INT_MAX, 2},       {INT_MAX, INT_MAX - 1}, {46341, 46341},  {715827883, 3},
        {1 << 16, 1 << 15}, {INT_MAX, INT_MAX},     {268435457, 16}, {65537, 65536},
    };
    init_region(REGION);
    for (size_t i = 0; i < COUNT(products); i++)
        for (int s = 0; s < STYLES; s++) {
            assert_refused(E_BAD_ARGS, Mem_Calloc(products[i][0], products[i][1], styles[s]));
            assert_refused(E_BAD_ARGS, Mem_Calloc(products[i][1], products[i][0], styles[s]));
        }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_product_of_up_to_INT_MAX_is_E_NO_SPACE) {
    static const int products[][2] = {
        {INT_MAX, 1}, {INT_MAX - 14, 1}, {46340, 46340}, {306783378, 7}, {32768, 65535},
    };
    init_region(REGION);
    for (size_t i = 0; i < COUNT(products); i++) {
        assert_refused(E_NO_SPACE, calls[_i](products[i][0], products[i][1], FIRSTFIT));
        assert_refused(E_NO_SPACE, calls[_i](products[i][1], products[i][0], WORSTFIT));
    }
    assert_list({0, REGION});
}
END_TEST

/* Tries each product both ways round. */
static void assert_products_refused(int error, const size_t (*products)[2], size_t count) {
    init_region(REGION);
    Mem_Region *r = Mem_DefaultRegion();
    for (size_t i = 0; i < count; i++)
        for (int s = 0; s < STYLES; s++) {
            const size_t *n = products[i];
            assert_refused(error, Mem_RegionCalloc(r, n[0], n[1], styles[s]));
            assert_refused(error, Mem_RegionCalloc(r, n[1], n[0], styles[s]));
        }
    assert_list({0, REGION});
}

/* ROOT * ROOT is SIZE_MAX + 1. */
#define ROOT ((size_t)1 << (sizeof(size_t) * CHAR_BIT / 2))

/* Those from the third on would find room if the product wrapped around: they would
 * be 1 to 16 bytes, or none. */
START_TEST(test_product_beyond_SIZE_MAX_is_E_BAD_ARGS_in_a_region) {
    static const size_t products[][2] = {
        {SIZE_MAX, 2},        {ROOT + 1, ROOT + 1},  {SIZE_MAX / 16 + 2, 16},
        {SIZE_MAX, SIZE_MAX}, {SIZE_MAX / 2 + 2, 2}, {SIZE_MAX / 3 + 1, 3},
        {ROOT, ROOT},         {ROOT * 2, ROOT / 2},
    };
    assert_products_refused(E_BAD_ARGS, products, COUNT(products));
}
END_TEST

/* The largest would become 0 if rounding it up to granules overflowed. */
START_TEST(test_product_of_up_to_SIZE_MAX_is_E_NO_SPACE_in_a_region) {
    static const size_t products[][2] = {
        {SIZE_MAX, 1},     {SIZE_MAX - 1, 1},    {SIZE_MAX - 14, 1},       {SIZE_MAX - 15, 1},
        {SIZE_MAX / 2, 2}, {ROOT - 1, ROOT + 1}, {SIZE_MAX / 3, 3},        {SIZE_MAX / 16, 16},
        {65536, 32768},    {(size_t)INT_MAX, 1}, {(size_t)INT_MAX + 1, 1},
    };
    assert_products_refused(E_NO_SPACE, products, COUNT(products));
}
END_TEST

/* Products that would look like one granule if only 31 to 36 bits of them were checked. */
START_TEST(test_large_product_is_not_taken_for_a_small_one) {
    init_region(REGION);
    for (int shift = 31; shift <= 60; shift++) {
        const uint64_t size = ((uint64_t)1 << shift) + GRANULE;
        if (size > SIZE_MAX)
            continue;
        Mem_Region *r = Mem_DefaultRegion();
        assert_refused(E_NO_SPACE, Mem_RegionCalloc(r, 1, (size_t)size, FIRSTFIT));
        assert_refused(E_NO_SPACE, Mem_RegionCalloc(r, (size_t)size / 16, 16, BESTFIT));
        assert_refused(E_NO_SPACE, Mem_RegionCalloc(r, 16, (size_t)size / 16, WORSTFIT));
    }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_product_larger_than_the_region_is_E_NO_SPACE) {
    init_region(REGION);
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_NO_SPACE, calls[_i](1, REGION + 1, styles[s]));
        assert_refused(E_NO_SPACE, calls[_i](REGION + 1, 1, styles[s]));
        assert_refused(E_NO_SPACE, calls[_i](2, REGION, styles[s]));
        assert_refused(E_NO_SPACE, calls[_i](REGION / 16, 17, styles[s]));
        assert_refused(E_NO_SPACE, calls[_i](REGION / 2, 3, styles[s]));
    }
    assert_list({0, REGION});
}
END_TEST

/* ---- where an array lies and what it takes ---- */

START_TEST(test_product_and_not_each_element_is_rounded_to_granules) {
    static const int arrays[][3] = {
        /* count, size, bytes taken */
        {1, 1, 16},     {15, 1, 16},    {1, 16, 16},    {4, 4, 16}, {3, 5, 16},
        {17, 1, 32},    {2, 9, 32},     {3, 16, 48},    {7, 7, 64}, {100, 3, 304},
        {64, 16, 1024}, {5, 205, 1040}, {341, 3, 1024},
    };
    init_region(REGION);
    int offset = 0;
    for (size_t i = 0; i < COUNT(arrays); i++) {
        const int *a = arrays[i];
        ck_assert_int_eq(place_array(_i, a[0], a[1], FIRSTFIT), offset);
        offset += a[2];
        assert_list({offset, REGION - offset});
    }
}
END_TEST

START_TEST(test_array_may_take_the_whole_region) {
    static const int arrays[][2] = {
        {1, REGION}, {REGION, 1}, {REGION / 16, 16}, {256, REGION / 256}, {3, (REGION - 1) / 3}};
    init_region(REGION);
    for (size_t i = 0; i < COUNT(arrays); i++) {
        make_dirty();
        ck_assert_int_eq(place_array(_i, arrays[i][0], arrays[i][1], WORSTFIT), 0);
        assert_nothing_free();
        ck_assert(is_all(region, 0, (size_t)arrays[i][0] * (size_t)arrays[i][1]));
        assert_succeeds(release(0));
    }
}
END_TEST

START_TEST(test_first_fit_takes_the_lowest_chunk_that_fits) {
    struct chunk c[] = {{0, 32}, {0, 64}, {0, 48}, {0, 64}, {0, 512}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    ck_assert_int_eq(place_array(_i, 3, 11, FIRSTFIT), c[1].offset);
    ck_assert_int_eq(place_array(_i, 12, 4, FIRSTFIT), c[2].offset);
    ck_assert_int_eq(place_array(_i, 2, 20, FIRSTFIT), c[3].offset);
    ck_assert_int_eq(place_array(_i, 2, 16, FIRSTFIT), c[0].offset);
    ck_assert_int_eq(place_array(_i, 17, 1, FIRSTFIT), c[4].offset);
    assert_list({c[1].offset + 48, 16}, {c[3].offset + 48, 16}, {c[4].offset + 32, 480});
}
END_TEST

START_TEST(test_worst_fit_takes_the_largest_chunk) {
    struct chunk c[] = {{0, 32}, {0, 96}, {0, 160}, {0, 64}, {0, 96}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    ck_assert_int_eq(place_array(_i, 4, 17, WORSTFIT), c[2].offset); /* 160, 80 remain */
    ck_assert_int_eq(place_array(_i, 2, 8, WORSTFIT), c[1].offset);  /* 96, 80 remain */
    ck_assert_int_eq(place_array(_i, 96, 1, WORSTFIT), c[4].offset);
    ck_assert_int_eq(place_array(_i, 1, 1, WORSTFIT), c[1].offset + 16);
    assert_list(c[0], {c[1].offset + 32, 64}, {c[2].offset + 80, 80}, c[3]);
}
END_TEST

START_TEST(test_best_fit_takes_the_smallest_chunk_that_fits) {
    struct chunk c[] = {{0, 512}, {0, 48}, {0, 96}, {0, 80}, {0, 80}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    ck_assert_int_eq(place_array(_i, 3, 17, BESTFIT), c[3].offset); /* 80, 16 remain */
    ck_assert_int_eq(place_array(_i, 8, 10, BESTFIT), c[4].offset);
    ck_assert_int_eq(place_array(_i, 7, 7, BESTFIT), c[2].offset); /* 96, 32 remain */
    ck_assert_int_eq(place_array(_i, 13, 1, BESTFIT), c[3].offset + 64);
    ck_assert_int_eq(place_array(_i, 97, 1, BESTFIT), c[0].offset);
    assert_list({c[0].offset + 112, 400}, c[1], {c[2].offset + 64, 32});
}
END_TEST

START_TEST(test_ties_go_to_the_lowest_address) {
    struct chunk c[] = {{0, 1024}, {0, 1024}, {0, 1024}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    for (size_t i = 0; i < COUNT(c); i++)
        ck_assert_int_eq(place_array(_i / STYLES, 256, 4, styles[_i % STYLES]), c[i].offset);
    assert_nothing_free();
}
END_TEST

START_TEST(test_refused_exactly_when_no_chunk_is_large_enough) {
    const int style = styles[_i % STYLES], call = _i / STYLES;
    struct chunk c[] = {{0, 48}, {0, 1040}, {0, 1024}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    assert_refused(E_NO_SPACE, calls[call](1041, 1, style));
    assert_refused(E_NO_SPACE, calls[call](3, 347, style));
    assert_list_is(c, COUNT(c));
    ck_assert_int_eq(place_array(call, 2, 520, style), c[1].offset);
    assert_list(c[0], c[2]);
}
END_TEST

START_TEST(test_refusal_leaves_objects_as_they_are) {
    init_region(REGION);
    assert_placed(0, REGION / 2, FIRSTFIT);
    memset(region, DIRT, REGION / 2);
    assert_refused(E_NO_SPACE, calls[_i](2, REGION / 4 + 1, FIRSTFIT));
    ck_assert(is_all(region, DIRT, REGION / 2));
    assert_list({REGION / 2, REGION / 2});
    assert_sound();
}
END_TEST

/* ---- zero ---- */

/* Each array lies where another object left dirt. */
START_TEST(test_every_byte_is_zero_for_every_size) {
    init_region(REGION);
    for (int size = 1; size <= 300; size++)
        for (int s = 0; s < STYLES; s++) {
            make_dirty();
            char *array = calls[_i](size, 1, styles[s]);
            must(array == region);
            must(is_all(array, 0, (size_t)size));
            must(Mem_Free(array) == 0);
        }
    assert_list({0, REGION});
}
END_TEST

/* Whole segments and pages, and one byte less and more; the array begins beside
 * a granule that is live. */
START_TEST(test_every_byte_of_a_large_array_is_zero) {
    static const int sizes[] = {1023, 1024, 1025, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20};
    init_region(2 << 20);
    make_dirty();
    assert_placed(0, GRANULE, FIRSTFIT);
    memset(region, DIRT, GRANULE);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *array = calls[_i](1, sizes[i], FIRSTFIT);
        ck_assert_ptr_eq(array, region + GRANULE);
        ck_assert(is_all(array, 0, (size_t)sizes[i]));
        memset(array, DIRT, (size_t)sizes[i]);
        assert_succeeds(Mem_Free(array));
    }
    ck_assert(is_all(region, DIRT, GRANULE));
}
END_TEST

START_TEST(test_whole_product_is_zero_and_not_one_element) {
    static const int arrays[][2] = {{2, 1000}, {1000, 2}, {7, 300}, {300, 7}, {40, 50}, {1, 2000}};
    init_region(REGION);
    for (size_t i = 0; i < COUNT(arrays); i++) {
        make_dirty();
        char *array = calls[_i](arrays[i][0], arrays[i][1], WORSTFIT);
        ck_assert(is_all(array, 0, (size_t)arrays[i][0] * (size_t)arrays[i][1]));
        assert_succeeds(Mem_Free(array));
    }
}
END_TEST

START_TEST(test_neighbours_keep_their_bytes) {
    enum { SIZE = 1000, TAKEN = 1008, END = GRANULE + TAKEN };
    init_region(REGION);
    make_dirty();
    assert_placed(0, GRANULE, FIRSTFIT);
    assert_placed(GRANULE, TAKEN, FIRSTFIT);
    assert_placed(END, REGION - END, FIRSTFIT);
    memset(region, DIRT, GRANULE);
    memset(region + END, DIRT, REGION - END);
    assert_succeeds(release(GRANULE));
    ck_assert_int_eq(place_array(_i, SIZE / 4, 4, FIRSTFIT), GRANULE);
    ck_assert(is_all(region + GRANULE, 0, SIZE));
    ck_assert(is_all(region, DIRT, GRANULE));
    ck_assert(is_all(region + END, DIRT, REGION - END));
    assert_nothing_free();
}
END_TEST

/* The node behind the array is intact. */
START_TEST(test_free_chunk_behind_the_array_is_as_it_must_be) {
    init_region(REGION);
    make_dirty();
    for (int size = 1; size <= 200; size++) {
        const int taken = whole_granules(size);
        ck_assert_int_eq(place_array(_i, size, 1, FIRSTFIT), 0);
        assert_list({taken, REGION - taken});
        assert_sound();
        assert_succeeds(release(0));
    }
}
END_TEST

/* Overwritten nodes change neither the zeros nor the place of the array. */
START_TEST(test_array_is_zero_where_a_node_was_overwritten) {
    struct chunk c[] = {{0, 32}, {0, 2048}, {0, 512}};
    static const int order[] = {FIRSTFIT, WORSTFIT, BESTFIT}, expected[] = {1, 1, 2};
    init_region(REGION);
    make_dirty();
    cut_chunks(c, COUNT(c));
    for (int s = 0; s < STYLES; s++) {
        for (size_t i = 0; i < COUNT(c); i++)
            memset(region + c[i].offset, 0xff, sizeof(struct __list_t));
        const int offset = place_array(_i, 12, 42, order[s]);
        ck_assert_int_eq(offset, c[expected[s]].offset);
        ck_assert(is_all(region + offset, 0, 12 * 42));
        assert_succeeds(release(offset));
    }
}
END_TEST

START_TEST(test_array_is_zero_before_and_after_pages_were_given_back) {
    enum { SIZE = 1 << 20 };
    init_region(SIZE);
    make_dirty();
    Mem_Trim();
    char *array = calls[_i](SIZE / 16, 16, FIRSTFIT);
    ck_assert(is_all(array, 0, SIZE));
    memset(array, DIRT, SIZE);
    assert_succeeds(Mem_Free(array));
    array = calls[_i](SIZE / 8, 8, FIRSTFIT);
    ck_assert(is_all(array, 0, SIZE));
}
END_TEST

START_TEST(test_array_is_zero_at_the_end_of_a_region_of_INT_MAX) {
    enum { LAST = 64 * KIB };
    const int start = INT_MAX - (LAST - 1);
    init_region(INT_MAX);
    assert_placed(0, start, FIRSTFIT);
    assert_placed(start, LAST, FIRSTFIT);
    memset(region + start, DIRT, LAST);
    assert_succeeds(release(start));
    ck_assert_int_eq(place_array(_i, LAST / 4, 4, FIRSTFIT), start);
    ck_assert(is_all(region + start, 0, LAST));
    assert_nothing_free();
}
END_TEST

/* ---- other regions ---- */

START_TEST(test_array_comes_from_the_region_named) {
    init_region(REGION);
    Mem_Region *other = make_region(CREATED);
    char *start = (char *)Mem_RegionFreeList(other);
    memset(Mem_RegionAlloc(other, REGION, FIRSTFIT), DIRT, REGION);
    assert_succeeds(Mem_RegionFree(other, start));
    ck_assert_ptr_eq(Mem_RegionCalloc(other, 100, 100, FIRSTFIT), start);
    ck_assert(is_all(start, 0, 10000));
    assert_list({0, REGION});
    ck_assert_ptr_eq(Mem_Calloc(2, 16, FIRSTFIT), region);
    assert_list_in(other, start, {10000, REGION - 10000});
    assert_refused(E_NO_SPACE, Mem_RegionCalloc(other, 1, REGION - 9999, FIRSTFIT));
    assert_succeeds(Mem_RegionDestroy(other));
}
END_TEST

/* In memory at an odd address, between bytes that must not change. */
START_TEST(test_array_in_a_placed_region_is_zero_and_what_lies_around_it_stays) {
    enum { EDGE = 101, SIZE = 20000 };
    static char memory[EDGE + SIZE + EDGE];
    memset(memory, DIRT, sizeof memory);
    Mem_Region *placed = Mem_RegionPlace(memory + EDGE, SIZE);
    ck_assert_ptr_nonnull(placed);
    const size_t size = (size_t)Mem_RegionFreeList(placed)->size;
    char *start = (char *)Mem_RegionFreeList(placed);

    ck_assert_ptr_eq(Mem_RegionCalloc(placed, size / 16, 16, styles[_i]), start);
    ck_assert(is_all(start, 0, size));
    ck_assert_ptr_null(Mem_RegionFreeList(placed));
    ck_assert(is_all(memory, DIRT, EDGE));
    ck_assert(is_all(memory + EDGE + SIZE, DIRT, EDGE));
    assert_refused(E_NO_SPACE, Mem_RegionCalloc(placed, 1, 1, styles[_i]));
    assert_succeeds(Mem_RegionFree(placed, start));
    assert_refused(E_NO_SPACE, Mem_RegionCalloc(placed, 1, size + 1, styles[_i]));
    assert_succeeds(Mem_RegionDestroy(placed));
}
END_TEST

int main(void) {
    TCase *tests = new_case("calloc");

    tcase_add_test(tests, test_count_or_size_of_zero_or_less_is_E_BAD_ARGS);
    tcase_add_test(tests, test_count_and_size_that_are_both_bad_are_E_BAD_ARGS);
    tcase_add_test(tests, test_count_or_size_of_zero_is_E_BAD_ARGS_in_a_region);
    tcase_add_loop_test(tests, test_unknown_style_is_E_BAD_ARGS, 0, CALLS);
    tcase_add_loop_test(tests, test_bad_arguments_are_found_before_lack_of_space, 0, CALLS);
    tcase_add_test(tests, test_region_NULL_is_E_BAD_ARGS);
    tcase_add_test(tests, test_before_init_every_good_call_is_E_NO_SPACE);
    tcase_add_test(tests, test_before_init_bad_arguments_are_found_first);
    tcase_add_loop_test(tests, test_success_leaves_m_error_alone, 0, CALLS);
    tcase_add_test(tests, test_product_beyond_INT_MAX_is_E_BAD_ARGS);
    tcase_add_loop_test(tests, test_product_of_up_to_INT_MAX_is_E_NO_SPACE, 0, CALLS);
    tcase_add_test(tests, test_product_beyond_SIZE_MAX_is_E_BAD_ARGS_in_a_region);
    tcase_add_test(tests, test_product_of_up_to_SIZE_MAX_is_E_NO_SPACE_in_a_region);
    tcase_add_test(tests, test_large_product_is_not_taken_for_a_small_one);
    tcase_add_loop_test(tests, test_product_larger_than_the_region_is_E_NO_SPACE, 0, CALLS);
    tcase_add_loop_test(tests, test_product_and_not_each_element_is_rounded_to_granules, 0, CALLS);
    tcase_add_loop_test(tests, test_array_may_take_the_whole_region, 0, CALLS);
    tcase_add_loop_test(tests, test_first_fit_takes_the_lowest_chunk_that_fits, 0, CALLS);
    tcase_add_loop_test(tests, test_worst_fit_takes_the_largest_chunk, 0, CALLS);
    tcase_add_loop_test(tests, test_best_fit_takes_the_smallest_chunk_that_fits, 0, CALLS);
    tcase_add_loop_test(tests, test_ties_go_to_the_lowest_address, 0, CALLS * STYLES);
    tcase_add_loop_test(tests, test_refused_exactly_when_no_chunk_is_large_enough, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_refusal_leaves_objects_as_they_are, 0, CALLS);
    tcase_add_loop_test(tests, test_every_byte_is_zero_for_every_size, 0, CALLS);
    tcase_add_loop_test(tests, test_every_byte_of_a_large_array_is_zero, 0, CALLS);
    tcase_add_loop_test(tests, test_whole_product_is_zero_and_not_one_element, 0, CALLS);
    tcase_add_loop_test(tests, test_neighbours_keep_their_bytes, 0, CALLS);
    tcase_add_loop_test(tests, test_free_chunk_behind_the_array_is_as_it_must_be, 0, CALLS);
    tcase_add_loop_test(tests, test_array_is_zero_where_a_node_was_overwritten, 0, CALLS);
    tcase_add_loop_test(tests, test_array_is_zero_before_and_after_pages_were_given_back, 0, CALLS);
    if (can_map_int_max())
        tcase_add_loop_test(tests, test_array_is_zero_at_the_end_of_a_region_of_INT_MAX, 0, CALLS);
    tcase_add_test(tests, test_array_comes_from_the_region_named);
    tcase_add_loop_test(tests, test_array_in_a_placed_region_is_zero_and_what_lies_around_it_stays,
                        0, STYLES);
    return run_case(tests);
}
