/*
 * unit_list.c - list.h: what a node shows is written whole, and any byte of it
 * that is not as it was written is noticed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/list.h"

#include "unit.h"

#include <limits.h>

/* A node at the start of a chunk of two granules, and others to link to. */
static union {
    struct __list_t node;
    unsigned char bytes[32];
} chunk;

static struct __list_t others[2];

enum { JUNK = 0xa5 };

static void spoil_chunk(void) {
    memset(chunk.bytes, JUNK, sizeof chunk.bytes);
}

/* ---- size ---- */

START_TEST(test_size_is_the_bytes_of_the_chunk) {
    ck_assert_int_eq(mem_list_size(1), 16);
    ck_assert_int_eq(mem_list_size(2), 32);
    ck_assert_int_eq(mem_list_size(255), 4080);
    ck_assert_int_eq(mem_list_size(1u << 26), 1 << 30);
    for (mem_granule granules = 1; granules < 1u << 27; granules += granules / 16 + 1)
        must_equal((uint32_t)mem_list_size(granules), (uint32_t)granules * 16);
}
END_TEST

START_TEST(test_2_GiB_and_more_show_the_largest_multiple_of_16_that_an_int_holds) {
    const int largest = INT_MAX / 16 * 16;
    const mem_granule sizes[] = {(1u << 27) - 1, 1u << 27, (1u << 27) + 1, 1u << 28,
                                 (1u << 28) + 1, 3u << 27, (1u << 31) - 1, 1u << 31};
    for (size_t i = 0; i < COUNT(sizes); i++)
        ck_assert_int_eq(mem_list_size(sizes[i]), largest);
    ck_assert_int_eq(mem_list_size((1u << 27) - 2), largest - 16);
}
END_TEST

/* ---- writing ---- */

START_TEST(test_write_sets_all_three_fields) {
    const mem_granule sizes[] = {1, 2, 64, 255, 256, 1u << 27, MEM_GRANULES_MAX};
    MemNodePtr nexts[] = {NULL, &others[0]};
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t n = 0; n < COUNT(nexts); n++) {
            spoil_chunk();
            mem_list_write(&chunk.node, sizes[i], nexts[n]);
            ck_assert_int_eq(chunk.node.size, mem_list_size(sizes[i]));
            ck_assert_uint_eq(*(unsigned char *)&chunk.node.type, 1);
            ck_assert_ptr_eq(chunk.node.next, nexts[n]);
        }
}
END_TEST

START_TEST(test_write_stays_in_the_first_granule) {
    spoil_chunk();
    mem_list_write(&chunk.node, 2, NULL);
    for (size_t i = MEM_GRANULE_BYTES; i < sizeof chunk.bytes; i++)
        ck_assert_uint_eq(chunk.bytes[i], JUNK);
}
END_TEST

START_TEST(test_link_writes_the_link_alone) {
    unsigned char before[sizeof chunk.bytes];
    spoil_chunk();
    memcpy(before, chunk.bytes, sizeof before);
    mem_list_link(&chunk.node, &others[1]);
    ck_assert_ptr_eq(chunk.node.next, &others[1]);
    memcpy(before + offsetof(struct __list_t, next), &chunk.node.next, sizeof chunk.node.next);
    ck_assert_mem_eq(chunk.bytes, before, sizeof before);
    mem_list_link(&chunk.node, NULL);
    ck_assert_ptr_null(chunk.node.next);
}
END_TEST

/* ---- comparing ---- */

START_TEST(test_what_was_written_is_recognized) {
    const mem_granule sizes[] = {1, 2, 64, 255, 256, 1u << 27, MEM_GRANULES_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        spoil_chunk();
        mem_list_write(&chunk.node, sizes[i], &others[0]);
        ck_assert(mem_list_is(&chunk.node, sizes[i], &others[0]));
        ck_assert(!mem_list_is(&chunk.node, sizes[i], &others[1]));
        ck_assert(!mem_list_is(&chunk.node, sizes[i], NULL));
        mem_list_link(&chunk.node, NULL);
        ck_assert(mem_list_is(&chunk.node, sizes[i], NULL));
        ck_assert(!mem_list_is(&chunk.node, sizes[i], &others[0]));
    }
}
END_TEST

START_TEST(test_another_size_is_not_recognized) {
    mem_list_write(&chunk.node, 64, NULL);
    ck_assert(!mem_list_is(&chunk.node, 63, NULL));
    ck_assert(!mem_list_is(&chunk.node, 65, NULL));
    mem_list_write(&chunk.node, MEM_GRANULES_MAX, NULL);
    ck_assert(!mem_list_is(&chunk.node, MEM_LIST_GRANULES_MAX - 1, NULL));
}
END_TEST

/* Whether byte i of a node belongs to one of its fields. */
static bool is_of_a_field(size_t i) {
    const struct __list_t *node = &chunk.node;
    return i < sizeof node->size || i == offsetof(struct __list_t, type) ||
           (i >= offsetof(struct __list_t, next) &&
            i < offsetof(struct __list_t, next) + sizeof node->next);
}

/* Every value of every byte; those between the fields and behind them do not
 * matter. The type takes 254 values that are no _Bool. */
START_TEST(test_any_other_byte_in_a_field_is_noticed) {
    mem_list_write(&chunk.node, 255, &others[0]);
    for (size_t i = 0; i < sizeof chunk.bytes; i++) {
        unsigned char right = chunk.bytes[i];
        for (unsigned wrong = 0; wrong <= UCHAR_MAX; wrong++) {
            chunk.bytes[i] = (unsigned char)wrong;
            bool same = wrong == right || !is_of_a_field(i);
            if (mem_list_is(&chunk.node, 255, &others[0]) != same)
                ck_abort_msg("byte %zu is %#x, and should be %#x", i, wrong, right);
        }
        chunk.bytes[i] = right;
    }
}
END_TEST

START_TEST(test_a_node_is_not_changed_by_comparing) {
    unsigned char before[sizeof chunk.bytes];
    spoil_chunk();
    memcpy(before, chunk.bytes, sizeof before);
    ck_assert(!mem_list_is(&chunk.node, 2, NULL));
    ck_assert_mem_eq(chunk.bytes, before, sizeof before);
}
END_TEST

int main(void) {
    TCase *tests = new_case("list");

    tcase_add_test(tests, test_size_is_the_bytes_of_the_chunk);
    tcase_add_test(tests, test_2_GiB_and_more_show_the_largest_multiple_of_16_that_an_int_holds);
    tcase_add_test(tests, test_write_sets_all_three_fields);
    tcase_add_test(tests, test_write_stays_in_the_first_granule);
    tcase_add_test(tests, test_link_writes_the_link_alone);
    tcase_add_test(tests, test_what_was_written_is_recognized);
    tcase_add_test(tests, test_another_size_is_not_recognized);
    tcase_add_test(tests, test_any_other_byte_in_a_field_is_noticed);
    tcase_add_test(tests, test_a_node_is_not_changed_by_comparing);
    return run_case(tests);
}
