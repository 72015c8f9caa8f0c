/*
 * unit_tries.c - tries.h: the smallest chunk that is large enough is found, and among equals the
 * first; no path is longer than its key.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "index/tries.h"

#include <string.h>

#include "unit.h"

/* Granules of a region. */
static const mem_granule regions[] = {128, 129, 256, 1000, 8192, 100000, UINT32_C(1) << 27};

/* The size of the chunk in each of the places that are used; 0: there is none. */
enum { PLACES = 601 }; /* a prime: a multiple of it visits all */

struct model {
    struct mem_tries tries;
    mem_granule granules;
    uint32_t places;
    mem_granule size[PLACES];
};

static void start(struct model *m, mem_granule granules) {
    memset(m, 0, sizeof *m);
    void *memory = calloc(mem_tries_bytes(granules), 1);
    must(memory != NULL);
    m->granules = granules;
    m->places = granules / MEM_TRIES_LEAST < PLACES ? granules / MEM_TRIES_LEAST : PLACES;
    mem_tries_init(&m->tries, memory, granules);
}

static void end(struct model *m) {
    free(m->tries.nodes);
}

/* A granule in the place; the last places of the region are used. */
static mem_granule granule_of(const struct model *m, uint32_t place) {
    uint32_t first = m->granules / MEM_TRIES_LEAST - m->places;
    return (first + place) * MEM_TRIES_LEAST + place % MEM_TRIES_LEAST;
}

static void add(struct model *m, uint32_t place, mem_granule size) {
    mem_tries_add(&m->tries, granule_of(m, place), size);
    m->size[place] = size;
}

static void drop(struct model *m, uint32_t place) {
    mem_tries_drop(&m->tries, granule_of(m, place), m->size[place]);
    m->size[place] = 0;
}

static void change(struct model *m, uint32_t from, uint32_t to, mem_granule size) {
    mem_tries_change(&m->tries, granule_of(m, from), m->size[from], granule_of(m, to), size);
    m->size[from] = 0;
    m->size[to] = size;
}

/* The place of the best fit, or PLACES. */
static uint32_t best(const struct model *m, mem_granule size) {
    uint32_t found = PLACES;
    for (uint32_t place = 0; place < m->places; place++)
        if (m->size[place] >= size && (found == PLACES || m->size[place] < m->size[found]))
            found = place;
    return found;
}

static void compare_best(const struct model *m, mem_granule size) {
    struct mem_large got = mem_tries_best(&m->tries, size);
    uint32_t place = best(m, size);
    must_equal(got.size, place == PLACES ? 0 : m->size[place]);
    if (place != PLACES)
        must_equal(got.place, mem_tries_place(granule_of(m, place)));
}

/* What the bits of the tries in use say. */
static void compare_range(const struct model *m, mem_granule least, mem_granule most) {
    bool has = false;
    for (uint32_t place = 0; place < m->places; place++)
        has = has || (m->size[place] >= least && m->size[place] <= most);
    must(!has || mem_tries_may_have(&m->tries, least, most));
}

/* How many nodes lie above that of a place. */
static unsigned depth(const struct model *m, uint32_t place) {
    unsigned levels = 0;
    uint32_t node = mem_tries_place(granule_of(m, place)) + 1;
    while ((node = m->tries.nodes[node].above) != 0)
        levels++;
    return levels;
}

static void compare_depths(const struct model *m) {
    for (uint32_t place = 0; place < m->places; place++)
        if (m->size[place] != 0)
            must(depth(m, place) <= mem_tries_of(m->size[place]) / 2 - 1 + m->tries.place_bits);
}

START_TEST(test_new_tries_have_nothing) {
    struct model m;
    start(&m, regions[_i]);
    compare_best(&m, MEM_TRIES_LEAST);
    compare_best(&m, UINT32_C(1) << 31);
    must(!mem_tries_may_have(&m.tries, MEM_TRIES_LEAST, UINT32_C(1) << 31));
    end(&m);
}
END_TEST

START_TEST(test_trie_of_a_size_is_told_by_its_two_highest_bits) {
    const mem_granule sizes[] = {128, 191, 192, 255, 256, 383, 384, 511, UINT32_C(3) << 30};
    const unsigned tries[] = {14, 14, 15, 15, 16, 16, 17, 17, 63};
    for (size_t i = 0; i < COUNT(sizes); i++)
        ck_assert_uint_eq(mem_tries_of(sizes[i]), tries[i]);
}
END_TEST

/* Of equals, the first is found, in whichever order they come and go. */
START_TEST(test_among_equals_the_first_is_found) {
    struct model m;
    start(&m, UINT32_C(1) << 27);
    for (uint32_t n = 0; n < PLACES; n++) {
        add(&m, n * 7 % PLACES, 300 + (mem_granule)_i);
        compare_best(&m, 128);
        compare_best(&m, 300 + (mem_granule)_i);
        compare_best(&m, 301 + (mem_granule)_i);
    }
    compare_depths(&m);
    for (uint32_t n = 0; n < PLACES; n++) {
        drop(&m, (n * 11 + 5) % PLACES);
        compare_best(&m, 300);
    }
    end(&m);
}
END_TEST

static mem_granule random_size(uint64_t *random, mem_granule granules) {
    switch (random_below(random, 4)) {
    case 0:
        return 128 + random_below(random, 3);
    case 1:
        return 128 + random_below(random, 200);
    case 2:
        return (UINT32_C(1) << (8 + random_below(random, 18))) + random_below(random, 3) - 1;
    default:
        return 128 + random_below(random, granules);
    }
}

/* A step from where `place` has a chunk or not. */
static void random_step(struct model *m, uint64_t *random, bool fills) {
    uint32_t place = random_below(random, m->places), other = random_below(random, m->places);
    mem_granule size = random_size(random, m->granules);
    if (m->size[place] == 0) {
        if (fills || random_below(random, 4) == 0)
            add(m, place, size);
    } else if (random_below(random, 2) == 0) {
        bool near = random_below(random, 2) == 0;
        uint32_t to = m->size[other] == 0 && random_below(random, 2) == 0 ? other : place;
        change(m, place, to, near ? m->size[place] + random_below(random, 9) : size);
    } else if (!fills || random_below(random, 4) == 0) {
        drop(m, place);
    }
}

/* The tries fill and empty by turns. */
START_TEST(test_random_changes) {
    uint64_t random = random_seed((uint64_t)_i);
    struct model m;
    start(&m, regions[_i]);
    for (int n = 0, steps = rounds(20000); n < steps; n++) {
        random_step(&m, &random, n / 1000 % 2 == 0);
        mem_granule size = random_size(&random, m.granules);
        compare_best(&m, size);
        compare_best(&m, m.size[random_below(&random, m.places)] | MEM_TRIES_LEAST);
        compare_range(&m, size, random_size(&random, m.granules));
        if (n % 100 == 0)
            compare_depths(&m);
    }
    end(&m);
}
END_TEST

/* 2^31 granules: of the nodes' memory, no more is touched than there are chunks. */
START_TEST(test_keys_of_the_most_granules) {
    struct model m;
    start(&m, UINT32_C(1) << 31);
    for (uint32_t place = 0; place < PLACES; place++)
        add(&m, place, place % 2 == 0 ? UINT32_C(1) << 31 : (UINT32_C(1) << 31) - place % 16);
    for (uint32_t place = 0; place < PLACES; place++) {
        compare_best(&m, (UINT32_C(1) << 31) - 20 + place % 21);
        drop(&m, place);
    }
    end(&m);
}
END_TEST

int main(void) {
    TCase *tests = new_case("tries");
    tcase_add_loop_test(tests, test_new_tries_have_nothing, 0, COUNT(regions));
    tcase_add_test(tests, test_trie_of_a_size_is_told_by_its_two_highest_bits);
    tcase_add_loop_test(tests, test_among_equals_the_first_is_found, 0, 3);
    tcase_add_loop_test(tests, test_random_changes, 0, COUNT(regions));
    if (!light())
        tcase_add_test(tests, test_keys_of_the_most_granules);
    return run_case(tests);
}
