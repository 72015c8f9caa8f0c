/*
 * unit_valid.c - valid.h: what is right is called valid, and any single error is noticed, in each
 * layer.
 *
 * A test writes one wrong value, checks, and restores it. It also checks after changes that make
 * another valid heap, so that a check which calls everything wrong does not pass.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/sizes.h"
#include "index/valid.h"

#include <string.h>

#include "blocks.h"
#include "unit.h"

/* ---- a heap to damage ---- */

/* Objects and chunks by turns, an object first, at all kinds of places relative to segments. No two
 * chunks start in the same segment, so that none can hide behind another. */
static const mem_granule layout[] = {10,  20, 70,  30,  200, 300, 10, 64,  64,
                                     255, 1,  256, 100, 1,   100, 2,  600, 210};

static struct blocks heap;

/* The region ends with the last chunk. It is no multiple of a segment. */
static void start(void) {
    mem_granule granules = 0;
    for (size_t i = 0; i < COUNT(layout); i++)
        granules += layout[i];
    blocks_start(&heap, granules);
    blocks_lay(&heap, layout, COUNT(layout));
    for (size_t i = 1; i < COUNT(layout); i += 2)
        blocks_free(&heap, i);
    ck_assert_uint_eq(heap.count, COUNT(layout));
    ck_assert_uint_ne(granules % 64, 0);
    ck_assert(mem_valid_map(&heap.index.map));
    ck_assert(mem_valid_index(&heap.index));
}

static struct mem_segment *segment_of(mem_granule g) {
    return &heap.index.map.segment[(int32_t)(g / 64)];
}

static uint64_t bit_of(mem_granule g) {
    return UINT64_C(1) << g % 64;
}

static bool map_is_valid(void) {
    return mem_valid_map(&heap.index.map);
}

static bool index_is_valid(void) {
    return mem_valid_index(&heap.index);
}

/* Whether it is valid with some bits of a word flipped. */
static bool valid_with_flipped(bool (*is_valid)(void), uint64_t *word, uint64_t bits) {
    *word ^= bits;
    bool valid = is_valid();
    *word ^= bits;
    must(is_valid());
    return valid;
}

static bool valid_with_number(bool (*is_valid)(void), int32_t *place, int32_t wrong) {
    int32_t right = *place;
    *place = wrong;
    bool valid = is_valid();
    *place = right;
    must(is_valid());
    return valid;
}

static bool valid_with_granule(bool (*is_valid)(void), mem_granule *place, mem_granule wrong) {
    mem_granule right = *place;
    *place = wrong;
    bool valid = is_valid();
    *place = right;
    must(is_valid());
    return valid;
}

/* ---- bits of the map ---- */

START_TEST(test_what_is_as_it_should_be_is_valid) {
    start();
    for (size_t i = 0; i < heap.count; i++)
        while (i < heap.count && !heap.at[i].is_chunk) {
            blocks_free(&heap, i);
            must(map_is_valid() && index_is_valid());
        }
    ck_assert_uint_eq(heap.count, 1);
    blocks_end(&heap);
    for (mem_granule granules = 1; granules < 600; granules++) {
        blocks_start(&heap, granules);
        must(map_is_valid() && index_is_valid());
        blocks_free(&heap, 0);
        must(map_is_valid() && index_is_valid());
        blocks_end(&heap);
    }
}
END_TEST

/* An extra chunk bit makes two chunks touch, a missing one leaves a segment without chunks in the
 * chain. */
START_TEST(test_every_wrong_chunk_bit_is_noticed) {
    start();
    for (mem_granule g = 0; g <= heap.granules; g++) {
        must(!valid_with_flipped(map_is_valid, &segment_of(g)->chunks, bit_of(g)));
        must(!valid_with_flipped(index_is_valid, &segment_of(g)->chunks, bit_of(g)));
    }
    blocks_end(&heap);
}
END_TEST

/* Whether a block has tags: it covers a segment in which it does not start. */
static bool has_tags(mem_granule from, mem_granule to) {
    return from / 64 + 1 < to / 64;
}

/* Whether another object may start at g: inside an object, if the tags stay the same. */
static bool may_start_at(size_t block, mem_granule g) {
    const struct block *whole = &heap.at[block];
    return !whole->is_chunk && g != whole->start && !has_tags(whole->start, g) &&
           !has_tags(g, whole->start + whole->size);
}

START_TEST(test_every_wrong_object_bit_is_noticed) {
    start();
    for (size_t i = 0; i < heap.count; i++)
        for (mem_granule n = 0; n < heap.at[i].size; n++) {
            mem_granule g = heap.at[i].start + n;
            bool valid = valid_with_flipped(index_is_valid, &segment_of(g)->objects, bit_of(g));
            if (valid != may_start_at(i, g))
                ck_abort_msg("an object bit flipped at %u: %s", g, valid ? "valid" : "noticed");
        }
    blocks_end(&heap);
}
END_TEST

/* The map alone knows no sizes, but it notices that chunks touch. */
START_TEST(test_object_bit_missing_between_chunks_is_noticed_by_the_map) {
    start();
    for (size_t i = 0; i < heap.count; i += 2) {
        mem_granule g = heap.at[i].start;
        must(!valid_with_flipped(map_is_valid, &segment_of(g)->objects, bit_of(g)));
    }
    blocks_end(&heap);
}
END_TEST

START_TEST(test_object_and_chunk_at_the_same_granule_are_noticed) {
    start();
    for (size_t i = 0; i < heap.count; i++) {
        mem_granule g = heap.at[i].start;
        uint64_t *other = i % 2 == 0 ? &segment_of(g)->chunks : &segment_of(g)->objects;
        must(!valid_with_flipped(map_is_valid, other, bit_of(g)));
    }
    blocks_end(&heap);
}
END_TEST

START_TEST(test_missing_sentinels_are_noticed) {
    start();
    mem_granule end = heap.granules;
    struct mem_segment *anchor = &heap.index.map.segment[MEM_ANCHOR];
    ck_assert(!valid_with_flipped(map_is_valid, &segment_of(end)->objects, bit_of(end)));
    ck_assert(!valid_with_flipped(map_is_valid, &anchor->chunks, bit_of(63)));
    blocks_end(&heap);
}
END_TEST

START_TEST(test_block_before_granule_0_is_noticed) {
    start();
    struct mem_segment *anchor = &heap.index.map.segment[MEM_ANCHOR];
    for (mem_granule g = 0; g < 64; g++) {
        must(!valid_with_flipped(map_is_valid, &anchor->objects, bit_of(g)));
        must(!valid_with_flipped(map_is_valid, &anchor->chunks, bit_of(g)));
    }
    blocks_end(&heap);
}
END_TEST

/* A region that ends in the middle of a segment in which a chunk starts, so that the chain does not
 * show a chunk behind the end. */
static void start_with_room_behind(void) {
    blocks_start(&heap, 100);
    blocks_lay(&heap, (mem_granule[]){70, 10}, 2);
    blocks_free(&heap, 1);
    ck_assert(index_is_valid());
}

START_TEST(test_chunk_at_the_end_or_behind_it_is_noticed) {
    start_with_room_behind();
    for (mem_granule g = 100; g < 128; g++)
        must(!valid_with_flipped(map_is_valid, &segment_of(g)->chunks, bit_of(g)));
    blocks_end(&heap);
}
END_TEST

START_TEST(test_object_behind_the_end_is_noticed) {
    start_with_room_behind();
    for (mem_granule g = 101; g < 128; g++)
        must(!valid_with_flipped(map_is_valid, &segment_of(g)->objects, bit_of(g)));
    blocks_end(&heap);
}
END_TEST

/* ---- tags ---- */

static void compare_wrong_tag(mem_granule *tag) {
    const mem_granule right = *tag;
    const mem_granule wrong[] = {0, right - 1, right + 1, right ^ 64, MEM_NO_GRANULE};
    for (size_t i = 0; i < COUNT(wrong); i++)
        must(wrong[i] == right || !valid_with_granule(map_is_valid, tag, wrong[i]));
}

START_TEST(test_every_wrong_tag_is_noticed) {
    start();
    int tagged = 0;
    for (size_t i = 0; i < heap.count; i++) {
        mem_granule from = heap.at[i].start, to = from + heap.at[i].size;
        if (!has_tags(from, to))
            continue;
        tagged++;
        compare_wrong_tag(&segment_of(from)[1].end);
        compare_wrong_tag(&segment_of(to)[-1].start);
    }
    ck_assert_int_ge(tagged, 5);
    blocks_end(&heap);
}
END_TEST

/* Between the first and the last segment that a block covers, the fields are
 * left as they were. */
START_TEST(test_fields_between_the_tags_do_not_matter) {
    start();
    for (size_t i = 0; i < heap.count; i++) {
        mem_granule from = heap.at[i].start, to = from + heap.at[i].size;
        for (mem_granule g = (from / 64 + 2) * 64; g + 128 <= to; g += 64) {
            must(valid_with_granule(index_is_valid, &segment_of(g)->start, 77));
            must(valid_with_granule(index_is_valid, &segment_of(g)->end, 77));
        }
    }
    blocks_end(&heap);
}
END_TEST

/* ---- the chain ---- */

/* Every link, set to every segment but the right one, and to the anchor. */
static void compare_wrong_link(int32_t *link) {
    const int32_t right = *link, last = (int32_t)(heap.granules / 64);
    for (int32_t wrong = MEM_ANCHOR; wrong <= last; wrong++)
        must(wrong == right || !valid_with_number(map_is_valid, link, wrong));
}

START_TEST(test_every_wrong_link_of_the_chain_is_noticed) {
    start();
    struct mem_segment *anchor = &heap.index.map.segment[MEM_ANCHOR];
    compare_wrong_link(&anchor->next);
    compare_wrong_link(&anchor->previous);
    for (size_t i = 1; i < heap.count; i += 2) {
        compare_wrong_link(&segment_of(heap.at[i].start)->next);
        compare_wrong_link(&segment_of(heap.at[i].start)->previous);
    }
    blocks_end(&heap);
}
END_TEST

/* Take a segment out of the chain, and put one in, whatever starts in it. */
static void take_out(int32_t number) {
    struct mem_segment *segment = heap.index.map.segment;
    segment[segment[number].previous].next = segment[number].next;
    segment[segment[number].next].previous = segment[number].previous;
}

static void put_in(int32_t number, int32_t previous) {
    struct mem_segment *segment = heap.index.map.segment;
    int32_t next = segment[previous].next;
    segment[number].previous = previous;
    segment[number].next = next;
    segment[previous].next = segment[next].previous = number;
}

START_TEST(test_segment_left_out_of_the_chain_is_noticed) {
    start();
    for (size_t i = 1; i < heap.count; i += 2) {
        int32_t number = mem_map_number(heap.at[i].start);
        int32_t previous = heap.index.map.segment[number].previous;
        take_out(number);
        must(!map_is_valid());
        put_in(number, previous);
        must(map_is_valid());
    }
    blocks_end(&heap);
}
END_TEST

/* A segment in which only an object starts has no use for its links. */
START_TEST(test_segment_without_a_chunk_in_the_chain_is_noticed) {
    start();
    int32_t number = mem_map_number(heap.at[4].start);
    ck_assert_uint_eq(heap.index.map.segment[number].chunks, 0);
    put_in(number, mem_map_number(heap.at[3].start));
    ck_assert(!map_is_valid());
    take_out(number);
    ck_assert(map_is_valid());
    blocks_end(&heap);
}
END_TEST

START_TEST(test_chain_out_of_order_is_noticed) {
    start();
    int32_t first = mem_map_number(heap.at[1].start), second = mem_map_number(heap.at[3].start);
    take_out(first);
    put_in(first, second);
    ck_assert(!map_is_valid());
    take_out(first);
    put_in(first, MEM_ANCHOR);
    ck_assert(map_is_valid());
    blocks_end(&heap);
}
END_TEST

START_TEST(test_chain_of_an_empty_index_must_be_closed) {
    blocks_start(&heap, 1000);
    struct mem_segment *anchor = &heap.index.map.segment[MEM_ANCHOR];
    compare_wrong_link(&anchor->next);
    compare_wrong_link(&anchor->previous);
    blocks_end(&heap);
}
END_TEST

/* ---- maxima ---- */

enum { ELEMENTS = 5000, LEVELS = 4 };

static const enum mem_width widths[] = {MEM_BYTES, MEM_WORDS};

static struct mem_maxima tree;
static enum mem_width width;

static void start_tree(int row) {
    uint64_t random = random_seed((uint64_t)row);
    void *memory;
    width = widths[row];
    size_t bytes = mem_maxima_bytes(ELEMENTS, width);
    ck_assert_int_eq(posix_memalign(&memory, 64, bytes), 0);
    memset(memory, 0, bytes);
    mem_maxima_init(&tree, memory, ELEMENTS, width);
    ck_assert_uint_eq(mem_maxima_levels(ELEMENTS), LEVELS);
    for (uint32_t i = 0; i < ELEMENTS; i++)
        mem_maxima_raise(&tree, i, random_below(&random, 256), width);
    ck_assert(mem_valid_maxima(&tree, ELEMENTS, width));
}

static bool tree_is_valid_with(uint32_t position, uint32_t wrong) {
    uint32_t right = mem_maxima_value(&tree, position, width);
    mem_maxima_store(&tree, position, wrong, width);
    bool valid = mem_valid_maxima(&tree, ELEMENTS, width);
    mem_maxima_store(&tree, position, right, width);
    return valid;
}

/* Every position above the elements, the unused ones too, which have to be 0. */
START_TEST(test_stale_maximum_is_noticed_at_each_level) {
    start_tree(_i);
    for (uint32_t position = 0; position < tree.first; position++) {
        uint32_t right = mem_maxima_value(&tree, position, width);
        const uint32_t wrong[] = {0, right - 1, right + 1, 255};
        for (size_t i = 0; i < COUNT(wrong); i++)
            must((wrong[i] & UINT8_MAX) == right || wrong[i] > 255 ||
                 !tree_is_valid_with(position, wrong[i]));
    }
    ck_assert(mem_valid_maxima(&tree, ELEMENTS, width));
    free(tree.values);
}
END_TEST

/* The largest of the other fifteen values beside a position. */
static uint32_t largest_beside(uint32_t position) {
    uint32_t largest = 0;
    for (uint32_t i = position / MEM_LANES * MEM_LANES; i < tree.first + ELEMENTS; i++) {
        if (i / MEM_LANES != position / MEM_LANES)
            break;
        if (i != position && mem_maxima_value(&tree, i, width) > largest)
            largest = mem_maxima_value(&tree, i, width);
    }
    return largest;
}

/* Nothing here says what an element should be: it is wrong if it does not match its maximum. */
START_TEST(test_element_that_is_not_in_its_maximum_is_noticed) {
    start_tree(_i);
    for (uint32_t element = 0; element < ELEMENTS; element++) {
        uint32_t position = tree.first + element;
        uint32_t value = mem_maxima_get(&tree, element, width);
        uint32_t beside = largest_beside(position);
        must(tree_is_valid_with(position, 0) == (value <= beside));
        must(tree_is_valid_with(position, 255) == (value == 255 || beside == 255));
    }
    free(tree.values);
}
END_TEST

/* The last node has room for more elements than there are: a search could find a value there, which
 * is no element. */
START_TEST(test_value_behind_the_elements_is_noticed) {
    start_tree(_i);
    uint32_t end = tree.first + ELEMENTS;
    ck_assert_uint_ne(end % MEM_LANES, 0);
    for (; end % MEM_LANES != 0; end++)
        must(!tree_is_valid_with(end, 1));
    free(tree.values);
}
END_TEST

/* ---- the index ---- */

static bool valid_with_value(struct mem_maxima *maxima, uint32_t position, uint32_t wrong,
                             enum mem_width w) {
    uint32_t right = mem_maxima_value(maxima, position, w);
    mem_maxima_store(maxima, position, wrong, w);
    bool valid = index_is_valid();
    mem_maxima_store(maxima, position, right, w);
    must(index_is_valid());
    return valid;
}

/* Sets every value of a tree over the index to others. */
static void compare_wrong_values(struct mem_maxima *maxima, uint32_t elements, enum mem_width w) {
    for (uint32_t position = 0; position < maxima->first + elements; position++) {
        uint32_t right = mem_maxima_value(maxima, position, w);
        const uint32_t wrong[] = {0, 1, 254, 255, right ^ 1, right / 2};
        for (size_t i = 0; i < COUNT(wrong); i++)
            must(wrong[i] == right || !valid_with_value(maxima, position, wrong[i], w));
    }
}

START_TEST(test_every_wrong_value_over_the_segments_is_noticed) {
    start();
    compare_wrong_values(&heap.index.small, (heap.granules + 63) / 64, MEM_BYTES);
    blocks_end(&heap);
}
END_TEST

START_TEST(test_every_wrong_value_over_the_stretches_is_noticed) {
    start();
    compare_wrong_values(&heap.index.large, (heap.granules + 255) / 256, MEM_WORDS);
    blocks_end(&heap);
}
END_TEST

/* The tree agrees with itself, and not with the map. */
START_TEST(test_size_that_is_wrong_all_the_way_up_is_noticed) {
    start();
    for (size_t i = 1; i < heap.count; i += 2) {
        uint32_t segment = heap.at[i].start / 64;
        uint32_t size = mem_maxima_get(&heap.index.small, segment, MEM_BYTES);
        mem_maxima_lower(&heap.index.small, segment, size - 1, MEM_BYTES);
        must(!index_is_valid());
        mem_maxima_raise(&heap.index.small, segment, size, MEM_BYTES);
        must(index_is_valid());
        if (size == 255)
            continue;
        mem_maxima_raise(&heap.index.small, segment, size + 1, MEM_BYTES);
        must(!index_is_valid());
        mem_maxima_lower(&heap.index.small, segment, size, MEM_BYTES);
        must(index_is_valid());
    }
    blocks_end(&heap);
}
END_TEST

/* From 256 granules on, and only from there, a chunk stands in the array of stretches. */
START_TEST(test_chunk_in_the_wrong_array_is_noticed) {
    start();
    for (size_t i = 1; i < heap.count; i += 2) {
        uint32_t stretch = heap.at[i].start / 256;
        uint32_t size = mem_maxima_get(&heap.index.large, stretch, MEM_WORDS);
        ck_assert_uint_eq(heap.at[i].size >= 256 ? heap.at[i].size : size, size);
        mem_maxima_raise(&heap.index.large, stretch, size + 1, MEM_WORDS);
        must(!index_is_valid());
        mem_maxima_lower(&heap.index.large, stretch, size, MEM_WORDS);
        must(index_is_valid());
        if (size == 0)
            continue;
        mem_maxima_lower(&heap.index.large, stretch, 0, MEM_WORDS);
        must(!index_is_valid());
        mem_maxima_raise(&heap.index.large, stretch, size, MEM_WORDS);
    }
    blocks_end(&heap);
}
END_TEST

/* ---- the current chunk ---- */

static struct mem_current *current;

/* The current chunk, of which a granule was carved, starts at `at` and is of that size. A chunk of
 * `first` granules lies before it, of 300 and of 256 granules behind it. */
static void start_with_current(mem_granule at, mem_granule first, mem_granule size) {
    const mem_granule sizes[] = {at - first - 2, first, 1, 1 + size, 10, 300, 5, 256, 3};
    blocks_start(&heap, at + size + 600);
    blocks_lay(&heap, sizes, COUNT(sizes));
    for (size_t i = 1; i < COUNT(sizes); i += 2)
        blocks_free(&heap, i);
    blocks_take(&heap, 3, 1);
    current = &heap.index.current;
    ck_assert_uint_eq(current->start, at);
    ck_assert_uint_eq(current->end, at + size);
    ck_assert(index_is_valid());
}

/* Where the current chunk starts: at the edges of segments and of stretches. */
static const mem_granule places[] = {63, 64, 65, 255, 256, 257, 511, 512, 513};

START_TEST(test_every_wrong_start_of_the_current_chunk_is_noticed) {
    start_with_current(places[_i], 20, 600);
    for (mem_granule wrong = 0; wrong <= heap.granules; wrong += light() ? 7 : 1)
        must(wrong == current->start ||
             !valid_with_granule(index_is_valid, &current->start, wrong));
    blocks_end(&heap);
}
END_TEST

START_TEST(test_every_wrong_end_of_the_current_chunk_is_noticed) {
    start_with_current(places[_i], 20, 600);
    for (mem_granule wrong = 0; wrong <= heap.granules + 64; wrong += light() ? 7 : 1)
        must(wrong == current->end || !valid_with_granule(index_is_valid, &current->end, wrong));
    ck_assert(!valid_with_granule(index_is_valid, &current->end, MEM_NO_GRANULE));
    blocks_end(&heap);
}
END_TEST

/* Whether it is valid with another current chunk, of which the trees know nothing. */
static bool valid_with_current(mem_granule start_at, mem_granule end) {
    struct mem_current right = *current;
    *current = (struct mem_current){start_at, end, MEM_NO_FLOOR};
    bool valid = index_is_valid();
    *current = right;
    must(index_is_valid());
    return valid;
}

START_TEST(test_current_chunk_that_is_another_block_or_none_is_noticed) {
    start_with_current(places[_i], 20, 600);
    for (size_t i = 0; i < heap.count; i++) {
        mem_granule from = heap.at[i].start;
        must(valid_with_current(from, from + heap.at[i].size) == (from == current->start));
        must(!valid_with_current(from, from));
    }
    ck_assert(!valid_with_current(MEM_NO_GRANULE, MEM_NO_GRANULE));
    blocks_end(&heap);
}
END_TEST

/* To have no current chunk is valid if the tree holds the chunk, and only one value says so. */
START_TEST(test_no_current_chunk_is_valid_when_the_tree_has_all) {
    start_with_current(places[_i], 20, 600);
    uint32_t stretch = current->start / 256;
    mem_granule from = current->start;
    mem_maxima_raise(&heap.index.large, stretch, 600, MEM_WORDS);
    ck_assert(!index_is_valid());
    *current = (struct mem_current){MEM_NO_GRANULE, MEM_NO_GRANULE, MEM_NO_FLOOR};
    ck_assert(index_is_valid());
    ck_assert(!valid_with_current(0, 0));
    ck_assert(!valid_with_current(from, from));
    ck_assert(!valid_with_current(heap.granules, heap.granules));
    blocks_end(&heap);
}
END_TEST

/* The tree holds nothing for any of these sizes, so only the chunk's size can be wrong. */
START_TEST(test_current_chunk_of_less_than_256_granules_is_noticed) {
    for (mem_granule size = 254; size <= 257; size++) {
        mem_granule from = places[_i];
        blocks_start(&heap, 2000);
        blocks_lay(&heap, (mem_granule[]){from, size}, 2);
        blocks_free(&heap, 1);
        current = &heap.index.current;
        if (size > 255)
            mem_sizes_set_current(&heap.index, from, from + size);
        ck_assert(index_is_valid());
        ck_assert(valid_with_current(from, from + size) == (size > 255));
        blocks_end(&heap);
    }
}
END_TEST

START_TEST(test_floor_that_is_not_above_all_chunks_before_is_noticed) {
    const mem_granule sizes[] = {1, 2, 20, 63, 64, 65, 254, 255, 256, 257, 600, 601};
    mem_granule first = sizes[_i];
    start_with_current(700, first, 600);
    for (mem_granule floor = 0; floor < 700; floor += light() ? 7 : 1)
        must(valid_with_granule(index_is_valid, &current->floor, floor) == (floor > first));
    ck_assert(valid_with_granule(index_is_valid, &current->floor, MEM_NO_FLOOR));
    blocks_end(&heap);
}
END_TEST

/* The floor says nothing about the current chunk and those behind it. */
START_TEST(test_floor_does_not_count_what_comes_after) {
    start_with_current(64, 1, 256);
    ck_assert(valid_with_granule(index_is_valid, &current->floor, 2));
    blocks_end(&heap);
}
END_TEST

/* ---- the floors of searches ---- */

enum { NODE = MEM_LANES * MEM_SEGMENT_GRANULES }; /* granules */

static bool valid_with_floors(uint32_t from, int16_t node) {
    struct mem_floors right = heap.index.floors;
    for (uint32_t lane = from; lane < MEM_LANES; lane++)
        heap.index.floors.node[lane] = node;
    bool valid = index_is_valid();
    heap.index.floors = right;
    must(index_is_valid());
    return valid;
}

START_TEST(test_floor_beyond_a_chunk_of_its_size_is_noticed) {
    const mem_granule sizes[] = {1, 2, 7, 15, 16, 17, 255, 600};
    mem_granule size = sizes[_i];
    blocks_start(&heap, 6 * NODE);
    blocks_lay(&heap, (mem_granule[]){2 * NODE + 100, size, 5}, 3);
    blocks_free(&heap, 1);
    for (uint32_t lane = 0; lane < MEM_LANES; lane++)
        for (int16_t node = 0; node < 6; node++)
            must(valid_with_floors(lane, node) == (node <= 2 || size < lane + 1));
    blocks_end(&heap);
}
END_TEST

START_TEST(test_floor_outside_the_region_is_noticed) {
    const mem_granule granules[] = {1, NODE - 1, NODE, NODE + 1, 4 * NODE};
    for (size_t i = 0; i < COUNT(granules); i++) {
        int16_t last = (int16_t)((granules[i] - 1) / NODE);
        blocks_start(&heap, granules[i]);
        ck_assert(valid_with_floors(0, last));
        ck_assert(!valid_with_floors(0, last + 1));
        ck_assert(!valid_with_floors(MEM_LANES - 1, last + 1));
        ck_assert(!valid_with_floors(0, -1));
        blocks_end(&heap);
    }
}
END_TEST

START_TEST(test_floors_that_fall_are_noticed) {
    blocks_start(&heap, 4 * NODE);
    for (uint32_t lane = 0; lane + 1 < MEM_LANES; lane++) {
        heap.index.floors.node[lane] = 1;
        must(!index_is_valid());
        heap.index.floors.node[lane] = 0;
        must(index_is_valid());
    }
    blocks_end(&heap);
}
END_TEST

/* ---- large chunks, one of them current ---- */

/* A size too high and one too low are wrong; the tree agrees with itself each time. */
START_TEST(test_wrong_size_beside_a_current_chunk_is_noticed) {
    start_with_current(places[_i], 20, 600);
    struct mem_maxima *large = &heap.index.large;
    int held = 0;
    for (uint32_t stretch = 0; stretch < (heap.granules + 255) / 256; stretch++) {
        uint32_t right = mem_maxima_get(large, stretch, MEM_WORDS);
        const uint32_t wrong[] = {0, 1, 255, 256, 599, 600, 601, right - 1, right + 1};
        held += right != 0;
        for (size_t i = 0; i < COUNT(wrong); i++) {
            if (wrong[i] == right || wrong[i] == UINT32_MAX)
                continue;
            mem_maxima_lower(large, stretch, 0, MEM_WORDS);
            mem_maxima_raise(large, stretch, wrong[i], MEM_WORDS);
            must(!index_is_valid());
            mem_maxima_lower(large, stretch, 0, MEM_WORDS);
            mem_maxima_raise(large, stretch, right, MEM_WORDS);
            must(index_is_valid());
        }
    }
    ck_assert_int_eq(held, 2);
    blocks_end(&heap);
}
END_TEST

/* The stretch of the current chunk holds nothing, wherever in it the chunk starts. */
START_TEST(test_current_chunk_in_the_tree_is_noticed) {
    for (mem_granule from = 60; from < 700; from += light() ? 7 : 1) {
        start_with_current(from, 20, 600);
        uint32_t stretch = current->start / 256;
        ck_assert_uint_eq(mem_maxima_get(&heap.index.large, stretch, MEM_WORDS), 0);
        mem_maxima_raise(&heap.index.large, stretch, 600, MEM_WORDS);
        must(!index_is_valid());
        blocks_end(&heap);
    }
}
END_TEST

/* ---- the order ---- */

/* Chunks of up to 64 granules have sets, those of 255 and 210 share a trie, that of 256 has its
 * own; that of 300 is carved, and held apart. */
static struct mem_order *start_with_order(void) {
    start();
    blocks_begin_order(&heap);
    blocks_take(&heap, 5, 10);
    struct mem_order *order = heap.index.order;
    ck_assert_uint_eq(order->apart.size, 290);
    ck_assert(index_is_valid());
    return order;
}

static uint32_t segments_of_heap(void) {
    return (heap.granules + 63) / 64;
}

START_TEST(test_every_wrong_bit_of_the_sets_is_noticed) {
    struct mem_sets *sets = &start_with_order()->sets;
    for (uint32_t number = 0; number < segments_of_heap(); number++)
        for (uint32_t size = 1; size < MEM_SETS_SIZES; size++) {
            uint64_t *word = mem_sets_word(sets, 0, number, size);
            must(!valid_with_flipped(index_is_valid, word, bit_of(number)));
        }
    for (uint32_t size = 1; size < MEM_SETS_SIZES; size++)
        must(!valid_with_flipped(index_is_valid, &sets->sizes[size / 64], bit_of(size)));
    blocks_end(&heap);
}
END_TEST

/* In the word above as well. */
START_TEST(test_every_wrong_bit_above_the_sets_is_noticed) {
    blocks_start(&heap, 10000);
    blocks_lay(&heap, (mem_granule[]){200, 5, 4500, 7, 100}, 5);
    blocks_begin_order(&heap);
    blocks_free(&heap, 1);
    blocks_free(&heap, 3);
    const struct mem_sets *sets = &heap.index.order->sets;
    ck_assert_uint_eq(sets->root, 1);
    for (uint32_t number = 0; number < 3; number++)
        for (uint32_t size = 1; size < MEM_SETS_SIZES; size++) {
            uint64_t *word = mem_sets_word(sets, 1, number, size);
            must(!valid_with_flipped(index_is_valid, word, bit_of(number)));
        }
    blocks_end(&heap);
}
END_TEST

START_TEST(test_every_wrong_field_of_a_node_is_noticed) {
    struct mem_tries *tries = &start_with_order()->tries;
    const uint32_t root = tries->root[15];
    struct mem_node *node = &tries->nodes[root];
    const unsigned side = node->below[0] != 0 ? 0 : 1;
    struct mem_node *below = &tries->nodes[node->below[side]];
    const struct mem_node right = *node, right_below = *below;
    ck_assert_uint_eq(right_below.above, root);
    ck_assert(!valid_with_granule(index_is_valid, &node->size, right.size + 1));
    ck_assert(!valid_with_granule(index_is_valid, &below->size, right_below.size - 1));
    ck_assert(!valid_with_granule(index_is_valid, &below->above, 0));
    ck_assert(!valid_with_granule(index_is_valid, &node->below[side], 0));
    node->below[1 - side] = right.below[side];
    node->below[side] = 0;
    ck_assert(!index_is_valid());
    *node = right;
    ck_assert(index_is_valid());
    blocks_end(&heap);
}
END_TEST

START_TEST(test_every_wrong_root_is_noticed) {
    struct mem_tries *tries = &start_with_order()->tries;
    for (unsigned trie = 0; trie < MEM_TRIES_COUNT; trie++) {
        must(!valid_with_flipped(index_is_valid, &tries->used, bit_of(trie)));
        const bool none = tries->root[trie] == 0;
        must(valid_with_granule(index_is_valid, &tries->root[trie], 0) == none);
    }
    blocks_end(&heap);
}
END_TEST

/* A node of a chunk that is no more. */
START_TEST(test_node_too_many_is_noticed) {
    struct mem_order *order = start_with_order();
    mem_tries_add(&order->tries, 1000, 2000);
    ck_assert(!index_is_valid());
    mem_tries_drop(&order->tries, 1000, 2000);
    mem_tries_add(&order->tries, order->apart.g, order->apart.size);
    ck_assert(!index_is_valid());
    order->apart = MEM_NONE_APART;
    ck_assert(index_is_valid());
    blocks_end(&heap);
}
END_TEST

START_TEST(test_every_wrong_chunk_apart_is_noticed) {
    struct mem_apart *apart = &start_with_order()->apart;
    for (mem_granule g = 0; g <= heap.granules; g++)
        must(valid_with_granule(index_is_valid, &apart->g, g) == (g == apart->g));
    ck_assert(!valid_with_granule(index_is_valid, &apart->g, MEM_NO_GRANULE));
    for (mem_granule size = 0; size < 400; size++)
        must(valid_with_granule(index_is_valid, &apart->size, size) == (size == apart->size));
    blocks_end(&heap);
}
END_TEST

/* ---- what is looked into ---- */

/* Assertions after every operation can afford a page, not a megabyte. */
START_TEST(test_small_regions_are_looked_into_as_a_whole) {
    const mem_granule granules[] = {1, 64, 256, 1024};
    for (size_t i = 0; i < COUNT(granules); i++) {
        blocks_start(&heap, granules[i]);
        ck_assert(mem_valid_near(&heap.index, 0));
        *(uint8_t *)heap.index.small.values = 1;
        ck_assert(!index_is_valid());
        ck_assert(!mem_valid_near(&heap.index, granules[i] - 1));
        blocks_end(&heap);
    }
}
END_TEST

/* Where a chunk of 20 granules lies in the middle of 1 MiB. */
enum { MIDDLE = 30010, ELSEWHERE = 60000 };

static void assert_noticed_near_the_middle_alone(void) {
    ck_assert(!index_is_valid());
    ck_assert(!mem_valid_near(&heap.index, MIDDLE));
    ck_assert(mem_valid_near(&heap.index, 0));
    ck_assert(mem_valid_near(&heap.index, ELSEWHERE));
}

START_TEST(test_large_regions_are_looked_into_near_a_place) {
    blocks_start(&heap, 65536);
    blocks_lay(&heap, (mem_granule[]){MIDDLE, 20, 10}, 3);
    blocks_free(&heap, 1);
    ck_assert(index_is_valid());
    ck_assert(mem_valid_near(&heap.index, MIDDLE));
    ck_assert(mem_valid_near(&heap.index, ELSEWHERE));
    ck_assert(mem_valid_near(&heap.index, 65535));

    uint8_t *bytes = heap.index.small.values;
    const uint32_t positions[] = {heap.index.small.first + MIDDLE / 64, MIDDLE / 64 / 256};
    for (size_t i = 0; i < COUNT(positions); i++) {
        const uint8_t right = bytes[positions[i]];
        ck_assert_uint_eq(right, 20);
        bytes[positions[i]] = 21;
        assert_noticed_near_the_middle_alone();
        bytes[positions[i]] = right;
    }
    mem_maxima_raise(&heap.index.large, MIDDLE / 256, 300, MEM_WORDS);
    assert_noticed_near_the_middle_alone();
    mem_maxima_lower(&heap.index.large, MIDDLE / 256, 0, MEM_WORDS);
    segment_of(MIDDLE + 20)->objects ^= bit_of(MIDDLE + 20);
    assert_noticed_near_the_middle_alone();
    segment_of(MIDDLE + 20)->objects ^= bit_of(MIDDLE + 20);
    segment_of(MIDDLE)->next = 1000;
    assert_noticed_near_the_middle_alone();
    segment_of(MIDDLE)->next = MEM_ANCHOR;
    ck_assert(index_is_valid());
    blocks_end(&heap);
}
END_TEST

static void assert_order_noticed_near_the_middle_alone(void) {
    ck_assert(!index_is_valid());
    ck_assert(!mem_valid_order_near(&heap.index, MIDDLE));
    ck_assert(mem_valid_near(&heap.index, MIDDLE));
    ck_assert(mem_valid_order_near(&heap.index, 0));
    ck_assert(mem_valid_order_near(&heap.index, ELSEWHERE));
}

START_TEST(test_order_of_a_large_region_is_looked_into_near_a_place) {
    blocks_start(&heap, 65536);
    blocks_lay(&heap, (mem_granule[]){MIDDLE, 20, 10, 200, 10}, 5);
    blocks_begin_order(&heap);
    blocks_free(&heap, 1);
    blocks_free(&heap, 3);
    ck_assert(index_is_valid());
    ck_assert(mem_valid_order_near(&heap.index, MIDDLE));
    ck_assert(mem_valid_order_near(&heap.index, 65535));
    struct mem_order *order = heap.index.order;
    mem_sets_add(&order->sets, MIDDLE / 64, 21);
    assert_order_noticed_near_the_middle_alone();
    mem_sets_drop(&order->sets, MIDDLE / 64, 21);
    mem_tries_change(&order->tries, MIDDLE + 30, 200, MIDDLE + 30, 201);
    assert_order_noticed_near_the_middle_alone();
    mem_tries_change(&order->tries, MIDDLE + 30, 201, MIDDLE + 30, 200);
    ck_assert(index_is_valid());
    blocks_end(&heap);
}
END_TEST

START_TEST(test_order_of_a_small_region_is_looked_into_as_a_whole) {
    blocks_start(&heap, 1024);
    blocks_begin_order(&heap);
    ck_assert(mem_valid_order_near(&heap.index, 0));
    mem_sets_add(&heap.index.order->sets, 15, 1);
    ck_assert(!mem_valid_order_near(&heap.index, 0));
    ck_assert(mem_valid_near(&heap.index, 0));
    blocks_end(&heap);
}
END_TEST

START_TEST(test_wrong_totals_are_noticed) {
    start();
    heap.index.free++;
    ck_assert(!index_is_valid());
    heap.index.free--;
    heap.index.begun++;
    ck_assert(!index_is_valid());
    heap.index.ended++;
    ck_assert(index_is_valid());
    blocks_end(&heap);
}
END_TEST

/* Granule by granule, against the blocks. */
START_TEST(test_chunk_around_a_granule_is_found) {
    start();
    for (size_t i = 0; i < heap.count; i++)
        for (mem_granule n = 0; n < heap.at[i].size; n++)
            must_equal(mem_valid_chunk_around(&heap.index, heap.at[i].start + n),
                       heap.at[i].is_chunk ? heap.at[i].start : MEM_NO_GRANULE);
    blocks_end(&heap);
}
END_TEST

int main(void) {
    TCase *tests = new_case("valid");
    const int width_count = COUNT(widths), spots = COUNT(places);

    tcase_add_test(tests, test_what_is_as_it_should_be_is_valid);
    tcase_add_test(tests, test_every_wrong_chunk_bit_is_noticed);
    tcase_add_test(tests, test_every_wrong_object_bit_is_noticed);
    tcase_add_test(tests, test_object_bit_missing_between_chunks_is_noticed_by_the_map);
    tcase_add_test(tests, test_object_and_chunk_at_the_same_granule_are_noticed);
    tcase_add_test(tests, test_missing_sentinels_are_noticed);
    tcase_add_test(tests, test_block_before_granule_0_is_noticed);
    tcase_add_test(tests, test_chunk_at_the_end_or_behind_it_is_noticed);
    tcase_add_test(tests, test_object_behind_the_end_is_noticed);
    tcase_add_test(tests, test_every_wrong_tag_is_noticed);
    tcase_add_test(tests, test_fields_between_the_tags_do_not_matter);
    tcase_add_test(tests, test_every_wrong_link_of_the_chain_is_noticed);
    tcase_add_test(tests, test_segment_left_out_of_the_chain_is_noticed);
    tcase_add_test(tests, test_segment_without_a_chunk_in_the_chain_is_noticed);
    tcase_add_test(tests, test_chain_out_of_order_is_noticed);
    tcase_add_test(tests, test_chain_of_an_empty_index_must_be_closed);
    tcase_add_loop_test(tests, test_stale_maximum_is_noticed_at_each_level, 0, width_count);
    tcase_add_loop_test(tests, test_element_that_is_not_in_its_maximum_is_noticed, 0, width_count);
    tcase_add_loop_test(tests, test_value_behind_the_elements_is_noticed, 0, width_count);
    tcase_add_test(tests, test_every_wrong_value_over_the_segments_is_noticed);
    tcase_add_test(tests, test_every_wrong_value_over_the_stretches_is_noticed);
    tcase_add_test(tests, test_size_that_is_wrong_all_the_way_up_is_noticed);
    tcase_add_test(tests, test_chunk_in_the_wrong_array_is_noticed);
    tcase_add_loop_test(tests, test_every_wrong_start_of_the_current_chunk_is_noticed, 0, spots);
    tcase_add_loop_test(tests, test_every_wrong_end_of_the_current_chunk_is_noticed, 0, spots);
    tcase_add_loop_test(tests, test_current_chunk_that_is_another_block_or_none_is_noticed, 0,
                        spots);
    tcase_add_loop_test(tests, test_no_current_chunk_is_valid_when_the_tree_has_all, 0, spots);
    tcase_add_loop_test(tests, test_current_chunk_of_less_than_256_granules_is_noticed, 0, spots);
    tcase_add_loop_test(tests, test_floor_that_is_not_above_all_chunks_before_is_noticed, 0, 12);
    tcase_add_test(tests, test_floor_does_not_count_what_comes_after);
    tcase_add_loop_test(tests, test_floor_beyond_a_chunk_of_its_size_is_noticed, 0, 8);
    tcase_add_test(tests, test_floor_outside_the_region_is_noticed);
    tcase_add_test(tests, test_floors_that_fall_are_noticed);
    tcase_add_loop_test(tests, test_wrong_size_beside_a_current_chunk_is_noticed, 0, spots);
    tcase_add_test(tests, test_current_chunk_in_the_tree_is_noticed);
    tcase_add_test(tests, test_small_regions_are_looked_into_as_a_whole);
    tcase_add_test(tests, test_large_regions_are_looked_into_near_a_place);
    tcase_add_test(tests, test_every_wrong_bit_of_the_sets_is_noticed);
    tcase_add_test(tests, test_every_wrong_bit_above_the_sets_is_noticed);
    tcase_add_test(tests, test_every_wrong_field_of_a_node_is_noticed);
    tcase_add_test(tests, test_every_wrong_root_is_noticed);
    tcase_add_test(tests, test_node_too_many_is_noticed);
    tcase_add_test(tests, test_every_wrong_chunk_apart_is_noticed);
    tcase_add_test(tests, test_order_of_a_large_region_is_looked_into_near_a_place);
    tcase_add_test(tests, test_order_of_a_small_region_is_looked_into_as_a_whole);
    tcase_add_test(tests, test_wrong_totals_are_noticed);
    tcase_add_test(tests, test_chunk_around_a_granule_is_found);
    return run_case(tests);
}
