/*
 * test_alloc.c - Mem_Alloc whatever the style: arguments and errors, alignment
 * and rounding, no byte lost, and refusal exactly when no chunk is large
 * enough. Which chunk a style takes is test_styles.c's.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

/* ---- arguments ---- */

START_TEST(test_size_of_zero_or_less_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(bad_sizes); i++)
        for (int s = 0; s < STYLES; s++)
            assert_refused(E_BAD_ARGS, Mem_Alloc(bad_sizes[i], styles[s]));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_unknown_style_is_E_BAD_ARGS) {
    init_region(REGION);
    for (size_t i = 0; i < COUNT(bad_styles); i++) {
        assert_refused(E_BAD_ARGS, Mem_Alloc(16, bad_styles[i]));
        assert_refused(E_BAD_ARGS, Mem_Alloc(0, bad_styles[i]));
    }
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_unknown_style_is_found_before_lack_of_space) {
    init_region(REGION);
    assert_refused(E_BAD_ARGS, Mem_Alloc(REGION + 1, 3));
    assert_placed(0, REGION, FIRSTFIT);
    assert_refused(E_BAD_ARGS, Mem_Alloc(16, -1));
    assert_refused(E_BAD_ARGS, Mem_Alloc(0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Alloc(-1, WORSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Alloc(INT_MIN, BESTFIT));
}
END_TEST

START_TEST(test_before_init_every_good_call_is_E_NO_SPACE) {
    const int sizes[] = {1, 16, 4096, INT_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (int s = 0; s < STYLES; s++)
            assert_refused(E_NO_SPACE, Mem_Alloc(sizes[i], styles[s]));
}
END_TEST

START_TEST(test_before_init_bad_arguments_are_found_first) {
    for (size_t i = 0; i < COUNT(bad_sizes); i++)
        assert_refused(E_BAD_ARGS, Mem_Alloc(bad_sizes[i], FIRSTFIT));
    for (size_t i = 0; i < COUNT(bad_styles); i++)
        assert_refused(E_BAD_ARGS, Mem_Alloc(16, bad_styles[i]));
}
END_TEST

START_TEST(test_success_leaves_m_error_alone) {
    init_region(REGION);
    m_error = 4711;
    for (int s = 0; s < STYLES; s++)
        ck_assert_ptr_nonnull(Mem_Alloc(16, styles[s]));
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

/* ---- where an object lies and what it takes ---- */

START_TEST(test_objects_are_aligned_and_take_their_size_rounded_to_granules) {
    init_region(REGION);
    int offset = 0;
    for (int size = 1; size <= 300; size++) {
        char *object = Mem_Alloc(size, styles[_i]);
        ck_assert_ptr_eq(object, region + offset);
        ck_assert_uint_eq((uintptr_t)object % GRANULE, 0);
        memset(object, size, (size_t)size);
        offset += whole_granules(size);
        assert_list({offset, REGION - offset});
    }
}
END_TEST

START_TEST(test_two_objects_of_32_bytes_lie_32_bytes_apart) {
    init_region(REGION);
    char *first = Mem_Alloc(32, styles[_i]);
    char *second = Mem_Alloc(32, styles[_i]);
    ck_assert_int_eq(second - first, 32);
}
END_TEST

START_TEST(test_objects_of_one_byte_fill_every_granule) {
    init_region(REGION);
    for (int offset = 0; offset < REGION; offset += GRANULE)
        assert_placed(offset, 1, styles[_i]);
    assert_nothing_free();
    assert_refused(E_NO_SPACE, Mem_Alloc(1, styles[_i]));
}
END_TEST

START_TEST(test_objects_of_one_page_fill_every_page) {
    init_region(REGION);
    const int p = (int)page();
    for (int offset = 0; offset < REGION; offset += p)
        assert_placed(offset, p, styles[_i]);
    assert_nothing_free();
}
END_TEST

START_TEST(test_whole_region_is_one_object) {
    init_region(REGION);
    /* The last size rounds up to the region's; each is one object, at its start. */
    const int sizes[] = {REGION, REGION - 1, REGION - GRANULE + 1};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_placed(0, sizes[i], styles[_i]);
        assert_nothing_free();
        assert_refused(E_NO_SPACE, Mem_Alloc(1, styles[_i]));
        assert_succeeds(release(0));
    }
}
END_TEST

START_TEST(test_contents_stay_while_neighbours_come_and_go) {
    init_region(REGION);
    char *before = Mem_Alloc(48, FIRSTFIT), *object = Mem_Alloc(48, FIRSTFIT);
    char *after = Mem_Alloc(48, FIRSTFIT);
    memset(object, 0x5a, 48);
    assert_succeeds(Mem_Free(before));
    assert_succeeds(Mem_Free(after));
    assert_placed(0, 32, FIRSTFIT);
    assert_placed(96, 64, FIRSTFIT);
    for (int i = 0; i < 48; i++)
        ck_assert_int_eq(object[i], 0x5a);
}
END_TEST

START_TEST(test_request_of_INT_MAX_takes_the_region_of_INT_MAX) {
    init_region(INT_MAX);
    assert_placed(0, INT_MAX, styles[_i]);
    assert_nothing_free();
    assert_refused(E_NO_SPACE, Mem_Alloc(1, styles[_i]));
    assert_succeeds(release(0));
    assert_placed(0, GRANULE, styles[_i]);
    assert_refused(E_NO_SPACE, Mem_Alloc(INT_MAX, styles[_i]));
    assert_list({GRANULE, INT_MAX - (GRANULE - 1)});
    assert_placed(GRANULE, INT_MAX - (GRANULE - 1), styles[_i]);
    assert_nothing_free();
}
END_TEST

/* ---- refusal ---- */

START_TEST(test_request_larger_than_the_region_is_E_NO_SPACE) {
    init_region(REGION);
    const int sizes[] = {REGION + 1, REGION + GRANULE, 2 * REGION, INT_MAX - GRANULE, INT_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++)
        assert_refused(E_NO_SPACE, Mem_Alloc(sizes[i], styles[_i]));
    assert_list({0, REGION});
}
END_TEST

/* The sum of the chunks would do for each request refused; no single one does.
 * The largest chunk is the last, the first and a middle one in turn. */
START_TEST(test_refused_exactly_when_no_chunk_is_large_enough) {
    static const int sizes[][3] = {{48, 80, 1024}, {4096, 2000, 16}, {1040, 4112, 1040}};
    const int style = styles[_i % STYLES];
    const int *size = sizes[_i / STYLES];
    struct chunk chunks[3] = {{0, size[0]}, {0, size[1]}, {0, size[2]}};
    struct chunk largest = {0, 0};

    init_region(REGION);
    cut_chunks(chunks, 3);
    for (int i = 0; i < 3; i++)
        if (chunks[i].size > largest.size)
            largest = chunks[i];
    assert_refused(E_NO_SPACE, Mem_Alloc(largest.size + 1, style));
    assert_list_is(chunks, 3);
    assert_placed(largest.offset, largest.size, style);
    assert_succeeds(release(largest.offset));
    assert_list_is(chunks, 3);
}
END_TEST

START_TEST(test_refusal_changes_nothing) {
    init_region(REGION);
    struct chunk chunks[] = {{0, 16}, {0, 1008}, {0, 1024}, {0, 1040}};
    cut_chunks(chunks, COUNT(chunks));
    for (int s = 0; s < STYLES; s++) {
        assert_refused(E_NO_SPACE, Mem_Alloc(1041, styles[s]));
        assert_refused(E_NO_SPACE, Mem_Alloc(INT_MAX, styles[s]));
        assert_list_is(chunks, COUNT(chunks));
    }
    assert_placed(chunks[3].offset, 1040, FIRSTFIT);
}
END_TEST

/* Fills the region with objects, frees every other one, and finds that exactly
 * the sizes up to theirs can be had, as often as there are holes. */
START_TEST(test_every_hole_can_be_filled_again) {
    const int size = 1 + _i * 112, taken = whole_granules(size);
    const int count = REGION / taken, tail = REGION % taken;

    init_region(REGION);
    for (int i = 0; i < count; i++)
        assert_placed(i * taken, size, FIRSTFIT);
    if (tail > 0)
        assert_placed(count * taken, tail, FIRSTFIT);
    for (int i = 0; i < count; i += 2)
        assert_succeeds(release(i * taken));
    assert_refused(E_NO_SPACE, Mem_Alloc(taken + 1, FIRSTFIT));
    for (int i = 0; i < count; i += 2)
        assert_placed(i * taken, taken, styles[i / 2 % STYLES]);
    assert_nothing_free();
    assert_refused(E_NO_SPACE, Mem_Alloc(1, FIRSTFIT));
}
END_TEST

int main(void) {
    TCase *tests = new_case("alloc");

    tcase_add_test(tests, test_size_of_zero_or_less_is_E_BAD_ARGS);
    tcase_add_test(tests, test_unknown_style_is_E_BAD_ARGS);
    tcase_add_test(tests, test_unknown_style_is_found_before_lack_of_space);
    tcase_add_test(tests, test_before_init_every_good_call_is_E_NO_SPACE);
    tcase_add_test(tests, test_before_init_bad_arguments_are_found_first);
    tcase_add_test(tests, test_success_leaves_m_error_alone);
    tcase_add_loop_test(tests, test_objects_are_aligned_and_take_their_size_rounded_to_granules, 0,
                        STYLES);
    tcase_add_loop_test(tests, test_two_objects_of_32_bytes_lie_32_bytes_apart, 0, STYLES);
    tcase_add_loop_test(tests, test_objects_of_one_byte_fill_every_granule, 0, STYLES);
    tcase_add_loop_test(tests, test_objects_of_one_page_fill_every_page, 0, STYLES);
    tcase_add_loop_test(tests, test_whole_region_is_one_object, 0, STYLES);
    tcase_add_test(tests, test_contents_stay_while_neighbours_come_and_go);
    if (can_map_int_max())
        tcase_add_loop_test(tests, test_request_of_INT_MAX_takes_the_region_of_INT_MAX, 0, STYLES);
    tcase_add_loop_test(tests, test_request_larger_than_the_region_is_E_NO_SPACE, 0, STYLES);
    tcase_add_loop_test(tests, test_refused_exactly_when_no_chunk_is_large_enough, 0, 3 * STYLES);
    tcase_add_test(tests, test_refusal_changes_nothing);
    tcase_add_loop_test(tests, test_every_hole_can_be_filled_again, 0, 20);
    return run_case(tests);
}
