/*
 * unit_counts.c - counts.h: the fewest granules that were ever free, whatever marks are set in
 * between.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/counts.h"

#include "unit.h"

enum { GRANULES = 1000 };

static struct mem_counts begun(void) {
    return (struct mem_counts){.least_free = GRANULES, .least_before = GRANULES};
}

START_TEST(test_the_least_is_noted_before_more_is_free) {
    struct mem_counts counts = begun();
    mem_counts_settle(&counts, 600);
    mem_counts_settle(&counts, 700);
    ck_assert_uint_eq(counts.least_free, 600);
    ck_assert_uint_eq(mem_counts_least_free(&counts), 600);
}
END_TEST

START_TEST(test_a_mark_begins_the_least_again_and_keeps_the_one_before) {
    struct mem_counts counts = begun();
    mem_counts_settle(&counts, 300);
    mem_counts_mark(&counts, 800);
    ck_assert_uint_eq(counts.least_free, 800);
    ck_assert_uint_eq(mem_counts_least_free(&counts), 300);
    mem_counts_settle(&counts, 500);
    ck_assert_uint_eq(counts.least_free, 500);
    ck_assert_uint_eq(mem_counts_least_free(&counts), 300);
    mem_counts_settle(&counts, 200);
    ck_assert_uint_eq(mem_counts_least_free(&counts), 200);
}
END_TEST

START_TEST(test_a_mark_at_the_least_notes_it) {
    struct mem_counts counts = begun();
    mem_counts_mark(&counts, 100);
    mem_counts_mark(&counts, 900);
    ck_assert_uint_eq(mem_counts_least_free(&counts), 100);
}
END_TEST

static uint64_t lesser(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/* Against a model: free memory falls and rises, and the least of it is noted where it turns. */
START_TEST(test_the_least_of_all_and_since_the_mark_are_those_of_a_model) {
    uint64_t random = random_seed(1);
    struct mem_counts counts = begun();
    uint64_t ever = GRANULES, since = GRANULES;
    for (int i = 0; i < 100000; i++) {
        mem_granule free = random_below(&random, GRANULES + 1);
        ever = lesser(ever, free);
        since = lesser(since, free);
        if (random_below(&random, 10) == 0) {
            mem_counts_mark(&counts, free);
            since = free;
        } else {
            mem_counts_settle(&counts, free);
        }
        must_equal(counts.least_free, since);
        must_equal(mem_counts_least_free(&counts), ever);
        if (random_below(&random, 1000) == 0) {
            counts = begun();
            ever = since = GRANULES;
        }
    }
}
END_TEST

int main(void) {
    TCase *tests = new_case("counts");
    tcase_add_test(tests, test_the_least_is_noted_before_more_is_free);
    tcase_add_test(tests, test_a_mark_begins_the_least_again_and_keeps_the_one_before);
    tcase_add_test(tests, test_a_mark_at_the_least_notes_it);
    tcase_add_test(tests, test_the_least_of_all_and_since_the_mark_are_those_of_a_model);
    return run_case(tests);
}
