/*
 * unit_index.c - index.h: every search finds what a search from end to end
 * finds, and every change leaves the index exact.
 *
 * What is tried hardest: chunks that start, end or are cut next to the edges of
 * segments (64 granules) and stretches (256), and sizes next to those and next
 * to 255, what a byte can count.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "index/index.h"

#include <string.h>

#include "blocks.h"
#include "index/give.h"
#include "index/sizes.h"
#include "index/take.h"
#include "index/valid.h"
#include "unit.h"

/* Sizes of regions in granules. */
static const mem_granule regions[] = {1,   2,   3,   63,  64,  65,   127,  128,  129,
                                      254, 255, 256, 257, 511, 1000, 1024, 1025, 5000};

static const mem_granule edges[] = {1,   2,   3,   15,  16,  17,  62,  63,  64,  65,  127, 128,
                                    129, 191, 192, 254, 255, 256, 257, 319, 320, 511, 512};

/* ---- one chunk ---- */

START_TEST(test_new_index_has_no_chunk) {
    struct blocks b;
    blocks_start(&b, regions[_i]);
    blocks_compare(&b);
    ck_assert_uint_eq(mem_index_first_fit(&b.index, 1), MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_worst_fit(&b.index, 1), MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_best_fit(&b.index, 1), MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, 0), MEM_NO_GRANULE);
    blocks_end(&b);
}
END_TEST

static void assert_fits_at(struct blocks *b, mem_granule size, mem_granule expected) {
    must_equal(mem_index_first_fit(&b->index, size), expected);
    must_equal(mem_index_worst_fit(&b->index, size), expected);
    must_equal(mem_index_best_fit(&b->index, size), expected);
}

START_TEST(test_chunk_of_the_whole_region_fits_up_to_its_size) {
    mem_granule granules = regions[_i];
    struct blocks b;
    blocks_start(&b, granules);
    blocks_free(&b, 0);
    blocks_compare(&b);
    for (mem_granule size = 1; size <= granules; size++)
        assert_fits_at(&b, size, 0);
    assert_fits_at(&b, granules + 1, MEM_NO_GRANULE);
    assert_fits_at(&b, MEM_GRANULES_MAX, MEM_NO_GRANULE);
    blocks_take(&b, 0, granules);
    blocks_compare(&b);
    blocks_end(&b);
}
END_TEST

/* The chunk moves through the region, to its last granule. */
START_TEST(test_chunk_of_every_size_is_found_wherever_it_starts) {
    const mem_granule granules = 1100;
    mem_granule size = edges[_i];
    for (mem_granule start = 0; start + size <= granules; start += light() ? 7 : 1) {
        struct blocks b;
        blocks_start(&b, granules);
        if (start > 0)
            blocks_split(&b, 0, start);
        if (start + size < granules)
            blocks_split(&b, b.count - 1, size);
        blocks_free(&b, start > 0);
        assert_fits_at(&b, 1, start);
        assert_fits_at(&b, size, start);
        assert_fits_at(&b, size + 1, MEM_NO_GRANULE);
        must_equal(mem_index_chunk_from(&b.index, start), start);
        must_equal(mem_index_chunk_from(&b.index, start + 1), MEM_NO_GRANULE);
        blocks_end(&b);
    }
}
END_TEST

START_TEST(test_chunk_from_beyond_the_end_is_none) {
    struct blocks b;
    blocks_start(&b, regions[_i]);
    blocks_free(&b, 0);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, 0), 0);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, 1), MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, regions[_i] - 1),
                      regions[_i] == 1 ? 0 : MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, regions[_i]), MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, regions[_i] + 1), MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, MEM_NO_GRANULE), MEM_NO_GRANULE);
    blocks_end(&b);
}
END_TEST

/* ---- several chunks ---- */

/* Chunks of these sizes in this order, a granule between each two, from `start` on. */
static void start_chunks(struct blocks *b, mem_granule start, const mem_granule *sizes,
                         size_t count) {
    mem_granule granules = start + 1;
    for (size_t i = 0; i < count; i++)
        granules += sizes[i] + 1;
    blocks_start(b, granules);
    if (start > 0)
        blocks_split(b, 0, start);
    for (size_t i = 0; i < count; i++) {
        blocks_split(b, b->count - 1, sizes[i]);
        blocks_split(b, b->count - 1, 1);
    }
    for (size_t i = 0; i < count; i++)
        blocks_free(b, 2 * i + (start > 0));
}

/* All sizes from 1 to more than the largest are asked for. */
static void compare_all_fits(struct blocks *b) {
    mem_granule last = blocks_largest(b) + 2;
    for (mem_granule size = 1; size <= last; size++)
        blocks_compare_fits(b, size);
}

START_TEST(test_fits_among_ascending_sizes) {
    struct blocks b;
    start_chunks(&b, (mem_granule)_i, edges, COUNT(edges));
    blocks_compare(&b);
    compare_all_fits(&b);
    blocks_end(&b);
}
END_TEST

START_TEST(test_fits_among_descending_sizes) {
    mem_granule descending[COUNT(edges)];
    struct blocks b;
    for (size_t i = 0; i < COUNT(edges); i++)
        descending[i] = edges[COUNT(edges) - 1 - i];
    start_chunks(&b, (mem_granule)_i, descending, COUNT(descending));
    blocks_compare(&b);
    compare_all_fits(&b);
    blocks_end(&b);
}
END_TEST

START_TEST(test_among_equals_the_lowest_is_found) {
    mem_granule size = edges[_i];
    const mem_granule sizes[] = {size, size, size, size, size, size};
    struct blocks b;
    start_chunks(&b, 5, sizes, COUNT(sizes));
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_fits_at(&b, size, b.at[2 * i + 1].start);
        assert_fits_at(&b, 1, b.at[2 * i + 1].start);
        blocks_take(&b, 2 * i + 1, size);
        blocks_compare(&b);
    }
    assert_fits_at(&b, 1, MEM_NO_GRANULE);
    blocks_end(&b);
}
END_TEST

/* Above 255 granules, a byte no longer tells which is larger. */
START_TEST(test_sizes_that_a_byte_cannot_tell_apart) {
    const mem_granule sizes[] = {300, 256, 255, 1000, 257, 1001, 256, 255};
    struct blocks b;
    start_chunks(&b, (mem_granule)_i, sizes, COUNT(sizes));
    blocks_compare(&b);
    compare_all_fits(&b);
    ck_assert_uint_eq(mem_index_worst_fit(&b.index, 1), blocks_worst_fit(&b, 1001));
    ck_assert_uint_eq(mem_index_best_fit(&b.index, 256), blocks_first_fit(&b, 300) + 301);
    blocks_end(&b);
}
END_TEST

/* In a stretch, the large chunk comes after small ones, wherever it starts. */
START_TEST(test_large_chunk_behind_small_ones_of_its_stretch) {
    for (mem_granule size = 255; size <= 257; size++)
        for (mem_granule start = 2; start < 256; start++) {
            struct blocks b;
            blocks_start(&b, 1024);
            blocks_lay(&b, (mem_granule[]){1, start - 1, size, 1, 1}, 5);
            blocks_free(&b, 0);
            blocks_free(&b, 2);
            blocks_free(&b, 4);
            assert_fits_at(&b, size, start);
            must_equal(mem_index_worst_fit(&b.index, 1), start);
            must_equal(mem_index_first_fit(&b.index, 1), 0);
            assert_fits_at(&b, size + 1, MEM_NO_GRANULE);
            blocks_end(&b);
        }
}
END_TEST

/* A chunk of a granule in every second one: a segment has 32 of them. */
START_TEST(test_segments_full_of_chunks) {
    struct blocks b;
    blocks_start(&b, regions[_i]);
    for (mem_granule g = 1; g < regions[_i]; g++)
        blocks_split(&b, g - 1, 1);
    for (mem_granule g = 0; g < regions[_i]; g += 2)
        blocks_free(&b, g);
    blocks_compare(&b);
    for (mem_granule g = 1; g < regions[_i]; g += 2) {
        blocks_free(&b, 1);
        assert_fits_at(&b, g + 1, 0);
    }
    blocks_compare(&b);
    blocks_end(&b);
}
END_TEST

/* ---- changes ---- */

/* Neighbours of the chunk that is changed: a chunk before it, behind it, both or none, each a
 * granule away. They stay in its segment when it goes. */
enum { CHUNK_BEFORE = 1, CHUNK_AFTER = 2, NEIGHBOURHOODS = 4 };

/* Makes an object of `size` granules at `start`, at least 3, with such neighbours. Returns its
 * number. */
static size_t start_among(struct blocks *b, mem_granule start, mem_granule size,
                          int neighbourhood) {
    blocks_start(b, start + size + 700);
    blocks_lay(b, (mem_granule[]){start - 2, 1, 1, size, 1, 9}, 6);
    if (neighbourhood & CHUNK_BEFORE)
        blocks_free(b, 1);
    if (neighbourhood & CHUNK_AFTER)
        blocks_free(b, 5);
    return 3;
}

/* Where in its stretch the chunk starts: before, at and after each edge. */
static const mem_granule starts[] = {3,   4,   62,  63,  64,  65,  127, 128, 129,
                                     191, 192, 254, 255, 256, 257, 320, 511, 512};

/* Cuts the chunk, extends the rest downwards again, cuts that as before, and takes what remains. */
static void cut_and_extend(mem_granule start, mem_granule size, mem_granule cut,
                           int neighbourhood) {
    struct blocks b;
    size_t i = start_among(&b, start, size, neighbourhood);
    blocks_free(&b, i);
    blocks_compare(&b);
    blocks_take(&b, i, cut);
    blocks_compare(&b);
    blocks_free(&b, i);
    blocks_compare(&b);
    blocks_take(&b, i, cut);
    blocks_take(&b, i + 1, size - cut);
    blocks_compare(&b);
    blocks_end(&b);
}

START_TEST(test_chunk_is_cut_and_extended_at_every_edge) {
    mem_granule start = starts[_i];
    for (size_t s = 0; s < COUNT(edges); s += light() ? 3 : 1)
        for (size_t c = 0; edges[c] < edges[s]; c++)
            for (int n = 0; n < NEIGHBOURHOODS; n += light() ? 3 : 1) {
                cut_and_extend(start, edges[s], edges[c], n);
                cut_and_extend(start, edges[s], edges[s] - edges[c], n);
            }
}
END_TEST

/* The object behind a chunk is freed: the chunk grows. */
START_TEST(test_chunk_grows_over_every_edge) {
    mem_granule start = starts[_i];
    for (size_t s = 1; s < COUNT(edges); s += light() ? 3 : 1)
        for (size_t c = 0; c < s; c++)
            for (int n = 0; n < NEIGHBOURHOODS; n++) {
                struct blocks b;
                size_t i = start_among(&b, start, edges[s], n);
                blocks_split(&b, i, edges[c]);
                blocks_free(&b, i);
                blocks_compare(&b);
                blocks_free(&b, i + 1);
                blocks_compare(&b);
                blocks_end(&b);
            }
}
END_TEST

/* The object between two chunks is freed: the second is removed, the first grows. */
START_TEST(test_two_chunks_become_one_over_every_edge) {
    mem_granule start = starts[_i];
    for (size_t s = 4; s < COUNT(edges); s += light() ? 3 : 1)
        for (size_t c = 0; c + 1 < s; c++)
            for (int n = 0; n < NEIGHBOURHOODS; n++) {
                struct blocks b;
                size_t i = start_among(&b, start, edges[s], n);
                blocks_split(&b, i, edges[c]);
                blocks_split(&b, i + 1, edges[c + 1] - edges[c]);
                blocks_free(&b, i);
                blocks_free(&b, i + 2);
                blocks_compare(&b);
                blocks_free(&b, i + 1);
                blocks_compare(&b);
                must_equal(b.at[i].size, edges[s]);
                blocks_end(&b);
            }
}
END_TEST

/* The largest chunk of a segment goes; the next largest takes its place, be it before
 * or after, inside the segment or across its end. */
START_TEST(test_next_largest_of_a_segment_takes_the_place_of_the_largest) {
    const mem_granule layouts[][5] = {
        {9, 7, 5, 3, 1},  {1, 3, 5, 7, 9},   {5, 9, 3, 9, 7},   {9, 9, 9, 9, 9},
        {4, 4, 9, 4, 60}, {20, 1, 1, 19, 2}, {1, 1, 1, 1, 300}, {20, 2, 20, 2, 254},
    };
    const mem_granule *sizes = layouts[_i];
    for (unsigned order = 0; order < 120; order++) {
        struct blocks b;
        start_chunks(&b, 1, sizes, 5);
        unsigned left = order;
        for (unsigned n = 5; n > 0; left /= n, n--) {
            mem_granule g = 0;
            for (unsigned skip = left % n + 1; skip > 0; skip--)
                g = blocks_chunk_from(&b, g + 1);
            size_t i = blocks_find(&b, g);
            blocks_take(&b, i, b.at[i].size);
            blocks_compare(&b);
        }
        blocks_end(&b);
    }
}
END_TEST

/* Each granule of a chunk is taken for itself, as small allocations do, and freed
 * from the top down and from the bottom up. */
START_TEST(test_chunk_is_worn_down_granule_by_granule) {
    mem_granule granules = regions[_i];
    struct blocks b;
    blocks_start(&b, granules);
    blocks_free(&b, 0);
    for (mem_granule g = 0; g < granules; g++) {
        blocks_take(&b, g, 1);
        assert_fits_at(&b, 1, g + 1 < granules ? g + 1 : MEM_NO_GRANULE);
    }
    blocks_compare(&b);
    for (mem_granule g = granules; g-- > 0;) {
        blocks_free(&b, g);
        assert_fits_at(&b, granules - g, g);
    }
    blocks_compare(&b);
    for (mem_granule g = 0; g < granules; g++)
        blocks_take(&b, g, 1);
    for (mem_granule g = 0; g < granules; g++) {
        blocks_free(&b, g == 0 ? 0 : 1);
        assert_fits_at(&b, g + 1, 0);
    }
    blocks_compare(&b);
    blocks_end(&b);
}
END_TEST

/* ---- the current chunk ---- */

static void assert_current(const struct blocks *b, mem_granule start, mem_granule end) {
    must_equal(b->index.current.start, start);
    must_equal(b->index.current.end, end);
}

static void assert_no_current(const struct blocks *b) {
    must(b->index.current.start == b->index.current.end);
    must_equal(b->index.current.floor, MEM_NO_FLOOR);
}

static uint32_t large_at(const struct blocks *b, mem_granule g) {
    return mem_maxima_get(&b->index.large, g / 256, MEM_WORDS);
}

/* Makes chunk i, a large one, current. */
static void set_current(struct blocks *b, size_t i) {
    mem_granule start = b->at[i].start, end = start + b->at[i].size;
    must(b->at[i].is_chunk);
    mem_sizes_set_current(&b->index, start, end);
    assert_current(b, start, end);
    must_equal(b->index.current.floor, MEM_NO_FLOOR);
    must_equal(large_at(b, start), 0);
}

START_TEST(test_a_chunk_is_current_while_carved_and_large) {
    mem_granule start = starts[_i];
    for (mem_granule left = 254; left <= 257; left++)
        for (size_t e = 0; e < COUNT(edges); e += light() ? 3 : 1)
            for (int n = 0; n < NEIGHBOURHOODS; n++) {
                struct blocks b;
                mem_granule size = edges[e] + left;
                size_t i = start_among(&b, start, size, n);
                blocks_free(&b, i);
                assert_no_current(&b);
                blocks_take(&b, i, edges[e]);
                if (left < 256)
                    assert_no_current(&b);
                else
                    assert_current(&b, start + edges[e], start + size);
                blocks_compare(&b);
                blocks_end(&b);
            }
}
END_TEST

/* Whichever chunk is carved becomes smaller than others, before it and behind it. */
static const mem_granule orders[][3] = {
    {700, 500, 650}, {700, 650, 500}, {500, 700, 650},
    {500, 650, 700}, {650, 700, 500}, {650, 500, 700},
};

/* Carves one of three large chunks, a few granules at a time, until so much is left of it. Then
 * compares the searches, before anything else asks the index. */
static void compare_carved(const mem_granule *sizes, size_t carved, mem_granule left,
                           mem_granule step, mem_granule start) {
    struct blocks b;
    start_chunks(&b, start, sizes, 3);
    size_t i = 2 * carved + (start > 0);
    while (b.at[i].size > left) {
        mem_granule more = b.at[i].size - left;
        blocks_take(&b, i, more < step ? more : step);
        i++;
    }
    for (mem_granule size = left - 2; size <= left + 2; size++)
        blocks_compare_fits(&b, size);
    compare_all_fits(&b);
    blocks_compare(&b);
    blocks_end(&b);
}

START_TEST(test_fits_are_exact_after_any_number_of_carves) {
    const mem_granule left[] = {256, 257, 258, 499, 500, 501, 649, 650, 651};
    const mem_granule steps[] = {1, 63, 64, 700};
    const mem_granule from[] = {0, 1, 70, 255};
    for (size_t carved = 0; carved < 3; carved++)
        for (size_t l = 0; l < COUNT(left); l += light() ? 2 : 1)
            for (size_t s = 0; s < COUNT(steps); s += light() ? 3 : 1)
                for (size_t f = 0; f < COUNT(from); f += light() ? 3 : 1)
                    compare_carved(orders[_i], carved, left[l], steps[s], from[f]);
}
END_TEST

/* Of chunks of one size, the current one is found if it is the lowest, and only then. */
START_TEST(test_current_chunk_among_equals_is_found_if_lowest) {
    for (mem_granule size = 256; size <= 258; size++)
        for (size_t current = 0; current < 4; current++) {
            const mem_granule sizes[] = {size, size, size, size};
            struct blocks b;
            start_chunks(&b, starts[_i], sizes, COUNT(sizes));
            set_current(&b, 2 * current + 1);
            assert_fits_at(&b, size, starts[_i]);
            assert_fits_at(&b, 256, starts[_i]);
            assert_fits_at(&b, 1, starts[_i]);
            assert_fits_at(&b, size + 1, MEM_NO_GRANULE);
            ck_assert(!mem_index_current_is_largest(&b.index));
            blocks_compare(&b);
            blocks_end(&b);
        }
}
END_TEST

START_TEST(test_current_chunk_is_the_largest_if_all_others_are_smaller) {
    const mem_granule sizes[] = {300, 254, 301, 300};
    const bool largest[] = {false, false, true, false};
    struct blocks b;
    start_chunks(&b, 0, sizes, COUNT(sizes));
    ck_assert(!mem_index_current_is_largest(&b.index));
    for (size_t i = 0; i < COUNT(sizes); i++)
        if (sizes[i] > 255) {
            set_current(&b, 2 * i);
            ck_assert(mem_index_current_is_largest(&b.index) == largest[i]);
        }
    blocks_compare(&b);
    blocks_end(&b);
    start_chunks(&b, 0, (mem_granule[]){255, 256}, 2);
    set_current(&b, 2);
    ck_assert(mem_index_current_is_largest(&b.index));
    blocks_end(&b);
}
END_TEST

/* The old floor was about the chunks before the old current chunk. */
START_TEST(test_old_current_chunk_is_in_the_tree_its_floor_gone) {
    const mem_granule sizes[] = {20, 257, 256, 300};
    struct blocks b;
    start_chunks(&b, starts[_i], sizes, COUNT(sizes));
    for (size_t old = 1; old < COUNT(sizes); old++)
        for (size_t now = 1; now < COUNT(sizes); now++) {
            size_t at_old = 2 * old + 1, at_now = 2 * now + 1;
            set_current(&b, at_old);
            blocks_sharpen(&b);
            set_current(&b, at_now);
            must_equal(large_at(&b, b.at[at_old].start), old == now ? 0 : sizes[old]);
            blocks_compare(&b);
        }
    blocks_end(&b);
}
END_TEST

/* Takes a large chunk, or so much of it that the rest is not large any more, while it is current,
 * or another or none is. */
static void compare_dropped(size_t dropped, size_t current, mem_granule left) {
    const mem_granule sizes[] = {256, 500, 512};
    struct blocks b;
    start_chunks(&b, 1, sizes, COUNT(sizes));
    size_t i = 2 * dropped + 1, other = 2 * current + 1;
    struct block before = b.at[i];
    if (current < COUNT(sizes)) {
        set_current(&b, other);
        blocks_sharpen(&b);
    }
    struct mem_current kept = b.index.current;
    blocks_take(&b, i, before.size - left);
    must_equal(large_at(&b, before.start), 0);
    if (current == dropped || current == COUNT(sizes))
        assert_no_current(&b);
    else
        must(memcmp(&b.index.current, &kept, sizeof kept) == 0);
    blocks_compare(&b);
    blocks_end(&b);
}

START_TEST(test_dropped_chunk_is_current_no_more_and_another_stays) {
    const mem_granule left[] = {0, 1, 64, 254, 255};
    for (size_t l = 0; l < COUNT(left); l++)
        for (size_t dropped = 0; dropped < 3; dropped++)
            for (size_t current = 0; current <= 3; current++)
                compare_dropped(dropped, current, left[l]);
}
END_TEST

/* Frees the object between two blocks, chunks or not, when one of them may be current, or a
 * chunk far behind them. */
enum { BEFORE = 1, BETWEEN = 2, AFTER = 3, BEHIND = 5, NONE = 6, JOIN_START = 61 };

static void start_join(struct blocks *b, mem_granule before, mem_granule between,
                       mem_granule after) {
    blocks_start(b, 3000);
    blocks_lay(b, (mem_granule[]){JOIN_START, before, between, after, 1, 300}, 6);
    blocks_free(b, BEHIND);
}

/* What is current after the join of the blocks from first to last. */
static void compare_join(struct blocks *b, size_t current, mem_granule first, mem_granule last) {
    mem_granule behind = b->at[b->count - 2].start;
    if (current == BEFORE || current == AFTER)
        assert_current(b, first, last);
    else if (current == BEHIND)
        assert_current(b, behind, behind + 300);
    else
        assert_no_current(b);
    blocks_compare(b);
}

static void join(const mem_granule *sizes, int chunks, size_t current) {
    struct blocks b;
    start_join(&b, sizes[0], sizes[1], sizes[2]);
    mem_granule first = b.at[BETWEEN].start, last = b.at[AFTER].start;
    if (chunks & CHUNK_BEFORE) {
        first = b.at[BEFORE].start;
        blocks_free(&b, BEFORE);
    }
    if (chunks & CHUNK_AFTER) {
        last += sizes[2];
        blocks_free(&b, AFTER);
    }
    if (current == NONE || (b.at[current].is_chunk && b.at[current].size > 255)) {
        if (current != NONE)
            set_current(&b, current);
        blocks_sharpen(&b);
        blocks_free(&b, BETWEEN);
        compare_join(&b, current, first, last);
    }
    blocks_end(&b);
}

START_TEST(test_joined_chunk_is_current_if_a_part_of_it_was) {
    const mem_granule sizes[] = {1, 63, 64, 65, 195, 255, 256, 257};
    const size_t current[] = {BEFORE, AFTER, BEHIND, NONE};
    for (size_t i = 0; i < COUNT(sizes); i += light() ? 2 : 1)
        for (size_t j = 0; j < COUNT(sizes); j += light() ? 3 : 1)
            for (size_t c = 0; c < COUNT(current); c++)
                for (int n = 0; n < NEIGHBOURHOODS; n++) {
                    const mem_granule three[] = {sizes[i], sizes[_i], sizes[j]};
                    join(three, n, current[c]);
                }
}
END_TEST

/* ---- what is known of smaller chunks ---- */

static const mem_granule places[] = {0, 1, 62, 63, 64, 65, 127, 128, 255, 256, 257, 511, 512};

/* A region of more nodes than there are floors. */
enum { NODE = MEM_LANES * MEM_SEGMENT_GRANULES, NODES = 20 };

START_TEST(test_raise_lowers_the_floors_that_rule_the_size_out) {
    mem_granule raised = edges[_i];
    for (uint32_t node = 0; node < NODES; node++) {
        struct blocks b;
        blocks_start(&b, NODES * NODE);
        for (uint32_t lane = 0; lane < MEM_LANES; lane++)
            b.index.floors.node[lane] = (int16_t)(lane + 2);
        mem_sizes_raise(&b.index, node * NODE + 5, raised);
        for (uint32_t lane = 0; lane < MEM_LANES; lane++) {
            bool wrong = raised >= lane + 1 && node < lane + 2;
            must_equal((uint32_t)b.index.floors.node[lane], wrong ? node : lane + 2);
        }
        blocks_end(&b);
    }
}
END_TEST

/* As alloc.c does: in the node of the floor first. */
static uint32_t first_segment(struct blocks *b, mem_granule size) {
    uint32_t number;
    must(mem_index_first_near(&b->index, size, &number) ||
         mem_index_first_far(&b->index, size, &number));
    return number;
}

/* The one chunk of a size lies in each node in turn, smaller ones before it. */
START_TEST(test_search_raises_the_floors_of_its_size_and_of_larger_ones) {
    mem_granule size = edges[_i];
    for (mem_granule node = 1; node < NODES; node += light() ? 6 : 1) {
        struct blocks b;
        blocks_start(&b, NODES * NODE);
        blocks_lay(&b, (mem_granule[]){7, size, node * NODE}, 3);
        blocks_lay(&b, (mem_granule[]){7, size, node * NODE, size, 1}, 5);
        blocks_free(&b, 3);
        uint32_t number = first_segment(&b, size);
        must_equal(number, b.at[3].start / 64);
        for (mem_granule s = 1; s <= MEM_LANES; s++)
            must_equal(mem_floors_of(&b.index.floors, s), s >= size ? number / MEM_LANES : 0);
        blocks_free(&b, 1);
        must_equal(first_segment(&b, size), 0);
        blocks_end(&b);
    }
}
END_TEST

/* A floor cannot tell nodes beyond its range: it stays below, and searches go on from there. */
START_TEST(test_floors_end_at_the_largest_node_that_they_can_tell) {
    struct mem_floors floors = {{0}};
    mem_floors_raise(&floors, 3, INT16_MAX + 1);
    ck_assert_uint_eq(mem_floors_of(&floors, 2), 0);
    ck_assert_uint_eq(mem_floors_of(&floors, 3), INT16_MAX);
    ck_assert_uint_eq(mem_floors_of(&floors, MEM_SMALL_MAX), INT16_MAX);
    mem_floors_lower(&floors, MEM_GRANULES_MAX, INT16_MAX + 1);
    ck_assert_uint_eq(mem_floors_of(&floors, 3), INT16_MAX);
    mem_floors_lower(&floors, 3, INT16_MAX - 1);
    ck_assert_uint_eq(mem_floors_of(&floors, 3), INT16_MAX - 1);
    ck_assert_uint_eq(mem_floors_of(&floors, 4), INT16_MAX);
}
END_TEST

START_TEST(test_note_raises_the_floor_above_what_it_ruled_out) {
    mem_granule floor = edges[_i];
    for (size_t p = 0; p < COUNT(places); p++)
        for (size_t c = 0; c < COUNT(places); c++)
            for (mem_granule size = floor > 1 ? floor - 1 : 1; size <= floor + 1; size++) {
                const struct mem_current current = {places[c], places[c] + 300, floor};
                struct mem_index index = {.current = current};
                bool wrong = size >= floor && places[p] < places[c];
                mem_sizes_note(&index, places[p], size);
                must_equal(index.current.floor, wrong ? size + 1 : floor);
                must_equal(index.current.start, current.start);
                must_equal(index.current.end, current.end);
            }
}
END_TEST

START_TEST(test_note_knows_nothing_at_first) {
    struct blocks b;
    blocks_start(&b, 1000);
    for (size_t p = 0; p < COUNT(places); p++)
        mem_sizes_note(&b.index, places[p], MEM_GRANULES_MAX);
    assert_no_current(&b);
    blocks_compare(&b);
    blocks_end(&b);
}
END_TEST

static uint32_t small_at(const struct blocks *b, mem_granule g) {
    return mem_maxima_get(&b->index.small, g / 64, MEM_BYTES);
}

START_TEST(test_raise_makes_a_byte_at_least_the_size_up_to_255) {
    mem_granule g = places[_i];
    for (size_t e = 0; e < COUNT(edges); e++)
        for (size_t f = 0; f < COUNT(edges); f++) {
            mem_granule larger = edges[e] > edges[f] ? edges[e] : edges[f];
            struct blocks b;
            blocks_start(&b, 640);
            mem_sizes_raise(&b.index, g, edges[e]);
            mem_sizes_raise(&b.index, g, edges[f]);
            for (mem_granule other = 0; other < 640; other += 64)
                must_equal(small_at(&b, other),
                           other / 64 != g / 64 ? 0 : (larger < 255 ? larger : 255));
            blocks_end(&b);
        }
}
END_TEST

/* Whatever value the byte had before. */
START_TEST(test_lower_makes_a_byte_that_of_the_largest_chunk) {
    struct blocks b;
    start_chunks(&b, starts[_i], edges, COUNT(edges));
    for (mem_granule g = 0; g < b.granules; g += 64) {
        uint32_t right = small_at(&b, g);
        for (uint32_t wrong = right; wrong <= 255; wrong += 1 + wrong / 2) {
            mem_maxima_raise(&b.index.small, g / 64, wrong, MEM_BYTES);
            mem_sizes_lower(&b.index, (int32_t)(g / 64), NULL);
            must_equal(small_at(&b, g), right);
        }
    }
    blocks_compare(&b);
    blocks_end(&b);
}
END_TEST

/* ---- places in the chain ---- */

enum { LINKS = 5, SEGMENTS = 21 };

static const mem_granule links[LINKS] = {63, 127, 7 * 64, 8 * 64 + 1, 18 * 64 + 63};

/* Makes chunks of one granule in the segments that `chosen` names by its bits: the chain. */
static void start_links(struct blocks *b, unsigned chosen) {
    blocks_start(b, SEGMENTS * 64 - 1);
    for (size_t i = 0; i < LINKS; i++) {
        blocks_split(b, b->count - 1, links[i] - b->at[b->count - 1].start);
        blocks_split(b, b->count - 1, 1);
        if (chosen >> i & 1)
            blocks_free(b, b->count - 2);
    }
    blocks_compare(b);
}

/* Where a segment belongs, by the array. */
static int32_t place_of(const struct blocks *b, int32_t number) {
    int32_t place = MEM_ANCHOR;
    for (size_t i = 0; i < b->count && (int32_t)(b->at[i].start / 64) < number; i++)
        if (b->at[i].is_chunk)
            place = (int32_t)(b->at[i].start / 64);
    return place;
}

START_TEST(test_place_in_the_chain_is_found_for_every_segment) {
    struct blocks b;
    start_links(&b, (unsigned)_i);
    for (int32_t number = 0; number < SEGMENTS; number++)
        if (b.index.map.segment[number].chunks == 0)
            must(mem_index_chain_previous(&b.index, number) == place_of(&b, number));
    blocks_end(&b);
}
END_TEST

/* What a segment that is not in the chain has as its link may be stale, or a tag, or anything. */
START_TEST(test_place_in_the_chain_is_right_whatever_the_old_link_is) {
    static const int32_t extremes[] = {INT32_MIN, INT32_MIN + 1, -2, SEGMENTS + 1, INT32_MAX};
    struct blocks b;
    start_links(&b, (unsigned)_i);
    for (int32_t number = 0; number < SEGMENTS; number++) {
        int32_t *link = &b.index.map.segment[number].previous;
        const int32_t right = *link;
        if (b.index.map.segment[number].chunks != 0)
            continue;
        for (*link = MEM_ANCHOR; *link < SEGMENTS; ++*link)
            must(mem_index_place(&b.index, number) == place_of(&b, number));
        for (size_t i = 0; i < COUNT(extremes); i++) {
            *link = extremes[i];
            must(mem_index_place(&b.index, number) == place_of(&b, number));
        }
        *link = right;
    }
    blocks_end(&b);
}
END_TEST

START_TEST(test_chunks_that_come_and_go_find_their_places_again) {
    uint64_t random = random_seed(1);
    struct blocks b;
    start_links(&b, (1u << LINKS) - 1);
    for (int n = rounds(2000); n > 0; n--) {
        size_t i = 2 * random_below(&random, LINKS) + 1;
        if (b.at[i].is_chunk)
            blocks_take(&b, i, 1);
        else
            blocks_free(&b, i);
        must(mem_valid_index(&b.index));
    }
    blocks_compare(&b);
    blocks_end(&b);
}
END_TEST

/* ---- the largest region ---- */

/* Of 2 GiB, and of 32 GiB, where a whole chunk has more granules than a word of `large` holds. */
static const mem_granule largest_regions[] = {1u << 27, MEM_GRANULES_MAX - 2, MEM_GRANULES_MAX};

START_TEST(test_largest_regions) {
    const mem_granule granules = largest_regions[_i];
    struct blocks b;
    blocks_start(&b, granules);
    blocks_free(&b, 0);
    assert_fits_at(&b, granules, 0);
    assert_fits_at(&b, granules + 1, MEM_NO_GRANULE);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, 1), MEM_NO_GRANULE);
    blocks_take(&b, 0, granules / 2 - 1);
    assert_fits_at(&b, granules / 2 + 1, granules / 2 - 1);
    blocks_take(&b, 1, granules / 2);
    assert_fits_at(&b, 1, granules - 1);
    assert_fits_at(&b, 2, MEM_NO_GRANULE);
    blocks_free(&b, 0);
    assert_fits_at(&b, granules / 2 - 1, 0);
    ck_assert_uint_eq(mem_index_best_fit(&b.index, 1), granules - 1);
    ck_assert_uint_eq(mem_index_chunk_from(&b.index, 1), granules - 1);
    ck_assert_uint_eq(mem_map_chunk_after(&b.index.map, 0), granules - 1);
    blocks_free(&b, 1);
    assert_fits_at(&b, granules, 0);
    ck_assert_uint_eq(mem_index_largest(&b.index), granules);
    ck_assert_uint_eq(mem_index_fit_after(&b.index, 0, granules), MEM_NO_GRANULE);
    blocks_end(&b);
}
END_TEST

/* However it comes to be: from the current chunk, or from chunks of which none is the current one.
 */
START_TEST(test_chunk_of_the_whole_largest_region_is_the_current_one) {
    const mem_granule granules = largest_regions[_i];
    const mem_granule sizes[] = {300, 300, 300};
    for (unsigned first = 0; first < 4; first++) {
        struct blocks b;
        blocks_start(&b, granules);
        blocks_lay(&b, sizes, COUNT(sizes));
        blocks_free(&b, first);
        if (first % 2 == 0)
            blocks_take(&b, first, 300);
        while (b.count > 1 || !b.at[0].is_chunk)
            for (size_t i = 0; i < b.count; i++)
                if (!b.at[i].is_chunk)
                    blocks_free(&b, i);
        if (granules == MEM_GRANULES_MAX)
            must_equal(b.index.current.end - b.index.current.start, granules);
        assert_fits_at(&b, granules, 0);
        assert_fits_at(&b, granules + 1, MEM_NO_GRANULE);
        blocks_take(&b, 0, granules);
        assert_fits_at(&b, 1, MEM_NO_GRANULE);
        blocks_end(&b);
    }
}
END_TEST

START_TEST(test_index_takes_less_than_3_percent) {
    for (mem_granule granules = 4096; granules <= MEM_GRANULES_MAX / 2; granules *= 2)
        ck_assert_uint_lt(mem_index_bytes(granules), mem_granule_bytes(granules) / 100 * 3);
}
END_TEST

/* ---- random sequences ---- */

static mem_granule random_size(uint64_t *random, mem_granule granules) {
    switch (random_below(random, 4)) {
    case 0:
        return 1 + random_below(random, 4);
    case 1:
        return 1 + random_below(random, 80);
    case 2:
        return edges[random_below(random, COUNT(edges))];
    default:
        return 1 + random_below(random, granules);
    }
}

/* Takes what one of the policies finds; false when it rightly finds nothing. */
static bool take_random(struct blocks *b, uint64_t *random) {
    mem_granule size = random_size(random, b->granules);
    blocks_compare_fits(b, size);
    mem_granule found[] = {mem_index_first_fit(&b->index, size),
                           mem_index_worst_fit(&b->index, size),
                           mem_index_best_fit(&b->index, size)};
    mem_granule g = found[random_below(random, COUNT(found))];
    if (g == MEM_NO_GRANULE)
        return false;
    blocks_take(b, blocks_find(b, g), size);
    return true;
}

/* Frees an object, the first of those that follow a random block. */
static void free_random(struct blocks *b, uint64_t *random) {
    size_t i = random_below(random, (uint32_t)b->count);
    while (i < b->count && b->at[i].is_chunk)
        i++;
    if (i < b->count)
        blocks_free(b, i);
}

enum when { NEVER, AT_ONCE, MIDWAY, WHENS }; /* an order begins */

/* The region fills and empties by turns. */
static void random_steps(struct blocks *b, uint64_t *random, int steps, enum when order) {
    for (int n = 0; n < steps; n++) {
        if ((n == 0 && order == AT_ONCE) || (n == steps / 2 && order == MIDWAY))
            blocks_begin_order(b);
        bool fills = n / 100 % 2 == 0;
        if (random_below(random, 8) < (fills ? 2 : 5) || !take_random(b, random))
            free_random(b, random);
        blocks_compare(b);
        if (random_below(random, 4) == 0)
            blocks_sharpen(b);
        must_equal(mem_index_chunk_from(&b->index, (mem_granule)n % b->granules),
                   blocks_chunk_from(b, (mem_granule)n % b->granules));
    }
}

START_TEST(test_random_sequence) {
    uint64_t random = random_seed((uint64_t)_i);
    struct blocks b;
    blocks_start(&b, regions[_i / WHENS]);
    random_steps(&b, &random, rounds(4000), (enum when)(_i % WHENS));
    blocks_end(&b);
}
END_TEST

START_TEST(test_random_sequence_in_trees_of_three_levels) {
    uint64_t random = random_seed(100 + (uint64_t)_i);
    struct blocks b;
    blocks_start(&b, 66000 + (mem_granule)_i);
    random_steps(&b, &random, rounds(300), (enum when)(_i % WHENS));
    blocks_end(&b);
}
END_TEST

int main(void) {
    TCase *tests = new_case("index");
    const int region_count = COUNT(regions), edge_count = COUNT(edges), start_count = COUNT(starts);
    const int small_edge_count = 17; /* up to 255 granules */
    const int order_count = COUNT(orders), place_count = COUNT(places), chains = 1 << LINKS;

    tcase_add_loop_test(tests, test_new_index_has_no_chunk, 0, region_count);
    tcase_add_loop_test(tests, test_chunk_of_the_whole_region_fits_up_to_its_size, 0, region_count);
    tcase_add_loop_test(tests, test_chunk_of_every_size_is_found_wherever_it_starts, 0, edge_count);
    tcase_add_loop_test(tests, test_chunk_from_beyond_the_end_is_none, 0, region_count);
    tcase_add_loop_test(tests, test_fits_among_ascending_sizes, 0, 10);
    tcase_add_loop_test(tests, test_fits_among_descending_sizes, 0, 10);
    tcase_add_loop_test(tests, test_among_equals_the_lowest_is_found, 0, edge_count);
    tcase_add_loop_test(tests, test_sizes_that_a_byte_cannot_tell_apart, 0, 70);
    tcase_add_test(tests, test_large_chunk_behind_small_ones_of_its_stretch);
    tcase_add_loop_test(tests, test_segments_full_of_chunks, 0, region_count);
    tcase_add_loop_test(tests, test_chunk_is_cut_and_extended_at_every_edge, 0, start_count);
    tcase_add_loop_test(tests, test_chunk_grows_over_every_edge, 0, start_count);
    tcase_add_loop_test(tests, test_two_chunks_become_one_over_every_edge, 0, start_count);
    tcase_add_loop_test(tests, test_next_largest_of_a_segment_takes_the_place_of_the_largest, 0, 8);
    tcase_add_loop_test(tests, test_chunk_is_worn_down_granule_by_granule, 0, region_count);
    tcase_add_loop_test(tests, test_a_chunk_is_current_while_carved_and_large, 0, start_count);
    tcase_add_loop_test(tests, test_fits_are_exact_after_any_number_of_carves, 0, order_count);
    tcase_add_loop_test(tests, test_current_chunk_among_equals_is_found_if_lowest, 0, start_count);
    tcase_add_test(tests, test_current_chunk_is_the_largest_if_all_others_are_smaller);
    tcase_add_loop_test(tests, test_old_current_chunk_is_in_the_tree_its_floor_gone, 0,
                        start_count);
    tcase_add_test(tests, test_dropped_chunk_is_current_no_more_and_another_stays);
    tcase_add_loop_test(tests, test_joined_chunk_is_current_if_a_part_of_it_was, 0, 8);
    tcase_add_loop_test(tests, test_raise_lowers_the_floors_that_rule_the_size_out, 0, edge_count);
    tcase_add_loop_test(tests, test_search_raises_the_floors_of_its_size_and_of_larger_ones, 0,
                        small_edge_count);
    tcase_add_test(tests, test_floors_end_at_the_largest_node_that_they_can_tell);
    tcase_add_loop_test(tests, test_note_raises_the_floor_above_what_it_ruled_out, 0, edge_count);
    tcase_add_test(tests, test_note_knows_nothing_at_first);
    tcase_add_loop_test(tests, test_raise_makes_a_byte_at_least_the_size_up_to_255, 0, place_count);
    tcase_add_loop_test(tests, test_lower_makes_a_byte_that_of_the_largest_chunk, 0, start_count);
    tcase_add_loop_test(tests, test_place_in_the_chain_is_found_for_every_segment, 0, chains);
    tcase_add_loop_test(tests, test_place_in_the_chain_is_right_whatever_the_old_link_is, 0,
                        chains);
    tcase_add_test(tests, test_chunks_that_come_and_go_find_their_places_again);
    const bool all = sizeof(size_t) > 4 && !light() && can_map(REGION_MOST);
    const int largest = all ? COUNT(largest_regions) : 1;
    tcase_add_loop_test(tests, test_largest_regions, 0, largest);
    tcase_add_loop_test(tests, test_chunk_of_the_whole_largest_region_is_the_current_one, 0,
                        largest);
    tcase_add_test(tests, test_index_takes_less_than_3_percent);
    tcase_add_loop_test(tests, test_random_sequence, 0, WHENS * region_count);
    tcase_add_loop_test(tests, test_random_sequence_in_trees_of_three_levels, 0, WHENS);
    return run_case(tests);
}
