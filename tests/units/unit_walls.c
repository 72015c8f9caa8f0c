/*
 * unit_walls.c - holders/walls.h: what each caller holds apart is what would join if its objects
 * went, found again by taking them away.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "holders/walls.h"
#include "unit.h"

#include <string.h>

enum { GRANULES = 60, BYTES = 16, CALLERS = 4 };

/* The caller of the object that has a granule, or FREE; and whether one begins there. */
enum { FREE = -1 };
static int owner[GRANULES];

static struct block blocks[GRANULES];
static size_t count;

/* Small objects, so that walls have several; long free chunks, so that some are the largest. */
static void make_heap(uint64_t *random) {
    count = 0;
    for (size_t at = 0; at < GRANULES;) {
        size_t left = GRANULES - at;
        size_t length = 1 + random_below(random, 3);
        int caller = random_below(random, 2) == 0 ? FREE : (int)random_below(random, CALLERS);
        length = length < left ? length : left;
        if (caller != FREE)
            blocks[count++] = (struct block){at * BYTES, length * BYTES, 0, (uint32_t)caller};
        for (size_t i = 0; i < length; i++)
            owner[at++] = caller;
    }
}

/* The end of the free chunk at a granule, if objects of a caller count as free, unless it is FREE.
 */
static size_t end_of_chunk(size_t at, int gone) {
    while (at < GRANULES && (owner[at] == FREE || owner[at] == gone))
        at++;
    return at;
}

/* What is found in a chunk that would be there without the objects of a caller, which lie in walls
 * of its own only if free chunks are on both sides. */
static void count_chunk(size_t from, size_t to, int caller, struct hold *expected) {
    while (from < to && owner[from] == caller)
        from++;
    while (from < to && owner[to - 1] == caller)
        to--;
    uint64_t free = 0, most = 0, length = 0, pieces = 0;
    for (size_t at = from; at < to; at++) {
        length = owner[at] == FREE ? length + 1 : 0;
        pieces += length == 1;
        free += owner[at] == FREE;
        most = length > most ? length : most;
    }
    if (pieces < 2)
        return;
    expected->joins += (free - most) * BYTES;
    expected->bytes += (to - from - free) * BYTES;
    if ((to - from) * BYTES > expected->largest)
        expected->largest = (to - from) * BYTES;
    for (size_t i = 0; i < count; i++)
        expected->objects += (int)blocks[i].caller == caller && blocks[i].offset >= from * BYTES &&
                             blocks[i].offset < to * BYTES;
}

static void check_caller(int caller, const struct hold *got) {
    struct hold expected = {.joins = 0};
    for (size_t at = 0; at < GRANULES; at++) {
        size_t end = end_of_chunk(at, caller);
        count_chunk(at, end, caller, &expected);
        at = end;
    }
    must_equal(got->joins, expected.joins);
    must_equal(got->largest, expected.largest);
    must_equal(got->objects, expected.objects);
    must_equal(got->bytes, expected.bytes);
}

static uint64_t heard;

static void hear(void *who, const struct block *block) {
    must(who == &heard && block->bytes > 0);
    heard++;
}

START_TEST(test_random_heaps_join_as_counted_by_hand) {
    const struct walls_listener listener = {hear, &heard};
    uint64_t random = random_seed(1);
    for (unsigned step = 0; step < 20000; step++) {
        struct hold of[CALLERS];
        uint64_t objects = 0;
        make_heap(&random);
        memset(of, 0, sizeof of);
        heard = 0;
        walls_find(blocks, count, GRANULES * BYTES, of, &listener);
        for (int i = 0; i < CALLERS; i++) {
            check_caller(i, &of[i]);
            objects += of[i].objects;
        }
        must_equal(heard, objects);
    }
}
END_TEST

START_TEST(test_an_empty_heap_holds_nothing) {
    struct hold of = {.joins = 0};
    walls_find(blocks, 0, GRANULES * BYTES, &of, NULL);
    must_equal(of.joins, 0);
    must_equal(of.objects, 0);
}
END_TEST

int main(void) {
    TCase *tests = new_case("walls");
    tcase_add_test(tests, test_random_heaps_join_as_counted_by_hand);
    tcase_add_test(tests, test_an_empty_heap_holds_nothing);
    return run_case(tests);
}
