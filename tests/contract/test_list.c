/*
 * test_list.c - the free list that Mem_FreeList shows: its head, its nodes and
 * its order, right whenever a function has returned.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

_Static_assert(sizeof(struct __list_t) <= GRANULE, "a chunk of one granule holds a node");

/* ---- its ends ---- */

START_TEST(test_list_is_NULL_before_init) {
    m_error = 4711;
    ck_assert_ptr_null(Mem_FreeList());
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

START_TEST(test_list_is_NULL_when_everything_is_allocated) {
    init_region(REGION);
    assert_placed(0, REGION, FIRSTFIT);
    m_error = 4711;
    ck_assert_ptr_null(Mem_FreeList());
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

START_TEST(test_list_of_a_new_region_is_one_node_at_its_start) {
    init_region(REGION);
    MemNodePtr head = Mem_FreeList();
    ck_assert_int_eq(head->size, REGION);
    ck_assert(head->type);
    ck_assert_ptr_null(head->next);
}
END_TEST

START_TEST(test_head_moves_with_the_lowest_chunk) {
    init_region(REGION);
    char *first = Mem_Alloc(64, FIRSTFIT), *second = Mem_Alloc(64, FIRSTFIT);
    ck_assert_ptr_eq(Mem_FreeList(), region + 128);
    assert_succeeds(Mem_Free(second));
    ck_assert_ptr_eq(Mem_FreeList(), region + 64);
    assert_succeeds(Mem_Free(first));
    ck_assert_ptr_eq(Mem_FreeList(), region);
}
END_TEST

/* ---- its nodes ---- */

START_TEST(test_nodes_stand_in_address_order_however_they_were_freed) {
    static const int freed[][4] = {{0, 2, 4, 6}, {6, 4, 2, 0}, {4, 0, 6, 2}, {2, 6, 0, 4}};
    init_region(REGION);
    for (int i = 0; i < 8; i++)
        assert_placed(i * 80, 80, FIRSTFIT);
    for (int i = 0; i < 4; i++)
        assert_succeeds(release(freed[_i][i] * 80));
    assert_list({0, 80}, {160, 80}, {320, 80}, {480, 80}, {640, REGION - 640});
}
END_TEST

START_TEST(test_type_is_the_byte_1) {
    struct chunk chunks[] = {{0, 16}, {0, 32}, {0, 4096}};
    init_region(REGION);
    memset(Mem_Alloc(REGION, FIRSTFIT), 0xff, REGION); /* the node hides what was there before */
    assert_succeeds(release(0));
    cut_chunks(chunks, COUNT(chunks));
    int nodes = 0;
    for (MemNodePtr node = Mem_FreeList(); node != NULL; node = node->next, nodes++) {
        ck_assert_uint_eq(*(unsigned char *)&node->type, 1);
        ck_assert_uint_eq((uintptr_t)node % GRANULE, 0);
    }
    ck_assert_int_eq(nodes, 3);
}
END_TEST

START_TEST(test_chunk_of_one_granule_has_a_whole_node) {
    struct chunk chunks[] = {{0, 16}, {0, 16}, {0, 16}};
    init_region(REGION);
    cut_chunks(chunks, COUNT(chunks));
    assert_list({0, 16}, {32, 16}, {64, 16});
    assert_placed(0, 16, FIRSTFIT);
    assert_list({32, 16}, {64, 16});
    assert_succeeds(release(48));
    assert_list({32, 48});
}
END_TEST

START_TEST(test_chunk_of_2_GiB_shows_the_largest_size_an_int_holds) {
    init_region(INT_MAX);
    const int most = INT_MAX & ~(GRANULE - 1);
    assert_list({0, most});
    assert_sound();
    assert_placed(0, 1, FIRSTFIT);
    assert_list({GRANULE, most}); /* the true size now */
    assert_placed(GRANULE, 1, FIRSTFIT);
    assert_list({2 * GRANULE, most - GRANULE});
    assert_succeeds(release(GRANULE));
    assert_list({GRANULE, most});
    assert_succeeds(release(0));
    assert_list({0, most});
    assert_sound();
}
END_TEST

/* ---- after each operation ---- */

START_TEST(test_list_is_right_after_each_operation) {
    init_region(REGION);
    assert_placed(0, 100, FIRSTFIT);
    assert_list({112, REGION - 112});
    assert_placed(112, 1000, WORSTFIT);
    assert_list({1120, REGION - 1120});
    assert_placed(1120, 16, BESTFIT);
    assert_list({1136, REGION - 1136});
    assert_succeeds(release(112));
    assert_list({112, 1008}, {1136, REGION - 1136});
    assert_placed(112, 992, BESTFIT);
    assert_list({1104, 16}, {1136, REGION - 1136});
    assert_placed(1104, 1, FIRSTFIT);
    assert_list({1136, REGION - 1136});
    assert_succeeds(release(0));
    assert_list({0, 112}, {1136, REGION - 1136});
    assert_placed(1136, REGION - 1136, WORSTFIT);
    assert_list({0, 112});
    assert_placed(0, 96, FIRSTFIT);
    assert_list({96, 16});
    assert_placed(96, 16, FIRSTFIT);
    assert_nothing_free();
    assert_succeeds(release(1120));
    assert_list({1120, 16});
    assert_succeeds(release(96));
    assert_list({96, 16}, {1120, 16});
    assert_succeeds(release(1104));
    assert_list({96, 16}, {1104, 32});
    assert_succeeds(release(112));
    assert_list({96, 1040});
    assert_succeeds(release(1136));
    assert_list({96, REGION - 96});
    assert_succeeds(release(0));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_list_is_unchanged_by_operations_that_fail) {
    struct chunk chunks[] = {{0, 64}, {0, 1024}, {0, 48}};
    init_region(REGION);
    cut_chunks(chunks, COUNT(chunks));
    assert_refused(E_NO_SPACE, Mem_Alloc(1025, FIRSTFIT));
    assert_list_is(chunks, COUNT(chunks));
    assert_refused(E_BAD_ARGS, Mem_Alloc(0, FIRSTFIT));
    assert_list_is(chunks, COUNT(chunks));
    assert_fails(E_BAD_POINTER, release(chunks[1].offset));
    assert_list_is(chunks, COUNT(chunks));
    assert_fails(E_BAD_ARGS, Mem_Init(REGION));
    assert_list_is(chunks, COUNT(chunks));
}
END_TEST

/* Two chunks as far apart as the number says: the node before the one that
 * changes is found over any distance, and linked anew. */
START_TEST(test_link_over_any_distance_follows_the_chunk_behind) {
    const int gap = (1 << 10 << 3 * _i) + (_i % 2 ? GRANULE : 0), far = GRANULE + gap;
    init_region(INT_MAX);
    assert_placed(0, GRANULE, FIRSTFIT);
    assert_placed(GRANULE, gap, FIRSTFIT);
    assert_placed(far, 64, FIRSTFIT);
    const int end = far + 64;
    assert_placed(end, INT_MAX - end, FIRSTFIT);
    assert_succeeds(release(0));
    assert_list({0, GRANULE});
    assert_succeeds(release(far));
    assert_list({0, GRANULE}, {far, 64});
    assert_placed(far, 32, WORSTFIT);
    assert_list({0, GRANULE}, {far + 32, 32});
    assert_placed(far + 32, 32, WORSTFIT);
    assert_list({0, GRANULE});
    assert_succeeds(release(far));
    assert_list({0, GRANULE}, {far, 32});
    assert_placed(0, GRANULE, FIRSTFIT);
    assert_list({far, 32});
    assert_succeeds(release(0));
    assert_list({0, GRANULE}, {far, 32});
}
END_TEST

START_TEST(test_list_of_thousands_of_nodes_is_whole) {
    enum { SIZE = 1 << 20, STEP = 48, NODES = SIZE / STEP };
    static struct chunk chunks[NODES];
    init_region(SIZE);
    for (int i = 0; i < NODES; i++) {
        chunks[i] = (struct chunk){place(32, FIRSTFIT), 32};
        must(place(16, FIRSTFIT) == i * STEP + 32);
    }
    if (SIZE % STEP > 0)
        assert_placed(NODES * STEP, SIZE % STEP, FIRSTFIT);
    for (int i = 0; i < NODES; i += 2)
        must(release(chunks[i].offset) == 0);
    for (int i = (NODES - 1) / 2 * 2 + 1; i > 0; i -= 2)
        if (i < NODES)
            must(release(chunks[i].offset) == 0);
    assert_list_is(chunks, NODES);
    assert_sound();
}
END_TEST

int main(void) {
    TCase *tests = new_case("list");

    tcase_add_test(tests, test_list_is_NULL_before_init);
    tcase_add_test(tests, test_list_is_NULL_when_everything_is_allocated);
    tcase_add_test(tests, test_list_of_a_new_region_is_one_node_at_its_start);
    tcase_add_test(tests, test_head_moves_with_the_lowest_chunk);
    tcase_add_loop_test(tests, test_nodes_stand_in_address_order_however_they_were_freed, 0, 4);
    tcase_add_test(tests, test_type_is_the_byte_1);
    tcase_add_test(tests, test_chunk_of_one_granule_has_a_whole_node);
    tcase_add_test(tests, test_list_is_right_after_each_operation);
    tcase_add_test(tests, test_list_is_unchanged_by_operations_that_fail);
    if (can_map_int_max()) {
        tcase_add_test(tests, test_chunk_of_2_GiB_shows_the_largest_size_an_int_holds);
        tcase_add_loop_test(tests, test_link_over_any_distance_follows_the_chunk_behind, 0, 7);
    }
    tcase_add_test(tests, test_list_of_thousands_of_nodes_is_whole);
    return run_case(tests);
}
