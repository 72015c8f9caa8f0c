/*
 * blocks.c - a plain array of blocks beside an index; see blocks.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "blocks.h"

#include <string.h>
#include <sys/mman.h>

#include "index/give.h"
#include "index/objects.h"
#include "index/take.h"
#include "index/valid.h"
#include "unit.h"

/* ---- memory ---- */

enum { JUNK = 0xa5 };

/* Bytes of junk behind the index. None under a sanitizer, which notices overruns itself, reads too,
 * if the memory ends there. */
enum { JUNK_BYTES = SANITIZED ? 0 : 64 };

/* So much is mapped, and zero without being touched. */
enum { MAPPED_BYTES = 64 << 20 };

static void *zeroes(size_t alignment, size_t bytes) {
    void *memory;
    if (bytes < MAPPED_BYTES) {
        must(posix_memalign(&memory, alignment, bytes) == 0);
        return memset(memory, 0, bytes);
    }
    memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                  -1, 0);
    must(memory != MAP_FAILED);
    return memory;
}

static void give_back(void *memory, size_t bytes) {
    if (bytes < MAPPED_BYTES)
        free(memory);
    else
        must(munmap(memory, bytes) == 0);
}

static unsigned char *new_memory(size_t alignment, size_t bytes) {
    void *memory = zeroes(alignment, bytes + JUNK_BYTES);
    memset((char *)memory + bytes, JUNK, JUNK_BYTES);
    return memory;
}

static void end_memory(unsigned char *memory, size_t bytes) {
    for (size_t i = 0; i < JUNK_BYTES; i++)
        must_equal(memory[bytes + i], JUNK);
    give_back(memory, bytes + JUNK_BYTES);
}

void blocks_start(struct blocks *blocks, mem_granule granules) {
    blocks->memory = new_memory(MEM_INDEX_ALIGNMENT, mem_index_bytes(granules));
    blocks->order = NULL;
    blocks->granules = granules;
    blocks->count = 1;
    blocks->room = 64;
    blocks->at = malloc(blocks->room * sizeof blocks->at[0]);
    must(blocks->at != NULL);
    blocks->at[0] = (struct block){0, granules, false};
    blocks->shown_count = blocks->shown_room = 0;
    blocks->shown = NULL;
    blocks->searching = false;
    mem_index_init(&blocks->index, blocks->memory, granules);
    must(!mem_index_begin_order(&blocks->index));
}

void blocks_begin_order(struct blocks *blocks) {
    blocks->order = new_memory(MEM_ORDER_ALIGNMENT, mem_order_bytes(blocks->granules));
    mem_index_lend_order(&blocks->index, blocks->order);
    must(!mem_index_is_ordered(&blocks->index));
    must(mem_index_begin_order(&blocks->index));
    must(mem_index_is_ordered(&blocks->index));
}

void blocks_end(struct blocks *blocks) {
    end_memory(blocks->memory, mem_index_bytes(blocks->granules));
    if (blocks->order != NULL)
        end_memory(blocks->order, mem_order_bytes(blocks->granules));
    free(blocks->shown);
    free(blocks->at);
}

/* ---- the array ---- */

static mem_granule end_of(const struct blocks *blocks, size_t i) {
    return blocks->at[i].start + blocks->at[i].size;
}

static bool is_chunk(const struct blocks *blocks, size_t i) {
    return i < blocks->count && blocks->at[i].is_chunk;
}

/* Makes room for another block after i. */
static void insert_after(struct blocks *blocks, size_t i) {
    if (blocks->count == blocks->room) {
        blocks->room *= 2;
        blocks->at = realloc(blocks->at, blocks->room * sizeof blocks->at[0]);
        must(blocks->at != NULL);
    }
    size_t behind = blocks->count - i - 1;
    memmove(&blocks->at[i + 2], &blocks->at[i + 1], behind * sizeof blocks->at[0]);
    blocks->count++;
}

/* Cuts block i in two of the same kind. */
static void cut(struct blocks *blocks, size_t i, mem_granule size) {
    struct block whole = blocks->at[i];
    must(size > 0 && size < whole.size);
    insert_after(blocks, i);
    blocks->at[i].size = size;
    blocks->at[i + 1] = (struct block){whole.start + size, whole.size - size, whole.is_chunk};
}

/* Makes one of block i and the one after it. */
static void join(struct blocks *blocks, size_t i) {
    size_t behind = blocks->count - i - 2;
    blocks->at[i].size += blocks->at[i + 1].size;
    memmove(&blocks->at[i + 1], &blocks->at[i + 2], behind * sizeof blocks->at[0]);
    blocks->count--;
}

size_t blocks_find(const struct blocks *blocks, mem_granule g) {
    size_t i = 0;
    while (i < blocks->count && blocks->at[i].start != g)
        i++;
    must(i < blocks->count);
    return i;
}

/* ---- what the index tells ---- */

static struct shown *shown_at(struct blocks *blocks, mem_granule chunk) {
    for (size_t i = 0; i < blocks->shown_count; i++)
        if (blocks->shown[i].chunk == chunk)
            return &blocks->shown[i];
    if (blocks->shown_count == blocks->shown_room) {
        blocks->shown_room = 2 * blocks->shown_room + 64;
        blocks->shown = realloc(blocks->shown, blocks->shown_room * sizeof blocks->shown[0]);
        must(blocks->shown != NULL);
    }
    blocks->shown[blocks->shown_count] = (struct shown){.chunk = chunk};
    return &blocks->shown[blocks->shown_count++];
}

static void link_chunk(void *owner, mem_granule before, mem_granule next) {
    if (before != MEM_NO_GRANULE)
        shown_at(owner, before)->next = next;
}

static void show_chunk(void *owner, mem_granule chunk, mem_granule size, mem_granule after) {
    *shown_at(owner, chunk) = (struct shown){chunk, size, after};
}

/* Any pointer that identifies the granule. */
static void *object_at(void *owner, mem_granule g) {
    const struct blocks *blocks = owner;
    return blocks->memory + g;
}

static const struct mem_mirror mirror = {link_chunk, show_chunk, object_at};

/* ---- changes ---- */

void blocks_split(struct blocks *blocks, size_t i, mem_granule size) {
    must(!is_chunk(blocks, i));
    cut(blocks, i, size);
    mem_index_cut_object(&blocks->index, blocks->at[i].start, blocks->at[i + 1].start);
}

void blocks_lay(struct blocks *blocks, const mem_granule *sizes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (sizes[i] < blocks->at[i].size)
            blocks_split(blocks, i, sizes[i]);
}

/* As free.c does. */

static int give_any(struct blocks *blocks, mem_granule g) {
    struct mem_index *index = &blocks->index;
    struct mem_around around = mem_index_around(index, g);
    mem_granule before = around.before, end = around.end;
    if (before != MEM_NO_GRANULE)
        return around.chunk_follows ? mem_index_give_between(index, g, before, end, &mirror, blocks)
                                    : mem_index_give_behind(index, g, before, end, &mirror, blocks);
    return around.chunk_follows ? mem_index_give_ahead(index, g, end, &mirror, blocks)
                                : mem_index_give_apart(index, g, end, &mirror, blocks);
}

static void give_by_way(struct blocks *blocks, mem_granule g) {
    struct mem_index *index = &blocks->index;
    struct mem_spot spot = mem_index_spot(index, g);
    switch (mem_index_way_to_give(spot)) {
    case MEM_GIVE_WITHIN:
        must(mem_index_give_within(index, spot, g, &mirror, blocks) == 0);
        break;
    case MEM_GIVE_BEYOND:
        must(mem_index_give_beyond(index, spot, g, &mirror, blocks) == 0);
        break;
    case MEM_GIVE_ALONE:
        must(mem_index_give_alone(index, spot, g, &mirror, blocks) == 0);
        break;
    case MEM_GIVE_ANY:
        must(give_any(blocks, g) == 0);
        break;
    }
}

static void give(struct blocks *blocks, mem_granule g) {
    const struct mem_merge merge = mem_index_merge(&blocks->index, g);
    give_by_way(blocks, g);
    if (mem_index_is_ordered(&blocks->index))
        mem_index_order_given(&blocks->index, merge);
}

void blocks_free(struct blocks *blocks, size_t i) {
    must(!is_chunk(blocks, i));
    bool before = i > 0 && is_chunk(blocks, i - 1);
    bool after = is_chunk(blocks, i + 1);
    give(blocks, blocks->at[i].start);
    blocks->at[i].is_chunk = true;
    if (after)
        join(blocks, i);
    if (before)
        join(blocks, i - 1);
}

/* As alloc.c does: from the current chunk, from a chunk that is known, and by first fit. */

static void *take_current(struct blocks *blocks, mem_granule size) {
    struct mem_index *index = &blocks->index;
    return mem_index_current_rest_is_near(index, size)
               ? mem_index_take_current(index, size, &mirror, blocks)
               : mem_index_take_across(index, size, &mirror, blocks);
}

static void *take_at(struct blocks *blocks, mem_granule g, mem_granule size) {
    struct mem_index *index = &blocks->index;
    return mem_index_make_current(index, g, size) ? take_current(blocks, size)
                                                  : mem_index_take(index, g, size, &mirror, blocks);
}

static void *take_first_fit(struct blocks *blocks, mem_granule size) {
    struct mem_index *index = &blocks->index;
    if (mem_index_current_is_first_fit(index, size))
        return take_current(blocks, size);
    uint32_t number;
    must(mem_index_first_near(index, size, &number) || mem_index_first_far(index, size, &number));
    struct mem_fit fit = mem_index_first_in(index, number, 1);
    if (fit.size == size)
        return mem_index_take_whole(index, fit.g, size, &mirror, blocks);
    if (fit.size > size)
        return mem_index_take_part(index, fit.g, fit.size, size, &mirror, blocks);
    if (mem_index_fit_is_within(fit))
        fit = mem_index_first_in(index, number, size);
    if (mem_index_fit_is_within(fit))
        return mem_index_take_within(index, fit, size, &mirror, blocks);
    if (mem_index_first_is_current(index, fit.g, size))
        return take_current(blocks, size);
    return take_at(blocks, fit.g, size);
}

/* As ordered.c does: from the current chunk, if it is the best fit for certain, and from one that
 * is known. */
static void *take_in_order(struct blocks *blocks, mem_granule g, mem_granule size) {
    struct mem_index *index = &blocks->index;
    if (blocks_best_fit(blocks, size) == g && g == index->current.start &&
        mem_index_carve_best_fit(index, size))
        return take_current(blocks, size);
    mem_granule whole = mem_index_chunk_end(index, g) - g;
    void *object = take_at(blocks, g, size);
    mem_index_order_taken(index, g, whole, size);
    return object;
}

/* Every second object that is a first fit is taken by the path for first fits. */
static void take(struct blocks *blocks, mem_granule g, mem_granule size) {
    if (mem_index_is_ordered(&blocks->index)) {
        must(take_in_order(blocks, g, size) == object_at(blocks, g));
        return;
    }
    bool is_first = size <= MEM_SMALL_MAX && blocks_first_fit(blocks, size) == g;
    void *object =
        is_first && blocks->searching ? take_first_fit(blocks, size) : take_at(blocks, g, size);
    blocks->searching = is_first && !blocks->searching;
    must(object == object_at(blocks, g));
}

void blocks_take(struct blocks *blocks, size_t i, mem_granule size) {
    struct block chunk = blocks->at[i];
    must(chunk.is_chunk && size <= chunk.size);
    take(blocks, chunk.start, size);
    if (size < chunk.size)
        cut(blocks, i, size);
    blocks->at[i].is_chunk = false;
}

/* ---- searches, from end to end ---- */

mem_granule blocks_first_fit(const struct blocks *blocks, mem_granule size) {
    for (size_t i = 0; i < blocks->count; i++)
        if (is_chunk(blocks, i) && blocks->at[i].size >= size)
            return blocks->at[i].start;
    return MEM_NO_GRANULE;
}

mem_granule blocks_largest(const struct blocks *blocks) {
    mem_granule largest = 0;
    for (size_t i = 0; i < blocks->count; i++)
        if (is_chunk(blocks, i) && blocks->at[i].size > largest)
            largest = blocks->at[i].size;
    return largest;
}

mem_granule blocks_worst_fit(const struct blocks *blocks, mem_granule size) {
    mem_granule largest = blocks_largest(blocks);
    return largest < size ? MEM_NO_GRANULE : blocks_first_fit(blocks, largest);
}

mem_granule blocks_best_fit(const struct blocks *blocks, mem_granule size) {
    const struct block *best = NULL;
    for (size_t i = 0; i < blocks->count; i++)
        if (is_chunk(blocks, i) && blocks->at[i].size >= size)
            if (best == NULL || blocks->at[i].size < best->size)
                best = &blocks->at[i];
    return best == NULL ? MEM_NO_GRANULE : best->start;
}

mem_granule blocks_chunk_from(const struct blocks *blocks, mem_granule g) {
    for (size_t i = 0; i < blocks->count; i++)
        if (is_chunk(blocks, i) && blocks->at[i].start >= g)
            return blocks->at[i].start;
    return MEM_NO_GRANULE;
}

/* The size of the largest chunk that starts before g, or 0. */
static mem_granule largest_before(const struct blocks *blocks, mem_granule g) {
    mem_granule largest = 0;
    for (size_t i = 0; i < blocks->count && blocks->at[i].start < g; i++)
        if (is_chunk(blocks, i) && blocks->at[i].size > largest)
            largest = blocks->at[i].size;
    return largest;
}

/* The node of bytes in which the first chunk of at least that size is counted; the last node of the
 * region without one. */
static uint32_t node_of_first(const struct blocks *blocks, mem_granule size) {
    mem_granule g = blocks_first_fit(blocks, size);
    return mem_index_node((uint32_t)mem_map_number(g == MEM_NO_GRANULE ? blocks->granules - 1 : g));
}

void blocks_sharpen(struct blocks *blocks) {
    struct mem_index *index = &blocks->index;
    for (mem_granule size = 1; size <= MEM_LANES; size++)
        index->floors.node[size - 1] = (int16_t)node_of_first(blocks, size);
    if (index->current.start != MEM_NO_GRANULE)
        index->current.floor = largest_before(blocks, index->current.start) + 1;
}

/* ---- comparisons ---- */

/* From each chunk of at least that size, the next one must be found. */
static void compare_fits_after(const struct blocks *blocks, mem_granule size) {
    mem_granule after = MEM_NO_GRANULE;
    for (size_t i = blocks->count; i-- > 0;) {
        if (!is_chunk(blocks, i) || blocks->at[i].size < size)
            continue;
        must_equal(mem_index_fit_after(&blocks->index, blocks->at[i].start, size), after);
        after = blocks->at[i].start;
    }
}

/* The best fit by the order, as ordered.c searches for it. */
static mem_granule best_fit_in_order(const struct mem_index *index, mem_granule size) {
    mem_granule found = mem_index_small_best_size(index, size);
    if (found != 0)
        return mem_index_fit_start(mem_index_first_of_size(index, found));
    return mem_index_large_best_fit(index, size);
}

void blocks_compare_fits(struct blocks *blocks, mem_granule size) {
    struct mem_index *index = &blocks->index;
    compare_fits_after(blocks, size);
    must_equal(mem_index_largest(index), blocks_largest(blocks));
    must_equal(mem_index_first_fit(index, size), blocks_first_fit(blocks, size));
    must_equal(mem_index_worst_fit(index, size), blocks_worst_fit(blocks, size));
    must_equal(mem_index_best_fit(index, size), blocks_best_fit(blocks, size));
    if (mem_index_is_ordered(index))
        must_equal(best_fit_in_order(index, size), blocks_best_fit(blocks, size));
}

static void compare_block(const struct blocks *blocks, size_t i) {
    const struct mem_map *map = &blocks->index.map;
    mem_granule start = blocks->at[i].start;
    must(mem_map_is_chunk(map, start) == blocks->at[i].is_chunk);
    must(mem_map_is_object(map, start) == !blocks->at[i].is_chunk);
    must_equal(mem_map_end(map, start), end_of(blocks, i));
    if (is_chunk(blocks, i))
        must_equal(mem_map_chunk_end(map, start), end_of(blocks, i));
    must_equal(mem_map_start(map, end_of(blocks, i)), start);
}

/* From every place where one of the blocks begins or has just begun, or is about to end, the next
 * chunk of two sizes, one the least that is large, must be found. */
static mem_granule large_from(const struct blocks *blocks, mem_granule g, mem_granule size) {
    for (size_t i = 0; i < blocks->count; i++)
        if (is_chunk(blocks, i) && end_of(blocks, i) > g && blocks->at[i].size >= size)
            return blocks->at[i].start;
    return MEM_NO_GRANULE;
}

static void compare_large(const struct blocks *blocks, size_t i, mem_granule size) {
    const struct mem_index *index = &blocks->index;
    mem_granule start = blocks->at[i].start, end = end_of(blocks, i);
    must_equal(mem_index_large_from(index, start, size), large_from(blocks, start, size));
    must_equal(mem_index_large_from(index, start + 1, size), large_from(blocks, start + 1, size));
    must_equal(mem_index_large_from(index, end - 1, size), large_from(blocks, end - 1, size));
    must_equal(mem_index_large_from(index, end, size), large_from(blocks, end, size));
}

/* Each chunk must be found from the start of the one before, and from both sides of its own start;
 * neighbours must know each other. */
static void compare_chunks(const struct blocks *blocks) {
    const struct mem_index *index = &blocks->index;
    mem_granule before = MEM_NO_GRANULE;
    mem_granule from = 0;
    for (size_t i = 0; i < blocks->count; i++) {
        mem_granule start = blocks->at[i].start;
        compare_large(blocks, i, MEM_SMALL_MAX + 1);
        compare_large(blocks, i, 2 * MEM_SMALL_MAX);
        if (!is_chunk(blocks, i))
            continue;
        must_equal(mem_index_chunk_from(index, from), start);
        must_equal(mem_index_chunk_from(index, start > from ? start - 1 : start), start);
        must_equal(mem_index_chunk_from(index, start), start);
        must_equal(mem_map_chunk_before(&index->map, start), before);
        if (before != MEM_NO_GRANULE)
            must_equal(mem_map_chunk_after(&index->map, before), start);
        before = start;
        from = start + 1;
    }
    must_equal(mem_index_chunk_from(index, from), MEM_NO_GRANULE);
    must_equal(mem_index_last_chunk(index), before);
    must_equal(mem_map_chunk_beyond(&index->map, MEM_ANCHOR), blocks_chunk_from(blocks, 0));
    if (before != MEM_NO_GRANULE)
        must_equal(mem_map_chunk_after(&index->map, before), MEM_NO_GRANULE);
}

/* Compares the counts, and what the mirror was told of each chunk. */
static void compare_shown(struct blocks *blocks) {
    mem_granule chunks = 0, free_granules = 0;
    for (size_t i = 0; i < blocks->count; i++) {
        if (!is_chunk(blocks, i))
            continue;
        const struct shown *shown = shown_at(blocks, blocks->at[i].start);
        must_equal(shown->size, blocks->at[i].size);
        must_equal(shown->next, blocks_chunk_from(blocks, blocks->at[i].start + 1));
        chunks++;
        free_granules += blocks->at[i].size;
    }
    must_equal(mem_index_chunks(&blocks->index), chunks);
    must_equal(mem_index_free(&blocks->index), free_granules);
}

/* Compares, for each segment that is not in the chain, its place there. */
static void compare_places(const struct blocks *blocks) {
    const struct mem_index *index = &blocks->index;
    int32_t segments = (int32_t)mem_index_segments(blocks->granules);
    int32_t previous = MEM_ANCHOR;
    for (int32_t number = 0; number < segments; number++)
        if (index->map.segment[number].chunks != 0)
            previous = number;
        else
            must(mem_index_chain_previous(index, number) == previous &&
                 mem_index_place(index, number) == previous);
}

/* Whether chunk i is larger than all others. */
static bool is_largest(const struct blocks *blocks, size_t i) {
    for (size_t j = 0; j < blocks->count; j++)
        if (is_chunk(blocks, j) && j != i && blocks->at[j].size >= blocks->at[i].size)
            return false;
    return true;
}

/* The current chunk must be a large one, and its floor must rule out no chunk that exists. */
static void compare_current(const struct blocks *blocks) {
    const struct mem_index *index = &blocks->index;
    const struct mem_current *current = &index->current;
    bool largest = false;
    if (current->start != current->end) {
        size_t i = blocks_find(blocks, current->start);
        must(is_chunk(blocks, i) && blocks->at[i].size > MEM_SMALL_MAX);
        must_equal(current->end, end_of(blocks, i));
        must(largest_before(blocks, current->start) < current->floor);
        largest = is_largest(blocks, i);
    }
    must(mem_index_current_is_largest(index) == largest);
}

/* The floors must rule out no chunk that exists. */
static void compare_floors(const struct blocks *blocks) {
    for (mem_granule size = 1; size <= MEM_LANES; size++)
        must(mem_floors_of(&blocks->index.floors, size) <= node_of_first(blocks, size));
}

/* For sizes next to those of a segment, of the largest byte, and of the chunks that exist. */
void blocks_compare(struct blocks *blocks) {
    const mem_granule sizes[] = {1, 2, 3, 63, 64, 65, 127, 128, 253, 254, 255, 256, 257, 258, 512};
    mem_granule largest = blocks_largest(blocks);
    must(mem_valid_index(&blocks->index));
    for (size_t i = 0; i < blocks->count; i++)
        compare_block(blocks, i);
    compare_chunks(blocks);
    compare_shown(blocks);
    compare_places(blocks);
    compare_current(blocks);
    compare_floors(blocks);
    for (size_t i = 0; i < COUNT(sizes); i++)
        blocks_compare_fits(blocks, sizes[i]);
    if (largest > 1)
        blocks_compare_fits(blocks, largest - 1);
    if (largest > 0)
        blocks_compare_fits(blocks, largest);
    blocks_compare_fits(blocks, largest + 1);
    blocks_compare_fits(blocks, blocks->granules);
}
