/*
 * unit_lanes.c - lanes.h: comparing or limiting sixteen values at once gives what doing so one by
 * one gives, with vector instructions and without.
 *
 * A node lies between two rows of the largest values, so that a lane read from
 * outside it shows.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/lanes.h"

#include <string.h>

#include "unit.h"

#define WORD_MAX ((uint32_t)INT32_MAX)

static struct { _Alignas(64) uint8_t before[MEM_LANES], node[MEM_LANES], after[MEM_LANES]; } bytes;

static struct { _Alignas(64) uint32_t before[MEM_LANES], node[MEM_LANES], after[MEM_LANES]; } words;

static void fill8(uint32_t value) {
    for (int i = 0; i < MEM_LANES; i++) {
        bytes.before[i] = bytes.after[i] = UINT8_MAX;
        bytes.node[i] = (uint8_t)value;
    }
}

static void fill32(uint32_t value) {
    for (int i = 0; i < MEM_LANES; i++) {
        words.before[i] = words.after[i] = WORD_MAX;
        words.node[i] = value;
    }
}

/* ---- one value at a time ---- */

static uint32_t plain8_at_least(uint32_t value) {
    uint32_t mask = 0;
    for (int i = MEM_LANES - 1; i >= 0; i--)
        mask = mask * 2 + (bytes.node[i] >= value ? 1 : 0);
    return mask;
}

/* The largest but for one; MEM_LANES is none of them. */
static uint32_t plain8_max_but(uint32_t lane) {
    uint32_t largest = 0;
    for (uint32_t i = 0; i < MEM_LANES; i++)
        if (i != lane && bytes.node[i] > largest)
            largest = bytes.node[i];
    return largest;
}

static uint32_t plain32_at_least(uint32_t value) {
    uint32_t mask = 0;
    for (int i = MEM_LANES - 1; i >= 0; i--)
        mask = mask * 2 + (words.node[i] >= value ? 1 : 0);
    return mask;
}

/* The largest but for one; MEM_LANES is none of them. */
static uint32_t plain32_max_but(uint32_t lane) {
    uint32_t largest = 0;
    for (uint32_t i = 0; i < MEM_LANES; i++)
        if (i != lane && words.node[i] > largest)
            largest = words.node[i];
    return largest;
}

static void compare8(uint32_t value) {
    must_equal(mem_lanes8_at_least(bytes.node, value), plain8_at_least(value));
    must_equal(mem_lanes8_max(bytes.node), plain8_max_but(MEM_LANES));
    for (uint32_t lane = 0; lane < MEM_LANES; lane++)
        must_equal(mem_lanes8_max_but(bytes.node, lane), plain8_max_but(lane));
}

static void compare32(uint32_t value) {
    must_equal(mem_lanes32_at_least(words.node, value), plain32_at_least(value));
    must_equal(mem_lanes32_max(words.node), plain32_max_but(MEM_LANES));
    for (uint32_t lane = 0; lane < MEM_LANES; lane++)
        must_equal(mem_lanes32_max_but(words.node, lane), plain32_max_but(lane));
}

/* Words next to where a comparison of halves, or of signed or narrowed values,
 * would go wrong. */
static const uint32_t words_to_try[] = {
    0,         1,         2,          127,        128,        255,          256,      257,
    32767,     32768,     32769,      65535,      65536,      65537,        0xffff80, 0x1000000,
    0x7ffffff, 0x8000000, 0x7fff0000, 0x7fff7fff, 0x7fff8000, WORD_MAX - 1, WORD_MAX,
};

/* ---- bytes ---- */

START_TEST(test_each_byte_is_held_against_each_value) {
    for (uint32_t value = 0; value <= UINT8_MAX; value++)
        for (uint32_t byte = 0; byte <= UINT8_MAX; byte++) {
            fill8(byte);
            compare8(value);
        }
}
END_TEST

/* One lane alone differs: bit i of the answer is its, and the largest is found there. */
START_TEST(test_each_byte_lane_is_told_apart) {
    for (int lane = 0; lane < MEM_LANES; lane++)
        for (uint32_t byte = 1; byte <= UINT8_MAX; byte++) {
            fill8(byte - 1);
            bytes.node[lane] = (uint8_t)byte;
            must_equal(mem_lanes8_at_least(bytes.node, byte), 1u << lane);
            must_equal(mem_lanes8_max(bytes.node), byte);
            fill8(byte);
            bytes.node[lane] = (uint8_t)(byte - 1);
            must_equal(mem_lanes8_at_least(bytes.node, byte), 0xffff ^ 1u << lane);
            must_equal(mem_lanes8_max(bytes.node), byte);
        }
}
END_TEST

START_TEST(test_every_byte_is_at_least_zero) {
    fill8(0);
    must_equal(mem_lanes8_at_least(bytes.node, 0), 0xffff);
    must_equal(mem_lanes8_max(bytes.node), 0);
}
END_TEST

START_TEST(test_bytes_that_tie_are_all_told) {
    for (int a = 0; a < MEM_LANES; a++)
        for (int b = 0; b < MEM_LANES; b++) {
            fill8(200);
            bytes.node[a] = bytes.node[b] = 201;
            must_equal(mem_lanes8_at_least(bytes.node, 201), 1u << a | 1u << b);
            must_equal(mem_lanes8_max(bytes.node), 201);
        }
}
END_TEST

START_TEST(test_random_bytes) {
    uint64_t random = random_seed(1);
    for (int n = rounds(100000); n > 0; n--) {
        uint32_t range = 1 + random_below(&random, UINT8_MAX + 1);
        fill8(0);
        for (int i = 0; i < MEM_LANES; i++)
            bytes.node[i] = (uint8_t)(UINT8_MAX - random_below(&random, range));
        compare8(UINT8_MAX - random_below(&random, range));
    }
}
END_TEST

/* ---- words ---- */

START_TEST(test_each_word_is_held_against_each_value) {
    for (size_t v = 0; v < COUNT(words_to_try); v++)
        for (size_t w = 0; w < COUNT(words_to_try); w++) {
            fill32(words_to_try[w]);
            compare32(words_to_try[v]);
        }
}
END_TEST

START_TEST(test_each_word_lane_is_told_apart) {
    for (int lane = 0; lane < MEM_LANES; lane++)
        for (size_t w = 1; w < COUNT(words_to_try); w++) {
            uint32_t word = words_to_try[w];
            fill32(word - 1);
            words.node[lane] = word;
            must_equal(mem_lanes32_at_least(words.node, word), 1u << lane);
            must_equal(mem_lanes32_max(words.node), word);
            fill32(word);
            words.node[lane] = word - 1;
            must_equal(mem_lanes32_at_least(words.node, word), 0xffff ^ 1u << lane);
            must_equal(mem_lanes32_max(words.node), word);
        }
}
END_TEST

START_TEST(test_every_word_is_at_least_zero) {
    fill32(0);
    must_equal(mem_lanes32_at_least(words.node, 0), 0xffff);
    must_equal(mem_lanes32_max(words.node), 0);
}
END_TEST

START_TEST(test_words_that_tie_are_all_told) {
    for (int a = 0; a < MEM_LANES; a++)
        for (int b = 0; b < MEM_LANES; b++) {
            fill32(WORD_MAX - 1);
            words.node[a] = words.node[b] = WORD_MAX;
            must_equal(mem_lanes32_at_least(words.node, WORD_MAX), 1u << a | 1u << b);
            must_equal(mem_lanes32_max(words.node), WORD_MAX);
        }
}
END_TEST

START_TEST(test_random_words) {
    uint64_t random = random_seed(2);
    for (int n = rounds(100000); n > 0; n--) {
        uint32_t range = 1 + (WORD_MAX >> random_below(&random, 31));
        fill32(0);
        for (int i = 0; i < MEM_LANES; i++)
            words.node[i] = WORD_MAX - random_below(&random, range);
        compare32(WORD_MAX - random_below(&random, range));
    }
}
END_TEST

/* ---- limits ---- */

static struct { _Alignas(64) int16_t before[MEM_LANES], node[MEM_LANES], after[MEM_LANES]; } halves;

static void fill16(uint64_t *random) {
    for (int i = 0; i < MEM_LANES; i++) {
        halves.before[i] = 0;
        halves.after[i] = INT16_MAX;
        halves.node[i] = (int16_t)random_below(random, INT16_MAX + 1);
    }
}

/* What stands beside the node is as it was. */
static void compare_beside(void) {
    for (int i = 0; i < MEM_LANES; i++)
        must(halves.before[i] == 0 && halves.after[i] == INT16_MAX);
}

START_TEST(test_first_lanes_are_limited_from_above) {
    uint64_t random = random_seed(3);
    for (int n = rounds(1000); n > 0; n--)
        for (uint32_t last = 0; last < MEM_LANES; last++) {
            int16_t before[MEM_LANES];
            int16_t bound = (int16_t)(n % 3 == 0 ? INT16_MAX : random_below(&random, INT16_MAX));
            fill16(&random);
            memcpy(before, halves.node, sizeof before);
            mem_lanes16_lower_to(halves.node, last, bound);
            for (uint32_t i = 0; i < MEM_LANES; i++)
                must(halves.node[i] == (i <= last && before[i] > bound ? bound : before[i]));
            compare_beside();
        }
}
END_TEST

START_TEST(test_last_lanes_are_limited_from_below) {
    uint64_t random = random_seed(4);
    for (int n = rounds(1000); n > 0; n--)
        for (uint32_t first = 0; first < MEM_LANES; first++) {
            int16_t before[MEM_LANES];
            int16_t bound = (int16_t)(n % 3 == 0 ? INT16_MAX : random_below(&random, INT16_MAX));
            fill16(&random);
            memcpy(before, halves.node, sizeof before);
            mem_lanes16_raise_from(halves.node, first, bound);
            for (uint32_t i = 0; i < MEM_LANES; i++)
                must(halves.node[i] == (i >= first && before[i] < bound ? bound : before[i]));
            compare_beside();
        }
}
END_TEST

int main(void) {
    TCase *tests = new_case("lanes");

    tcase_add_test(tests, test_each_byte_is_held_against_each_value);
    tcase_add_test(tests, test_each_byte_lane_is_told_apart);
    tcase_add_test(tests, test_every_byte_is_at_least_zero);
    tcase_add_test(tests, test_bytes_that_tie_are_all_told);
    tcase_add_test(tests, test_random_bytes);
    tcase_add_test(tests, test_each_word_is_held_against_each_value);
    tcase_add_test(tests, test_each_word_lane_is_told_apart);
    tcase_add_test(tests, test_every_word_is_at_least_zero);
    tcase_add_test(tests, test_words_that_tie_are_all_told);
    tcase_add_test(tests, test_random_words);
    tcase_add_test(tests, test_first_lanes_are_limited_from_above);
    tcase_add_test(tests, test_last_lanes_are_limited_from_below);
    return run_case(tests);
}
