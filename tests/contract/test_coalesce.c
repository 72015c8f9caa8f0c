/*
 * test_coalesce.c - a freed object is joined with its free neighbours before
 * Mem_Free returns: in every order, at every size, whatever lies behind.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdlib.h>

/* ---- each case by itself ---- */

/* Three neighbours between two walls; the test frees some and then one more. */
enum { LEFT = 32, MIDDLE = 80, RIGHT = 192, WALL = 304 };

static void make_neighbours(void) {
    init_region(REGION);
    assert_placed(0, LEFT, FIRSTFIT);
    assert_placed(LEFT, MIDDLE - LEFT, FIRSTFIT);
    assert_placed(MIDDLE, RIGHT - MIDDLE, FIRSTFIT);
    assert_placed(RIGHT, WALL - RIGHT, FIRSTFIT);
    assert_placed(WALL, REGION - WALL, FIRSTFIT);
    assert_nothing_free();
}

START_TEST(test_between_two_objects_nothing_is_joined) {
    make_neighbours();
    assert_succeeds(release(MIDDLE));
    assert_list({MIDDLE, RIGHT - MIDDLE});
}
END_TEST

START_TEST(test_chunk_before_is_joined) {
    make_neighbours();
    assert_succeeds(release(LEFT));
    assert_succeeds(release(MIDDLE));
    assert_list({LEFT, RIGHT - LEFT});
}
END_TEST

START_TEST(test_chunk_behind_is_joined) {
    make_neighbours();
    assert_succeeds(release(RIGHT));
    assert_succeeds(release(MIDDLE));
    assert_list({MIDDLE, WALL - MIDDLE});
}
END_TEST

START_TEST(test_chunks_on_both_sides_are_joined) {
    make_neighbours();
    assert_succeeds(release(LEFT));
    assert_succeeds(release(RIGHT));
    assert_list({LEFT, MIDDLE - LEFT}, {RIGHT, WALL - RIGHT});
    assert_succeeds(release(MIDDLE));
    assert_list({LEFT, WALL - LEFT});
}
END_TEST

START_TEST(test_ends_of_the_region_are_joined_with_nothing) {
    make_neighbours();
    assert_succeeds(release(0));
    assert_succeeds(release(WALL));
    assert_list({0, LEFT}, {WALL, REGION - WALL});
    assert_succeeds(release(LEFT));
    assert_succeeds(release(RIGHT));
    assert_list({0, MIDDLE}, {RIGHT, REGION - RIGHT});
    assert_succeeds(release(MIDDLE));
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_object_is_joined_with_the_chunk_it_was_cut_from) {
    init_region(REGION);
    for (int size = 1; size <= REGION; size += size < 300 ? 1 : 997) {
        assert_placed(0, size, WORSTFIT);
        assert_succeeds(release(0));
        assert_list({0, REGION});
    }
}
END_TEST

/* ---- every order ---- */

enum { BLOCKS = 6, ORDERS = 720 };

/* In bytes. Blocks end on, before and behind multiples of 1 KiB, and some contain whole segments of
 * it. */
static const int sizes[][BLOCKS] = {
    {16, 16, 16, 16, 16, 16},
    {16, 32, 48, 64, 80, 96},
    {1024, 1024, 1024, 1024, 1024, 1024},
    {1008, 16, 1008, 1040, 1024, 32},
    {16, 4096, 16, 1008, 10240, 1024},
    {4080, 16, 16, 4064, 4096, 4112},
    {512, 512, 512, 1536, 2048, 3072},
};
enum { SETS = COUNT(sizes), PADS = 3 };

struct block {
    int offset, size;
    bool free;
};

/* Fills in the chunks that the list must have: free blocks, joined. */
static size_t joined(const struct block *blocks, size_t count, struct chunk *chunks) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!blocks[i].free)
            continue;
        if (i > 0 && blocks[i - 1].free)
            chunks[n - 1].size += blocks[i].size;
        else
            chunks[n++] = (struct chunk){blocks[i].offset, blocks[i].size};
    }
    return n;
}

/* Fills in the order of that number, 0 to ORDERS - 1: a permutation of the blocks' numbers. */
static void make_order(int number, int *order) {
    for (int i = 0; i < BLOCKS; i++) {
        const int at = number % (i + 1);
        number /= i + 1;
        order[i] = order[at];
        order[at] = i;
    }
}

/* Lays out the blocks, with one of pad bytes before them and one of the rest of the region behind
 * them. ends_free: those two are free from the start; otherwise they stay live. */
static void lay_out(struct block *blocks, const int *size, int pad, bool ends_free) {
    int offset = 0;
    for (int i = 0; i < BLOCKS + 2; i++) {
        const int own = i == 0 ? pad : i <= BLOCKS ? size[i - 1] : REGION - offset;
        blocks[i] = (struct block){offset, own, false};
        must(place(own, FIRSTFIT) == offset);
        offset += own;
    }
    must(Mem_FreeList() == NULL);
    if (!ends_free)
        return;
    blocks[0].free = blocks[BLOCKS + 1].free = true;
    must(release(blocks[0].offset) == 0);
    must(release(blocks[BLOCKS + 1].offset) == 0);
}

static void free_in_order(struct block *blocks, int number) {
    struct chunk chunks[BLOCKS + 2];
    int order[BLOCKS];

    make_order(number, order);
    for (int i = 0; i < BLOCKS; i++) {
        struct block *block = &blocks[1 + order[i]];
        must(release(block->offset) == 0);
        block->free = true;
        const char *fault = list_fault(chunks, joined(blocks, BLOCKS + 2, chunks));
        if (fault != NULL)
            ck_abort_msg("order %d, after freeing block %d: %s", number, order[i], fault);
    }
}

START_TEST(test_blocks_are_joined_in_every_order) {
    static const int pads[PADS] = {16, 1008, 1024};
    const int *size = sizes[_i / 2 / PADS];
    const bool ends_free = _i % 2;
    struct block blocks[BLOCKS + 2];

    init_region(REGION);
    for (int number = 0; number < ORDERS; number += light() ? 7 : 1) {
        lay_out(blocks, size, pads[_i / 2 % PADS], ends_free);
        free_in_order(blocks, number);
        if (!ends_free) {
            must(release(blocks[0].offset) == 0);
            must(release(blocks[BLOCKS + 1].offset) == 0);
        }
        assert_list({0, REGION});
    }
    assert_sound();
}
END_TEST

/* ---- far apart, and many ---- */

START_TEST(test_objects_of_hundreds_of_megabytes_are_joined) {
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const int wall = 3 << 29, third = wall / 3;
    struct block blocks[4];
    struct chunk chunks[4];

    init_region(INT_MAX);
    for (int i = 0; i < 3; i++) {
        blocks[i] = (struct block){i * third, third, false};
        assert_placed(i * third, third, FIRSTFIT);
    }
    assert_placed(wall, GRANULE, FIRSTFIT);
    blocks[3] = (struct block){wall + GRANULE, INT_MAX - wall - (GRANULE - 1), true};
    for (int i = 0; i < 3; i++) {
        assert_succeeds(release(orders[_i][i] * third));
        blocks[orders[_i][i]].free = true;
        /* The wall is no block, and parts the last from the others. */
        const size_t n = joined(blocks, 3, chunks);
        chunks[n] = (struct chunk){blocks[3].offset, blocks[3].size};
        assert_list_is(chunks, n + 1);
    }
    assert_succeeds(release(wall));
    assert_list({0, INT_MAX - (GRANULE - 1)});
}
END_TEST

/* The last granule of the region is an object of its own, far behind the one
 * that is freed: the end of a chunk is found at any distance. */
START_TEST(test_end_of_a_chunk_is_found_at_any_distance) {
    init_region(INT_MAX);
    const int last = INT_MAX - (GRANULE - 1);
    assert_placed(0, GRANULE, FIRSTFIT);
    assert_placed(GRANULE, last - GRANULE, FIRSTFIT);
    assert_placed(last, GRANULE, FIRSTFIT);
    assert_succeeds(release(GRANULE));
    assert_list({GRANULE, last - GRANULE});
    assert_placed(GRANULE, GRANULE, FIRSTFIT);
    assert_succeeds(release(0));
    assert_succeeds(release(GRANULE));
    assert_list({0, last});
    assert_succeeds(release(last));
    assert_list({0, last}); /* 2 GiB, more than an int shows */
}
END_TEST

/* Fills a region with granules and frees them all: the even ones upwards, then
 * the odd ones in an order that jumps about. Each odd one joins three. */
START_TEST(test_thousands_of_granules_become_one_chunk) {
    enum { SIZE = 1 << 20, GRANULES = SIZE / GRANULE, STEP = 2 * 10007 };
    init_region(SIZE);
    for (int i = 0; i < GRANULES; i++)
        must(place(GRANULE, FIRSTFIT) == i * GRANULE);
    for (int i = 0; i < GRANULES; i += 2)
        must(release(i * GRANULE) == 0);
    assert_sound();
    for (int i = 0, at = 1; i < GRANULES / 2; i++, at = (at + STEP) % GRANULES) {
        must(release(at * GRANULE) == 0);
        if (i % 4096 == 0)
            assert_sound();
    }
    assert_list({0, SIZE});
}
END_TEST

int main(void) {
    TCase *tests = new_case("coalesce");

    tcase_add_test(tests, test_between_two_objects_nothing_is_joined);
    tcase_add_test(tests, test_chunk_before_is_joined);
    tcase_add_test(tests, test_chunk_behind_is_joined);
    tcase_add_test(tests, test_chunks_on_both_sides_are_joined);
    tcase_add_test(tests, test_ends_of_the_region_are_joined_with_nothing);
    tcase_add_test(tests, test_object_is_joined_with_the_chunk_it_was_cut_from);
    tcase_add_loop_test(tests, test_blocks_are_joined_in_every_order, 0, 2 * SETS * PADS);
    if (can_map_int_max()) {
        tcase_add_loop_test(tests, test_objects_of_hundreds_of_megabytes_are_joined, 0, 6);
        tcase_add_test(tests, test_end_of_a_chunk_is_found_at_any_distance);
    }
    tcase_add_test(tests, test_thousands_of_granules_become_one_chunk);
    return run_case(tests);
}
