/*
 * unit_sets.c - sets.h: what is in the sets is what was put there, and the lowest is found.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "index/sets.h"

#include <string.h>

#include "unit.h"

/* Numbers of segments with one level to four. */
static const uint32_t counts[] = {1, 2, 63, 64, 65, 4095, 4096, 4097, 70000, 262144, 262145};

/* Some sizes, next to the edges of words. */
static const uint32_t sizes[] = {1, 2, 62, 63, 64, 65, 126, 127};

/* Which segments are in the set of which of these sizes. */
struct model {
    struct mem_sets sets;
    uint32_t segments;
    unsigned char *has[COUNT(sizes)];
    uint32_t members[COUNT(sizes)];
};

static void *zeroed(size_t bytes) {
    void *memory = calloc(bytes, 1);
    must(memory != NULL);
    return memory;
}

static void start(struct model *m, uint32_t segments) {
    m->segments = segments;
    mem_sets_init(&m->sets, zeroed(mem_sets_bytes(segments)), segments);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        m->has[i] = zeroed(segments);
        m->members[i] = 0;
    }
}

static void end(struct model *m) {
    free(m->sets.words);
    for (size_t i = 0; i < COUNT(sizes); i++)
        free(m->has[i]);
}

static void set(struct model *m, size_t i, uint32_t number, bool there) {
    m->members[i] += (uint32_t)there - m->has[i][number];
    m->has[i][number] = there;
    if (there)
        mem_sets_add(&m->sets, (int32_t)number, sizes[i]);
    else
        mem_sets_drop(&m->sets, (int32_t)number, sizes[i]);
}

static void compare_lowest(const struct model *m, size_t i) {
    uint32_t lowest = 0;
    while (!m->has[i][lowest])
        lowest++;
    must_equal((uint32_t)mem_sets_lowest(&m->sets, sizes[i]), lowest);
}

static void compare(const struct model *m) {
    uint32_t next = MEM_SETS_SIZES;
    uint32_t size = MEM_SETS_SIZES + 2;
    for (size_t i = COUNT(sizes); i-- > 0;) {
        for (; size > sizes[i]; size--)
            must_equal(mem_sets_size_from(&m->sets, size), next);
        if (m->members[i] > 0) {
            next = sizes[i];
            compare_lowest(m, i);
        }
    }
    must_equal(mem_sets_size_from(&m->sets, sizes[0]), next);
}

START_TEST(test_new_sets_are_empty) {
    struct model m;
    start(&m, counts[_i]);
    compare(&m);
    end(&m);
}
END_TEST

START_TEST(test_first_and_last_segment_come_and_go) {
    struct model m;
    start(&m, counts[_i]);
    const uint32_t last = counts[_i] - 1;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        set(&m, i, last, true);
        compare(&m);
        set(&m, i, 0, true);
        compare(&m);
        set(&m, i, 0, false);
        compare(&m);
        set(&m, i, last, false);
        compare(&m);
    }
    end(&m);
}
END_TEST

START_TEST(test_adding_and_dropping_twice_is_the_same_as_once) {
    struct model m;
    start(&m, counts[_i]);
    const uint32_t last = counts[_i] - 1;
    set(&m, 3, last, true);
    set(&m, 3, last, true);
    compare(&m);
    set(&m, 3, last, false);
    set(&m, 3, last, false);
    compare(&m);
    set(&m, 4, 0, false);
    compare(&m);
    end(&m);
}
END_TEST

/* The sets fill and empty by turns. Where there are many segments, they lie together in a few
 * places, so that words become empty. */
START_TEST(test_random_changes) {
    uint64_t random = random_seed((uint64_t)_i);
    struct model m;
    start(&m, counts[_i]);
    uint32_t range = m.segments < 200 ? m.segments : 200;
    for (int n = 0, steps = rounds(20000); n < steps; n++) {
        size_t i = random_below(&random, COUNT(sizes));
        uint32_t offset = random_below(&random, range) / (1 + random_below(&random, 20));
        uint32_t number = random_below(&random, 2) ? offset : m.segments - 1 - offset;
        bool fills = n / 1000 % 2 == 0;
        set(&m, i, number, random_below(&random, 8) < (fills ? 6u : 1u));
        if (m.segments <= 4097 || n % 64 == 0)
            compare(&m);
    }
    end(&m);
}
END_TEST

/* 2^31 granules. A level takes a sixty-fourth of the one below. */
START_TEST(test_sets_of_the_most_segments) {
    const uint32_t most = UINT32_C(1) << 25;
    struct mem_sets sets;
    ck_assert_uint_eq(mem_sets_plan(&sets, most), 524288 + 8192 + 128 + 2 + 1);
    ck_assert_uint_eq(sets.root, 4);
    ck_assert_uint_eq(sets.first[4], 524288 + 8192 + 128 + 2);
}
END_TEST

int main(void) {
    TCase *tests = new_case("sets");
    tcase_add_loop_test(tests, test_new_sets_are_empty, 0, COUNT(counts));
    tcase_add_loop_test(tests, test_first_and_last_segment_come_and_go, 0, COUNT(counts));
    tcase_add_loop_test(tests, test_adding_and_dropping_twice_is_the_same_as_once, 0,
                        COUNT(counts));
    tcase_add_loop_test(tests, test_random_changes, 0, COUNT(counts));
    tcase_add_test(tests, test_sets_of_the_most_segments);
    return run_case(tests);
}
