/*
 * test_stats_largest.c - largest_free of Mem_GetStats is exact whenever a chunk comes, goes,
 * grows or shrinks.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "expected.h"

/* ---- the largest chunk ---- */

/* Sizes at which one part of an index may hand over to another: the segment of 1 KiB, and 255
 * and 256 granules. */
static const int edges[] = {16,   1008, 1024, 1040, 2048, 4048, 4064,
                            4080, 4096, 4112, 4128, 5104, 5120, 8176};
enum { EDGES = COUNT(edges) };

static void assert_largest(size_t bytes) {
    assert_figure("largest_free", figures(Mem_DefaultRegion()).largest_free, bytes);
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

int main(void) {
    TCase *tests = new_case("stats: the largest chunk");

    tcase_add_loop_test(tests, test_largest_of_two_chunks_is_exact, 0, EDGES * EDGES);
    tcase_add_loop_test(tests, test_largest_is_exact_while_a_chunk_grows_upwards_and_shrinks, 0, 4);
    tcase_add_loop_test(tests, test_largest_is_exact_while_a_chunk_grows_downwards_and_shrinks, 0,
                        4);
    return run_case(tests);
}
