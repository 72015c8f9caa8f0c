/*
 * map.h - what starts where: the map of the blocks of a region.
 *
 * Blocks tile the region: each is an object or a free chunk, and ends where
 * the next one starts. The map has a segment for every 64 granules (1 KiB), with
 * two bits a granule: an object starts here, a free chunk starts here. So
 *
 *     granule   0        4     6           12
 *     block     [ object ][ob.][   chunk   ][ object ...
 *     objects   1 . . .  1 .   . . . . . .  1
 *     chunks    . . . .  . .   1 . . . . .  .
 *
 * The neighbour of a block is the next bit set, up or down: in the same segment
 * or in the one beside it. A segment in which nothing starts lies inside one
 * block; the first such segment of a block notes where the block ends and the
 * last where it starts, as boundary tags do (Knuth, The Art of Computer
 * Programming 1, 2.5), but out of the program's reach. So both neighbours of any
 * block are found in constant time.
 *
 * Segments in which chunks start form a circular chain in address order, by
 * which the neighbours of a chunk in the free list are found in constant time.
 * Its anchor is a segment before the first, with one chunk bit: that of granule -1, which is
 * MEM_NO_GRANULE. So what comes before the first chunk, and after the last, needs no case of its
 * own. No segment is both in the chain and inside a block, so chain and tags share their fields.
 *
 * Invariants:
 * 1. No granule is the start of both an object and a chunk.
 * 2. Granule 0 starts a block; an object "starts" at the granule one past the
 *    end, and a chunk at the one before the first, so that every search ends.
 *    Nobody joins the latter: whoever looks for a chunk to join asks whether g is 0.
 * 3. No two chunks of the region touch: after a chunk comes an object.
 * 4. A segment is in the chain if and only if a chunk starts in it.
 * 5. Where nothing starts in the segments f to l, and something in those beside them,
 *    f notes the end of the block around and l its start.
 *
 * The map keeps no sizes, and knows nothing of list nodes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MAP_H
#define MEM_MAP_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index/bits.h"
#include "index/granule.h"
#include "system/assertion.h"

#define MEM_SEGMENT_SHIFT 6
#define MEM_SEGMENT_GRANULES (UINT32_C(1) << MEM_SEGMENT_SHIFT)
static_assert(MEM_SEGMENT_GRANULES == 64, "the granules of a segment are the bits of a word");
static_assert(MEM_GRANULES_MAX >> MEM_SEGMENT_SHIFT < INT32_MAX, "segments have numbers");

struct mem_segment {
    uint64_t objects; /* bit i: an object starts at granule i of the segment */
    uint64_t chunks;  /* bit i: a free chunk starts there */
    union {
        int32_t previous;  /* chunks start here: the segment before in the chain */
        mem_granule start; /* nothing starts here: where the block around starts */
    };
    union {
        int32_t next;    /* chunks start here: the next segment in the chain */
        mem_granule end; /* nothing starts here: where the block around ends */
    };
};

static_assert(sizeof(struct mem_segment) == 24, "2.3% of the memory mapped");

/* The anchor of the chain: the segment before the first. */
#define MEM_ANCHOR (-1)

struct mem_map {
    struct mem_segment *segment; /* from MEM_ANCHOR to the one with granule `granules` */
    mem_granule granules;
};

/* Segments that a map of so many granules needs, anchor included. */
static inline size_t mem_map_segments(mem_granule granules) {
    return (size_t)(granules >> MEM_SEGMENT_SHIFT) + 2;
}

/* The number of the segment of a granule. Where a number cannot be the anchor's, it is made
 * unsigned below: then it need not be extended to 64 bits. */
static inline int32_t mem_map_number(mem_granule g) {
    return (int32_t)(g >> MEM_SEGMENT_SHIFT);
}

static inline struct mem_segment *mem_map_segment(const struct mem_map *map, mem_granule g) {
    return &map->segment[mem_map_number(g)];
}

/* The granule of bit `bit` in a segment. */
static inline mem_granule mem_map_granule(int32_t number, unsigned bit) {
    return ((mem_granule)number << MEM_SEGMENT_SHIFT) + bit;
}

/* The same where a chunk starts, so that the compiler knows: it is not MEM_NO_GRANULE. */
static inline mem_granule mem_map_chunk_at(int32_t number, unsigned bit) {
    return mem_granule_after((mem_granule)number << MEM_SEGMENT_SHIFT, bit);
}

static inline bool mem_map_is_object(const struct mem_map *map, mem_granule g) {
    return (mem_map_segment(map, g)->objects & mem_bits_one(g)) != 0;
}

static inline bool mem_map_is_chunk(const struct mem_map *map, mem_granule g) {
    return (mem_map_segment(map, g)->chunks & mem_bits_one(g)) != 0;
}

/* Where the block that starts at g ends. O(1). */
static inline mem_granule mem_map_end(const struct mem_map *map, mem_granule g) {
    const struct mem_segment *segment = mem_map_segment(map, g);
    int32_t number = mem_map_number(g);
    uint64_t starts = (segment->objects | segment->chunks) & mem_bits_above(g);
    if (starts != 0)
        return mem_map_granule(number, mem_bits_lowest(starts));
    starts = segment[1].objects | segment[1].chunks;
    if (starts != 0)
        return mem_map_granule(number + 1, mem_bits_lowest(starts));
    return segment[1].end;
}

/* As mem_map_end(), for a chunk: shorter, because only an object can come after it. O(1). */
static inline mem_granule mem_map_chunk_end(const struct mem_map *map, mem_granule g) {
    const struct mem_segment *segment = mem_map_segment(map, g);
    int32_t number = mem_map_number(g);
    uint64_t objects = segment->objects & mem_bits_above(g);
    if (objects != 0)
        return mem_map_granule(number, mem_bits_lowest(objects));
    objects = segment[1].objects;
    if (objects != 0)
        return mem_map_granule(number + 1, mem_bits_lowest(objects));
    return segment[1].end;
}

/* Where the block that ends at g starts; MEM_NO_GRANULE when g is 0. O(1). */
static inline mem_granule mem_map_start(const struct mem_map *map, mem_granule g) {
    const struct mem_segment *segment = mem_map_segment(map, g);
    int32_t number = mem_map_number(g);
    uint64_t starts = (segment->objects | segment->chunks) & mem_bits_below(g);
    if (starts != 0)
        return mem_map_granule(number, mem_bits_highest(starts));
    starts = segment[-1].objects | segment[-1].chunks;
    if (starts != 0)
        return mem_map_granule(number - 1, mem_bits_highest(starts));
    return segment[-1].start;
}

/* The size of the chunk that starts at a bit of the segment of that number. O(1). */
static inline mem_granule mem_map_chunk_size(const struct mem_map *map, int32_t number,
                                             unsigned bit) {
    uint64_t objects = map->segment[(uint32_t)number].objects >> bit;
    if (objects != 0)
        return mem_bits_lowest(objects);
    mem_granule g = mem_map_granule(number, bit);
    return mem_map_chunk_end(map, g) - g;
}

/* The result of a search for a chunk in a segment. */
struct mem_fit {
    mem_granule g;    /* MEM_NO_GRANULE: there is none */
    mem_granule size; /* 0: it ends in another segment; how large it is was not asked */
    int32_t number;   /* of its segment */
    uint64_t above;   /* the chunks after it in the segment */
};

/* The first of the given chunks of a segment that has at least that size or ends in another segment
 * (only the last one can). */
static inline struct mem_fit mem_map_fit(const struct mem_map *map, int32_t number, uint64_t chunks,
                                         mem_granule size) {
    uint64_t objects = map->segment[(uint32_t)number].objects;
    for (; chunks != 0; chunks &= chunks - 1) {
        unsigned bit = mem_bits_lowest(chunks);
        uint64_t above = objects >> bit;
        mem_granule found = above != 0 ? mem_bits_lowest(above) : 0;
        mem_assume(above == 0 || found > 0, "no object starts where a chunk does");
        if (above == 0 || found >= size)
            return (struct mem_fit){mem_map_chunk_at(number, bit), found, number,
                                    chunks & (chunks - 1)};
    }
    return (struct mem_fit){MEM_NO_GRANULE, 0, number, 0};
}

/* The first chunk, and the last, of a segment of the chain; MEM_NO_GRANULE of its anchor. O(1). */

static inline mem_granule mem_map_first_chunk(const struct mem_map *map, int32_t number) {
    return mem_map_granule(number, mem_bits_lowest(map->segment[number].chunks));
}

static inline mem_granule mem_map_last_chunk(const struct mem_map *map, int32_t number) {
    return mem_map_granule(number, mem_bits_highest(map->segment[number].chunks));
}

/* The first chunk of the segment after that of the number in the chain, or
 * MEM_NO_GRANULE. With MEM_ANCHOR, the first chunk of all. O(1). */
static inline mem_granule mem_map_chunk_beyond(const struct mem_map *map, int32_t number) {
    return mem_map_first_chunk(map, map->segment[number].next);
}

/* The first of the chunks `above`, which are the last ones of a segment, or the first chunk beyond
 * that segment, or MEM_NO_GRANULE. O(1). */
static inline mem_granule mem_map_chunk_above(const struct mem_map *map, int32_t number,
                                              uint64_t above) {
    if (above == 0)
        return mem_map_chunk_beyond(map, number);
    return mem_map_chunk_at(number, mem_bits_lowest(above));
}

/* The last of the chunks `below`, which are the first ones of a segment of the chain, or the last
 * chunk ahead of that segment, or MEM_NO_GRANULE. O(1). */
static inline mem_granule mem_map_chunk_below(const struct mem_map *map, int32_t number,
                                              uint64_t below) {
    if (below != 0)
        return mem_map_chunk_at(number, mem_bits_highest(below));
    return mem_map_last_chunk(map, map->segment[(uint32_t)number].previous);
}

/* The chunk after the one that starts at g, and the one before it, or MEM_NO_GRANULE. O(1). */
static inline mem_granule mem_map_chunk_after(const struct mem_map *map, mem_granule g) {
    return mem_map_chunk_above(map, mem_map_number(g),
                               mem_map_segment(map, g)->chunks & mem_bits_above(g));
}

static inline mem_granule mem_map_chunk_before(const struct mem_map *map, mem_granule g) {
    return mem_map_chunk_below(map, mem_map_number(g),
                               mem_map_segment(map, g)->chunks & mem_bits_below(g));
}

/* Sets and clears the bit of an object that starts at g. */
static inline void mem_map_set_object(struct mem_map *map, mem_granule g) {
    mem_map_segment(map, g)->objects |= mem_bits_one(g);
}

static inline void mem_map_clear_object(struct mem_map *map, mem_granule g) {
    mem_map_segment(map, g)->objects &= ~mem_bits_one(g);
}

/* Writes the tags of the block from start to end (invariant 5). Call it after either has changed,
 * when all bits and links are final: tags share their fields with links. */
static inline void mem_map_tag(struct mem_map *map, mem_granule start, mem_granule end) {
    struct mem_segment *first = mem_map_segment(map, start) + 1;
    struct mem_segment *last = mem_map_segment(map, end) - 1;
    if (first > last)
        return;
    first->end = end;
    last->start = start;
}

/* The address of the segment of a granule from start to end, of a chunk that lies there; but none
 * of the segments that are in use, with the bits and the tags of the chunk: it is moved between
 * those. NULL where all are in use. */
static inline char *mem_map_idle(const struct mem_map *map, mem_granule start, mem_granule end,
                                 mem_granule g) {
    struct mem_segment *first = mem_map_segment(map, start) + 2;
    struct mem_segment *last = mem_map_segment(map, end) - 1;
    struct mem_segment *segment = mem_map_segment(map, g);
    if (first >= last)
        return NULL;
    segment = segment < first ? first : segment > last ? last : segment;
    return (char *)segment;
}

/* Half of mem_map_tag(), for a block whose end is as before and whose start has moved within its
 * segment. */
static inline void mem_map_tag_start(struct mem_map *map, mem_granule start, mem_granule end) {
    struct mem_segment *last = mem_map_segment(map, end) - 1;
    if (last > mem_map_segment(map, start))
        last->start = start;
}

/* Puts a segment into the chain after another (MEM_ANCHOR: at its front). */
static inline void mem_map_chain(struct mem_map *map, int32_t number, int32_t previous) {
    mem_assert(map->segment[number].chunks == 0, "a segment joins the chain before its chunks");
    struct mem_segment *segment = &map->segment[(uint32_t)number];
    int32_t next = map->segment[previous].next;
    segment->previous = previous;
    segment->next = next;
    map->segment[previous].next = number;
    map->segment[next].previous = number;
}

/* Takes a segment out of the chain. */
static inline void mem_map_unchain(struct mem_map *map, int32_t number) {
    mem_assert(map->segment[number].chunks == 0, "a segment leaves the chain after its chunks");
    int32_t previous = map->segment[(uint32_t)number].previous;
    int32_t next = map->segment[(uint32_t)number].next;
    map->segment[previous].next = next;
    map->segment[next].previous = previous;
}

/* Puts a segment into the place of another in the chain. */
static inline void mem_map_replace(struct mem_map *map, int32_t number, int32_t to) {
    int32_t previous = map->segment[number].previous;
    int32_t next = map->segment[number].next;
    map->segment[to].previous = previous;
    map->segment[to].next = next;
    map->segment[previous].next = to;
    map->segment[next].previous = to;
}

/* The last chunk of a segment has moved to the segment `to`, behind it, with no chunk between: `to`
 * joins the chain after the segment, or takes its place if no chunk is left there. O(1). */
static inline void mem_map_advance(struct mem_map *map, int32_t number, int32_t to) {
    if (map->segment[number].chunks != 0)
        mem_map_chain(map, to, number);
    else
        mem_map_replace(map, number, to);
}

/* The first chunk of a segment is about to move to the segment `to`, ahead of it or the same, with
 * no chunk between: `to` joins the chain before the segment, or takes its place if no chunk is left
 * there, unless it is in the chain. O(1). */
static inline void mem_map_retreat(struct mem_map *map, int32_t number, int32_t to) {
    if (number == to)
        return;
    bool leaves = map->segment[number].chunks == 0;
    bool joins = map->segment[to].chunks == 0;
    if (leaves && joins)
        mem_map_replace(map, number, to);
    else if (leaves)
        mem_map_unchain(map, number);
    else if (joins)
        mem_map_chain(map, to, map->segment[number].previous);
}

/* Removes the chunk at g; its segment leaves the chain if that was its only one. O(1). */
static inline void mem_map_clear_chunk(struct mem_map *map, mem_granule g) {
    struct mem_segment *segment = mem_map_segment(map, g);
    segment->chunks &= ~mem_bits_one(g);
    if (segment->chunks == 0)
        mem_map_unchain(map, mem_map_number(g));
}

/* Adds a chunk at g; its segment joins the chain after another, unless it is in the chain. O(1). */
static inline void mem_map_set_chunk(struct mem_map *map, mem_granule g, int32_t previous) {
    struct mem_segment *segment = mem_map_segment(map, g);
    if (segment->chunks == 0)
        mem_map_chain(map, mem_map_number(g), previous);
    segment->chunks |= mem_bits_one(g);
}

/* Makes the map of a region with no block yet. The memory must be zeroed, and hold
 * mem_map_segments(granules) segments. O(1). */
static inline void mem_map_init(struct mem_map *map, void *memory, mem_granule granules) {
    mem_assert(granules > 0 && granules <= MEM_GRANULES_MAX, "a region's size in granules");
    map->segment = (struct mem_segment *)memory + 1;
    map->granules = granules;
    struct mem_segment *anchor = &map->segment[MEM_ANCHOR];
    anchor->chunks = mem_bits_one(MEM_SEGMENT_GRANULES - 1);
    anchor->previous = anchor->next = MEM_ANCHOR;
    mem_map_set_object(map, granules);
}

#endif
