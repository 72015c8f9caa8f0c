/*
 * unit_map.c - map.h: what starts where, the neighbours of a block and of a chunk, and the
 * sentinels at both ends, for blocks at all kinds of places relative to the segments of 64
 * granules.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/map.h"

#include "unit.h"

#include <string.h>

/* Sizes of regions: whole segments, and a granule less and more. */
static const mem_granule sizes[] = {1,   2,   62,  63,  64,  65,   127,  128,
                                    129, 191, 192, 193, 255, 1000, 1024, 4097};

enum { SEGMENT = 64 };

/* ---- a map and the memory of it, with junk behind ---- */

enum { JUNK_BYTES = 64, JUNK = 0xa5 };

static struct mem_map map;
static unsigned char *memory;
static size_t memory_bytes;

static void start(mem_granule granules) {
    memory_bytes = mem_map_segments(granules) * sizeof(struct mem_segment);
    memory = calloc(memory_bytes + JUNK_BYTES, 1);
    must(memory != NULL);
    memset(memory + memory_bytes, JUNK, JUNK_BYTES);
    mem_map_init(&map, memory, granules);
}

static void end(void) {
    for (int i = 0; i < JUNK_BYTES; i++)
        must_equal(memory[memory_bytes + (size_t)i], JUNK);
    free(memory);
}

/* Chunks are set from the first to the last: their segments go to the end of the chain. */
static void set_chunk(mem_granule g) {
    struct mem_segment *segment = mem_map_segment(&map, g);
    if (segment->chunks == 0)
        mem_map_chain(&map, mem_map_number(g), map.segment[MEM_ANCHOR].previous);
    segment->chunks |= mem_bits_one(g);
}

/* ---- sizes and numbers ---- */

/* The anchor, one for each 64 granules begun, and one that holds the granule past
 * the end. */
START_TEST(test_segments_hold_all_granules_and_both_sentinels) {
    for (mem_granule granules = 1; granules < 5000; granules++) {
        size_t whole = granules / SEGMENT;
        must_equal(mem_map_segments(granules), whole + 2);
        must((size_t)mem_map_number(granules) + 2 == mem_map_segments(granules));
    }
    ck_assert_uint_eq(mem_map_segments(MEM_GRANULES_MAX), MEM_GRANULES_MAX / SEGMENT + 2);
    ck_assert_int_eq(mem_map_number(MEM_GRANULES_MAX), (int)(MEM_GRANULES_MAX / SEGMENT));
}
END_TEST

START_TEST(test_granule_and_number_are_each_others_inverse) {
    for (mem_granule g = 0; g < 5000; g++) {
        must_equal((uint32_t)mem_map_number(g), g / SEGMENT);
        must_equal(mem_map_granule((int32_t)(g / SEGMENT), g % SEGMENT), g);
    }
    ck_assert_uint_eq(mem_map_granule((int32_t)(MEM_GRANULES_MAX / SEGMENT) - 1, 63),
                      MEM_GRANULES_MAX - 1);
}
END_TEST

/* granule.h, on which the map stands: the largest region is 32 GiB, or 2 GiB where that is more
 * than a size_t counts. */
START_TEST(test_bytes_are_counted_in_granules_that_hold_them) {
    const size_t largest = sizeof(size_t) > 4 ? (size_t)1 << 31 << 4 : (size_t)1 << 31;
    for (size_t bytes = 0; bytes < 5000; bytes++)
        must_equal(mem_granule_count(bytes), bytes / 16 + (bytes % 16 != 0));
    ck_assert_uint_eq(mem_granule_count(largest), MEM_GRANULES_MAX);
    ck_assert_uint_eq(mem_granule_count(largest - 1), MEM_GRANULES_MAX);
    ck_assert_uint_eq(mem_granule_count(largest - 16), MEM_GRANULES_MAX - 1);
    ck_assert_uint_eq(mem_granule_count(largest + 1), MEM_GRANULES_MAX + 1);
    for (mem_granule count = 0; count < 5000; count++)
        must_equal(mem_granule_bytes(count), (size_t)count * 16);
    ck_assert_uint_eq(mem_granule_bytes(MEM_GRANULES_MAX), largest);
}
END_TEST

/* ---- bits ---- */

START_TEST(test_new_map_has_nothing_but_the_sentinels) {
    mem_granule granules = sizes[_i];
    start(granules);
    for (mem_granule g = 0; g < granules; g++)
        must(!mem_map_is_object(&map, g) && !mem_map_is_chunk(&map, g));
    ck_assert(mem_map_is_object(&map, granules));
    ck_assert(!mem_map_is_chunk(&map, granules));
    ck_assert_uint_eq(map.granules, granules);
    ck_assert_uint_eq(mem_map_chunk_beyond(&map, MEM_ANCHOR), MEM_NO_GRANULE);
    end();
}
END_TEST

START_TEST(test_object_bits_are_set_and_cleared_alone) {
    mem_granule granules = sizes[_i];
    start(granules);
    for (mem_granule g = 0; g < granules; g++) {
        mem_map_set_object(&map, g);
        must(mem_map_is_object(&map, g) && !mem_map_is_chunk(&map, g));
        must(g == 0 || !mem_map_is_object(&map, g - 1));
        must(g + 1 == granules || !mem_map_is_object(&map, g + 1));
        mem_map_clear_object(&map, g);
        must(!mem_map_is_object(&map, g));
    }
    ck_assert(mem_map_is_object(&map, granules));
    end();
}
END_TEST

START_TEST(test_clearing_an_object_leaves_its_neighbours) {
    start(sizes[_i]);
    for (mem_granule g = 0; g < sizes[_i]; g++)
        mem_map_set_object(&map, g);
    for (mem_granule g = 0; g < sizes[_i]; g++) {
        mem_map_clear_object(&map, g);
        must(!mem_map_is_object(&map, g) && mem_map_is_object(&map, g + 1));
    }
    end();
}
END_TEST

START_TEST(test_chunk_bits_are_told_from_object_bits) {
    start(sizes[_i]);
    for (mem_granule g = 0; g < sizes[_i]; g++) {
        set_chunk(g);
        must(mem_map_is_chunk(&map, g) && !mem_map_is_object(&map, g));
        must(g + 1 == sizes[_i] || !mem_map_is_chunk(&map, g + 1));
    }
    end();
}
END_TEST

/* ---- neighbours of a block ---- */

/* Three blocks: an object from 0 to from, if there is room; one from from to to; an
 * object from to to the end of the region, if there is room. */
static void start_three(mem_granule granules, mem_granule from, mem_granule to, bool chunk) {
    start(granules);
    if (from > 0)
        mem_map_set_object(&map, 0);
    if (chunk)
        set_chunk(from);
    else
        mem_map_set_object(&map, from);
    mem_map_set_object(&map, to);
    mem_map_tag(&map, 0, from);
    mem_map_tag(&map, from, to);
    mem_map_tag(&map, to, granules);
}

static void compare_three(mem_granule granules, mem_granule from, mem_granule to, bool chunk) {
    must_equal(mem_map_end(&map, from), to);
    must_equal(mem_map_start(&map, to), from);
    must(mem_map_is_chunk(&map, from) == chunk);
    must(mem_map_is_object(&map, from) == !chunk);
    if (chunk)
        must_equal(mem_map_chunk_end(&map, from), to);
    if (from > 0) {
        must_equal(mem_map_end(&map, 0), from);
        must_equal(mem_map_start(&map, from), 0);
    }
    if (to < granules) {
        must_equal(mem_map_end(&map, to), granules);
        must_equal(mem_map_start(&map, granules), to);
    }
}

/* Every block of a region of a few segments: inside a segment, over the edge of one,
 * and over 1 to 3 whole ones. */
static void compare_every_block(mem_granule granules, bool chunk) {
    mem_granule step = light() && granules > 100 ? 7 : 1;
    for (mem_granule from = 0; from < granules; from += step)
        for (mem_granule to = from + 1; to <= granules; to += step) {
            start_three(granules, from, to, chunk);
            compare_three(granules, from, to, chunk);
            end();
        }
}

START_TEST(test_every_object_finds_its_end_and_its_start) {
    const mem_granule few[] = {1, 2, 64, 65, 200, 255, 256, 257};
    compare_every_block(few[_i], false);
}
END_TEST

START_TEST(test_every_chunk_finds_its_end_and_its_start) {
    const mem_granule few[] = {1, 2, 64, 65, 200, 255, 256, 257};
    compare_every_block(few[_i], true);
}
END_TEST

/* Edges that lie to the segments in different ways, many segments apart. */
START_TEST(test_blocks_over_many_segments) {
    const mem_granule edges[] = {0,    1,    63,    64,    65,    127,   128,   4095,  4096,
                                 4097, 9999, 20000, 65535, 65536, 65537, 99999, 100000};
    for (size_t i = 0; i < COUNT(edges); i++)
        for (size_t j = i + 1; j < COUNT(edges); j++)
            for (int chunk = 0; chunk < 2; chunk++) {
                start_three(100000, edges[i], edges[j], chunk);
                compare_three(100000, edges[i], edges[j], chunk);
                end();
            }
}
END_TEST

/* The map of the largest has 768 MiB, which a tool would touch. */
START_TEST(test_largest_region_as_one_block) {
    const mem_granule most = light() || !can_map(REGION_MOST) ? 1u << 27 : MEM_GRANULES_MAX;
    for (mem_granule less = 0; less < 3; less++) {
        mem_granule granules = most - less;
        start_three(granules, 0, granules, true);
        compare_three(granules, 0, granules, true);
        end();
        start_three(granules, 1, granules - 1, false);
        compare_three(granules, 1, granules - 1, false);
        end();
    }
}
END_TEST

/* Blocks of one granule: the next bit set is always the one beside. */
START_TEST(test_neighbours_among_blocks_of_one_granule) {
    mem_granule granules = sizes[_i];
    start(granules);
    for (mem_granule g = 0; g < granules; g += 2)
        set_chunk(g);
    for (mem_granule g = 1; g < granules; g += 2)
        mem_map_set_object(&map, g);
    for (mem_granule g = 0; g < granules; g++) {
        must_equal(mem_map_end(&map, g), g + 1);
        must_equal(mem_map_start(&map, g + 1), g);
    }
    for (mem_granule g = 0; g < granules; g += 2)
        must_equal(mem_map_chunk_end(&map, g), g + 1);
    end();
}
END_TEST

/* The nearest object ends it, not one further up, nor one below. */
START_TEST(test_chunk_ends_at_the_first_object_above_it) {
    const mem_granule edges[] = {1, 2, 62, 63, 64, 65, 126, 127, 128, 129, 255, 256, 257};
    const mem_granule granules = 1000;
    for (mem_granule from = 1; from < 300; from++)
        for (size_t i = 0; i < COUNT(edges); i++) {
            mem_granule to = from + edges[i];
            start_three(granules, from, to, true);
            for (mem_granule g = to + 1; g < to + 4; g++)
                mem_map_set_object(&map, g);
            mem_map_set_object(&map, from - 1);
            must_equal(mem_map_chunk_end(&map, from), to);
            end();
        }
}
END_TEST

/* ---- tags ---- */

/* Of the segments that a block covers as a whole and does not start in, the first has its end, the
 * last its start; no other segment is written. */
START_TEST(test_tags_are_written_at_both_ends_of_what_is_covered) {
    const mem_granule granules = 640;
    for (mem_granule from = 0; from < granules; from += 3)
        for (mem_granule to = from + 1; to <= granules; to++) {
            start(granules);
            int32_t first = (int32_t)(from / SEGMENT) + 1;
            int32_t last = (int32_t)(to / SEGMENT) - 1;
            mem_map_tag(&map, from, to);
            for (int32_t i = 0; i <= mem_map_number(granules); i++) {
                must_equal(map.segment[i].end, first <= last && i == first ? to : 0);
                must_equal(map.segment[i].start, first <= last && i == last ? from : 0);
            }
            must(map.segment[MEM_ANCHOR].previous == MEM_ANCHOR);
            must(map.segment[MEM_ANCHOR].next == MEM_ANCHOR);
            end();
        }
}
END_TEST

/* ---- what is idle ---- */

/* Between the idle places of its start and of its end, a chunk needs no byte of the map. */
START_TEST(test_idle_segments_of_a_chunk_may_hold_anything) {
    const mem_granule granules = 640;
    for (mem_granule from = 0; from < granules; from += 5)
        for (mem_granule to = from + 1; to <= granules; to++) {
            start_three(granules, from, to, true);
            char *first = mem_map_idle(&map, from, to, from);
            char *last = mem_map_idle(&map, from, to, to);
            must((first == NULL) == (last == NULL) && first <= last);
            if (first != NULL)
                memset(first, JUNK, (size_t)(last - first));
            compare_three(granules, from, to, true);
            end();
        }
}
END_TEST

/* As a granule moves on through a chunk, so does its place, but not beyond what is idle; and it is
 * that of the granule's own segment where that is idle. */
START_TEST(test_idle_places_are_in_the_order_of_the_granules) {
    const mem_granule granules = 2000, from = 70, to = 1990;
    start_three(granules, from, to, true);
    const char *first = mem_map_idle(&map, from, to, from);
    const char *last = mem_map_idle(&map, from, to, to);
    for (mem_granule g = from; g <= to; g++) {
        const char *place = mem_map_idle(&map, from, to, g);
        const char *own = (const char *)mem_map_segment(&map, g);
        must(place == (own < first ? first : own > last ? last : own));
    }
    must((size_t)(last - first) > 25 * sizeof(struct mem_segment));
    end();
}
END_TEST

/* The memory of the map, as it is now; to be freed. */
static unsigned char *copied_memory(void) {
    unsigned char *copy = malloc(memory_bytes);
    must(copy != NULL);
    memcpy(copy, memory, memory_bytes);
    return copy;
}

/* Moves the start of the block that ends at `to` in its segment, and tags it one way or the
 * other: what is left in memory is the same. */
static void compare_tag_start(mem_granule from, mem_granule moved, mem_granule to) {
    start(640);
    memset(map.segment, JUNK, memory_bytes - sizeof map.segment[0]);
    mem_map_tag(&map, from, to);
    mem_map_tag_start(&map, moved, to);
    unsigned char *half = copied_memory();
    mem_map_tag(&map, moved, to);
    if (memcmp(half, memory, memory_bytes) != 0)
        ck_abort_msg("moved from %u to %u, up to %u", from, moved, to);
    free(half);
    end();
}

START_TEST(test_new_start_in_the_same_segment_needs_half_a_tag) {
    const mem_granule bits[] = {0, 1, 31, 62, 63};
    for (mem_granule segment = 0; segment < 192; segment += SEGMENT)
        for (size_t i = 0; i < COUNT(bits); i++)
            for (size_t j = 0; j < COUNT(bits); j++) {
                mem_granule from = segment + bits[i], moved = segment + bits[j];
                for (mem_granule to = (from > moved ? from : moved) + 1; to <= 640; to++)
                    compare_tag_start(from, moved, to);
            }
}
END_TEST

/* If the block covers no segment, nothing is written: the fields would be links of the chain. */
START_TEST(test_half_a_tag_is_one_field_of_the_last_segment_covered) {
    const mem_granule granules = 640;
    for (mem_granule from = 1; from < granules; from += 3)
        for (mem_granule to = from + 1; to <= granules; to++) {
            start(granules);
            int32_t last = (int32_t)(to / SEGMENT) - 1;
            mem_map_tag_start(&map, from, to);
            for (int32_t i = 0; i <= mem_map_number(granules); i++) {
                bool covered = i == last && i > (int32_t)(from / SEGMENT);
                must_equal(map.segment[i].start, covered ? from : 0);
                must_equal(map.segment[i].end, 0);
            }
            must(map.segment[MEM_ANCHOR].previous == MEM_ANCHOR);
            end();
        }
}
END_TEST

/* A block that grows leaves old tags inside it: they are not read. */
START_TEST(test_tags_of_blocks_that_are_gone_are_not_read) {
    start(1000);
    mem_map_set_object(&map, 0);
    mem_map_set_object(&map, 300);
    mem_map_set_object(&map, 600);
    mem_map_tag(&map, 0, 300);
    mem_map_tag(&map, 300, 600);
    mem_map_tag(&map, 600, 1000);
    mem_map_clear_object(&map, 300);
    mem_map_tag(&map, 0, 600);
    ck_assert_uint_eq(mem_map_end(&map, 0), 600);
    ck_assert_uint_eq(mem_map_start(&map, 600), 0);
    mem_map_clear_object(&map, 600);
    mem_map_tag(&map, 0, 1000);
    ck_assert_uint_eq(mem_map_end(&map, 0), 1000);
    ck_assert_uint_eq(mem_map_start(&map, 1000), 0);
    end();
}
END_TEST

/* ---- sentinels ---- */

START_TEST(test_last_block_ends_at_the_end_of_the_region) {
    mem_granule granules = sizes[_i];
    for (mem_granule from = granules > 200 ? granules - 200 : 0; from < granules; from++) {
        start_three(granules, from, granules, from % 2 == 0);
        must_equal(mem_map_end(&map, from), granules);
        must_equal(mem_map_start(&map, granules), from);
        end();
    }
}
END_TEST

START_TEST(test_before_granule_0_ends_no_chunk) {
    for (int chunk = 0; chunk < 2; chunk++) {
        start_three(sizes[_i], 0, sizes[_i], chunk);
        ck_assert_uint_eq(mem_map_start(&map, 0), MEM_NO_GRANULE);
        ck_assert_uint_eq(mem_map_last_chunk(&map, MEM_ANCHOR), MEM_NO_GRANULE);
        end();
    }
}
END_TEST

/* ---- the chain ---- */

enum { LINKS = 5 };

static const int32_t members[LINKS] = {0, 1, 7, 8, 31};

/* Whether the chain is that of the members chosen: both ways, anchor included. */
static void compare_chain(unsigned chosen) {
    int32_t previous = MEM_ANCHOR;
    for (int i = 0; i < LINKS; i++) {
        if ((chosen >> i & 1) == 0)
            continue;
        must(map.segment[previous].next == members[i]);
        must(map.segment[members[i]].previous == previous);
        previous = members[i];
    }
    must(map.segment[previous].next == MEM_ANCHOR);
    must(map.segment[MEM_ANCHOR].previous == previous);
}

/* The member chosen that comes next below number i, or the anchor. */
static int32_t chosen_below(unsigned chosen, int i) {
    while (i-- > 0)
        if (chosen >> i & 1)
            return members[i];
    return MEM_ANCHOR;
}

/* Reads a number as an order of the members, a digit each; false when it names one
 * of them twice. */
static bool read_order(int *order, unsigned number) {
    unsigned seen = 0;
    for (int i = 0; i < LINKS; i++, number /= LINKS) {
        order[i] = (int)(number % LINKS);
        seen |= 1u << order[i];
    }
    return seen == (1u << LINKS) - 1;
}

static void chain_in_order(const int *order) {
    unsigned chosen = 0;
    for (int i = 0; i < LINKS; i++) {
        mem_map_chain(&map, members[order[i]], chosen_below(chosen, order[i]));
        chosen |= 1u << order[i];
        compare_chain(chosen);
    }
}

static void unchain_in_order(const int *order) {
    unsigned chosen = (1u << LINKS) - 1;
    for (int i = 0; i < LINKS; i++) {
        mem_map_unchain(&map, members[order[i]]);
        chosen &= ~(1u << order[i]);
        compare_chain(chosen);
    }
}

START_TEST(test_segments_go_into_the_chain_and_out_in_any_order) {
    const unsigned orders = LINKS * LINKS * LINKS * LINKS * LINKS;
    int in[LINKS], out[LINKS];
    start(2048);
    for (unsigned i = 0; i < orders; i++) {
        if (!read_order(in, i))
            continue;
        for (unsigned j = 0; j < orders; j += light() ? 7 : 1) {
            if (!read_order(out, j))
                continue;
            chain_in_order(in);
            unchain_in_order(out);
        }
    }
    end();
}
END_TEST

/* Makes a chain of the members chosen, each with a chunk at its last granule. */
static void start_chain(unsigned chosen) {
    start(2048);
    for (int i = 0; i < LINKS; i++)
        if (chosen >> i & 1)
            set_chunk((mem_granule)members[i] * SEGMENT + 63);
    compare_chain(chosen);
}

/* ---- neighbours of a chunk ---- */

/* Compares the chunks that the bits tell, granule by granule, with those that the chain tells. */
static void compare_chunks(void) {
    mem_granule before = MEM_NO_GRANULE;
    for (mem_granule g = 0; g < map.granules; g++) {
        if (!mem_map_is_chunk(&map, g))
            continue;
        must_equal(mem_map_chunk_before(&map, g), before);
        if (before == MEM_NO_GRANULE)
            must_equal(mem_map_chunk_beyond(&map, MEM_ANCHOR), g);
        else
            must_equal(mem_map_chunk_after(&map, before), g);
        before = g;
    }
    if (before == MEM_NO_GRANULE)
        must_equal(mem_map_chunk_beyond(&map, MEM_ANCHOR), MEM_NO_GRANULE);
    else
        must_equal(mem_map_chunk_after(&map, before), MEM_NO_GRANULE);
}

START_TEST(test_a_chunk_alone_has_no_neighbours) {
    for (mem_granule g = 0; g < sizes[_i]; g++) {
        start(sizes[_i]);
        set_chunk(g);
        must_equal(mem_map_chunk_before(&map, g), MEM_NO_GRANULE);
        must_equal(mem_map_chunk_after(&map, g), MEM_NO_GRANULE);
        must_equal(mem_map_chunk_beyond(&map, MEM_ANCHOR), g);
        end();
    }
}
END_TEST

START_TEST(test_every_two_chunks_find_each_other) {
    const mem_granule granules = 200;
    for (mem_granule a = 0; a < granules; a++)
        for (mem_granule b = a + 1; b < granules; b++) {
            start(granules);
            set_chunk(a);
            set_chunk(b);
            must_equal(mem_map_chunk_after(&map, a), b);
            must_equal(mem_map_chunk_before(&map, b), a);
            must_equal(mem_map_chunk_before(&map, a), MEM_NO_GRANULE);
            must_equal(mem_map_chunk_after(&map, b), MEM_NO_GRANULE);
            end();
        }
}
END_TEST

/* The first chunk of the segment beyond, whatever else starts in this one. */
START_TEST(test_chunk_beyond_skips_the_rest_of_a_segment) {
    start(640);
    const mem_granule chunks[] = {3, 5, 63, 64, 127, 320, 322, 639};
    for (size_t i = 0; i < COUNT(chunks); i++)
        set_chunk(chunks[i]);
    ck_assert_uint_eq(mem_map_chunk_beyond(&map, MEM_ANCHOR), 3);
    ck_assert_uint_eq(mem_map_chunk_beyond(&map, 0), 64);
    ck_assert_uint_eq(mem_map_chunk_beyond(&map, 1), 320);
    ck_assert_uint_eq(mem_map_chunk_beyond(&map, 5), 639);
    ck_assert_uint_eq(mem_map_chunk_beyond(&map, 9), MEM_NO_GRANULE);
    compare_chunks();
    end();
}
END_TEST

START_TEST(test_neighbours_among_random_chunks) {
    uint64_t random = random_seed((uint64_t)_i);
    for (int n = rounds(200); n > 0; n--) {
        start(sizes[_i]);
        uint32_t rarity = 1u << random_below(&random, 9);
        for (mem_granule g = 0; g < sizes[_i]; g++)
            if (random_below(&random, rarity) == 0)
                set_chunk(g);
        compare_chunks();
        end();
    }
}
END_TEST

/* ---- chunks come and go ---- */

/* The number of the segment below that of g in which a chunk starts, or the anchor. */
static int32_t segment_before(mem_granule g) {
    int32_t number = mem_map_number(g) - 1;
    while (number >= 0 && map.segment[number].chunks == 0)
        number--;
    return number;
}

/* The bit of one chunk changes, and no other; the links follow. */
static void set_or_clear(mem_granule g) {
    struct mem_segment *segment = mem_map_segment(&map, g);
    uint64_t chunks = segment->chunks, objects = segment->objects;
    if (mem_map_is_chunk(&map, g))
        mem_map_clear_chunk(&map, g);
    else
        mem_map_set_chunk(&map, g, segment_before(g));
    must_equal(segment->chunks, chunks ^ UINT64_C(1) << g % SEGMENT);
    must_equal(segment->objects, objects);
    compare_chunks();
}

START_TEST(test_chunks_are_set_and_cleared_in_any_order) {
    uint64_t random = random_seed(200 + (uint64_t)_i);
    start(sizes[_i]);
    for (mem_granule g = 0; g <= sizes[_i]; g++)
        mem_map_set_object(&map, g);
    for (int n = rounds(1000); n > 0; n--) {
        mem_granule g = random_below(&random, sizes[_i]);
        set_or_clear(n % 2 == 0 ? g : g / SEGMENT * SEGMENT);
    }
    while (mem_map_chunk_beyond(&map, MEM_ANCHOR) != MEM_NO_GRANULE)
        set_or_clear(mem_map_chunk_beyond(&map, MEM_ANCHOR));
    must(map.segment[MEM_ANCHOR].next == MEM_ANCHOR);
    must(map.segment[MEM_ANCHOR].previous == MEM_ANCHOR);
    end();
}
END_TEST

/* The place in the chain matters only for a segment that is not in it yet. */
START_TEST(test_second_chunk_of_a_segment_leaves_the_chain_alone) {
    for (int32_t previous = MEM_ANCHOR; previous <= 32; previous++) {
        start_chain(0x15);
        mem_map_set_chunk(&map, 7 * SEGMENT, previous);
        mem_map_set_chunk(&map, 7 * SEGMENT + 62, previous);
        compare_chain(0x15);
        mem_map_clear_chunk(&map, 7 * SEGMENT + 63);
        mem_map_clear_chunk(&map, 7 * SEGMENT);
        compare_chain(0x15);
        mem_map_clear_chunk(&map, 7 * SEGMENT + 62);
        compare_chain(0x11);
        end();
    }
}
END_TEST

/* Whether the chain is that of the segments in which chunks start. */
static void compare_chain_with_chunks(void) {
    int32_t previous = MEM_ANCHOR;
    for (int32_t number = 0; number < 32; number++) {
        if (map.segment[number].chunks == 0)
            continue;
        must(map.segment[previous].next == number);
        must(map.segment[number].previous == previous);
        previous = number;
    }
    must(map.segment[previous].next == MEM_ANCHOR);
    must(map.segment[MEM_ANCHOR].previous == previous);
}

/* The last chunk of a segment of the chain, or another one of two there, moves to each segment
 * behind it, up to the next of the chain. */
START_TEST(test_segment_joins_the_chain_behind_another_or_in_its_place) {
    for (unsigned chosen = 1; chosen < 1u << LINKS; chosen++)
        for (int i = 0; i < LINKS; i++)
            for (int32_t to = members[i] + 1; (chosen >> i & 1) && to < 32; to++) {
                start_chain(chosen);
                if (map.segment[to].chunks != 0) {
                    end();
                    break;
                }
                if (to % 2 == 0)
                    map.segment[members[i]].chunks = 0;
                mem_map_advance(&map, members[i], to);
                map.segment[to].chunks = 1;
                compare_chain_with_chunks();
                end();
            }
}
END_TEST

/* The first chunk moves to each segment ahead, down to the one before in the chain, and that too.
 */
START_TEST(test_segment_joins_the_chain_ahead_of_another_or_in_its_place) {
    for (unsigned chosen = 1; chosen < 1u << LINKS; chosen++)
        for (int i = 0; i < LINKS; i++)
            for (int32_t to = members[i]; (chosen >> i & 1) && to >= chosen_below(chosen, i);
                 to--) {
                if (to == MEM_ANCHOR)
                    break;
                start_chain(chosen);
                if (to % 2 == 0 && to != members[i])
                    map.segment[members[i]].chunks = 0;
                mem_map_retreat(&map, members[i], to);
                map.segment[to].chunks |= 1;
                compare_chain_with_chunks();
                end();
            }
}
END_TEST

int main(void) {
    TCase *tests = new_case("map");
    const int count = COUNT(sizes);

    tcase_add_test(tests, test_segments_hold_all_granules_and_both_sentinels);
    tcase_add_test(tests, test_granule_and_number_are_each_others_inverse);
    tcase_add_test(tests, test_bytes_are_counted_in_granules_that_hold_them);
    tcase_add_loop_test(tests, test_new_map_has_nothing_but_the_sentinels, 0, count);
    tcase_add_loop_test(tests, test_object_bits_are_set_and_cleared_alone, 0, count);
    tcase_add_loop_test(tests, test_clearing_an_object_leaves_its_neighbours, 0, count);
    tcase_add_loop_test(tests, test_chunk_bits_are_told_from_object_bits, 0, count);
    tcase_add_loop_test(tests, test_every_object_finds_its_end_and_its_start, 0, 8);
    tcase_add_loop_test(tests, test_every_chunk_finds_its_end_and_its_start, 0, 8);
    tcase_add_test(tests, test_blocks_over_many_segments);
    tcase_add_test(tests, test_largest_region_as_one_block);
    tcase_add_loop_test(tests, test_neighbours_among_blocks_of_one_granule, 0, count);
    tcase_add_test(tests, test_chunk_ends_at_the_first_object_above_it);
    tcase_add_test(tests, test_tags_are_written_at_both_ends_of_what_is_covered);
    tcase_add_test(tests, test_idle_segments_of_a_chunk_may_hold_anything);
    tcase_add_test(tests, test_idle_places_are_in_the_order_of_the_granules);
    tcase_add_test(tests, test_new_start_in_the_same_segment_needs_half_a_tag);
    tcase_add_test(tests, test_half_a_tag_is_one_field_of_the_last_segment_covered);
    tcase_add_test(tests, test_tags_of_blocks_that_are_gone_are_not_read);
    tcase_add_loop_test(tests, test_last_block_ends_at_the_end_of_the_region, 0, count);
    tcase_add_loop_test(tests, test_before_granule_0_ends_no_chunk, 0, count);
    tcase_add_test(tests, test_segments_go_into_the_chain_and_out_in_any_order);
    tcase_add_loop_test(tests, test_a_chunk_alone_has_no_neighbours, 0, count);
    tcase_add_test(tests, test_every_two_chunks_find_each_other);
    tcase_add_test(tests, test_chunk_beyond_skips_the_rest_of_a_segment);
    tcase_add_loop_test(tests, test_neighbours_among_random_chunks, 0, count);
    tcase_add_loop_test(tests, test_chunks_are_set_and_cleared_in_any_order, 0, count);
    tcase_add_test(tests, test_second_chunk_of_a_segment_leaves_the_chain_alone);
    tcase_add_test(tests, test_segment_joins_the_chain_behind_another_or_in_its_place);
    tcase_add_test(tests, test_segment_joins_the_chain_ahead_of_another_or_in_its_place);
    return run_case(tests);
}
