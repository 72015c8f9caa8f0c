/*
 * give.h - an object becomes free, and coalesces with the chunks beside it.
 *
 *     before     object       after
 *     [ chunk ][g ..... end)[ chunk )      both are merged into the one before
 *     [ chunk ][g ..... end)[ object       the chunk before grows
 *       object][g ..... end)[ chunk )      the chunk after starts lower
 *       object][g ..... end)[ object       a new chunk
 *
 * Seven functions make this change. Three are short cuts for what the object's own segment tells.
 * The others need to know the blocks beside it: there is one for each of the four cases above.
 * The shares are those of the frees of nine recorded programs.
 *
 *     mem_index_give_within   33 %   in a segment with chunks: something starts before the object,
 *                                    and an object after it
 *     mem_index_give_beyond    9 %   an object lies before it; the chunk after it starts in the
 *                                    same segment and ends in another
 *     mem_index_give_alone    20 %   in a segment without chunks: an object starts before it, and
 *                                    one after it
 *     mem_index_give_between   8 %   any: chunks lie before and after it
 *     mem_index_give_behind   20 %   any: a chunk lies before it
 *     mem_index_give_ahead     5 %   any: a chunk lies after it
 *     mem_index_give_apart     5 %   any: no chunk lies beside it
 *
 * Each is inlined into the one place that it is called from, and returns 0, which is what a
 * free returns: so it can end in a tail call.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_GIVE_H
#define MEM_GIVE_H

#include "index/index.h"
#include "index/mirror.h"
#include "index/sizes.h"

enum mem_give_way { MEM_GIVE_WITHIN, MEM_GIVE_BEYOND, MEM_GIVE_ALONE, MEM_GIVE_ANY };

/* Where an object is in the map: worked out once, and handed on in two registers. */
struct mem_spot {
    struct mem_segment *segment;
    uint64_t bit;
};

static inline struct mem_spot mem_index_spot(const struct mem_index *index, mem_granule g) {
    return (struct mem_spot){mem_map_segment(&index->map, g), mem_bits_one(g)};
}

/* Which way there is for the object at a spot. */
static inline enum mem_give_way mem_index_way_to_give(struct mem_spot spot) {
    uint64_t bit = spot.bit;
    uint64_t objects = spot.segment->objects;
    uint64_t chunks = spot.segment->chunks;
    if (((objects | chunks) & (bit - 1)) == 0)
        return MEM_GIVE_ANY;
    if (objects <= (bit | (bit - 1))) {
        uint64_t below = chunks & (bit - 1);
        bool joins_before = below > (objects & (bit - 1));
        return chunks == below || joins_before ? MEM_GIVE_ANY : MEM_GIVE_BEYOND;
    }
    return chunks == 0 ? MEM_GIVE_ALONE : MEM_GIVE_WITHIN;
}

/*
 * The freed run ends at the next object. Subtracting g's bit from the bits of the remaining objects
 * borrows from that object's; the xor marks the run and that object:
 *
 *     granule        g             next
 *     objects        0  0  0  0  0  1       (g's own is gone)
 *     objects - bit  1  1  1  1  1  0
 *     their xor      1  1  1  1  1  1       the run, and the object that ends it
 *
 * O(log n).
 */
static inline int mem_index_give_within(struct mem_index *index, struct mem_spot spot,
                                        mem_granule g, const struct mem_mirror *mirror,
                                        void *owner) {
    mem_assume(g != MEM_NO_GRANULE, "a granule");
    mem_assert(mem_map_is_object(&index->map, g), "an object is given");
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    struct mem_segment *segment = spot.segment;
    uint64_t bit = spot.bit;
    uint64_t objects = segment->objects ^ bit;
    uint64_t run = objects ^ (objects - bit);
    uint64_t chunks = segment->chunks & ~run;
    mem_granule chunk = g;
    index->free += mem_bits_lowest((objects | segment->chunks) >> g % MEM_SEGMENT_GRANULES);
    index->ended += chunks != segment->chunks;
    segment->objects = objects;
    uint64_t below = chunks & (bit - 1);
    uint64_t above = chunks ^ below;
    mem_assert(objects > bit, "the object that ends the run stands in the segment");
    mem_assert(segment->chunks != 0, "the segment is in the chain");
    if (below > (objects & (bit - 1))) {
        chunk = mem_map_chunk_at(number, mem_bits_highest(below));
        segment->chunks = chunks;
    } else {
        segment->chunks = chunks | bit;
        mirror->link(owner, mem_map_chunk_below(map, number, below), g);
        index->begun++;
    }
    mem_granule size = mem_map_granule(number, mem_bits_highest(run)) - chunk;
    mem_assume(size < MEM_SEGMENT_GRANULES, "the chunk lies in the segment");
    mirror->show(owner, chunk, size, mem_map_chunk_above(map, number, above));
    return mem_sizes_raise(index, chunk, size);
}

/* O(log n). */
static inline int mem_index_give_beyond(struct mem_index *index, struct mem_spot spot,
                                        mem_granule g, const struct mem_mirror *mirror,
                                        void *owner) {
    mem_assume(g != MEM_NO_GRANULE, "a granule");
    mem_assert(mem_map_is_object(&index->map, g), "an object is given");
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    struct mem_segment *segment = spot.segment;
    uint64_t bit = spot.bit;
    uint64_t below = segment->chunks & (bit - 1);
    mem_granule after = mem_map_chunk_at(number, mem_bits_lowest(segment->chunks ^ below));
    mem_granule last = mem_map_chunk_end(map, after);
    mem_assert(mem_map_end(map, g) == after, "the chunk comes right after the object");
    index->free += after - g;
    segment->objects ^= bit;
    segment->chunks = below | bit;
    mirror->link(owner, mem_map_chunk_below(map, number, below), g);
    mem_map_tag_start(map, g, last);
    mirror->show(owner, g, last - g, mem_map_chunk_beyond(map, number));
    mem_sizes_raise(index, g, last - g);
    if (last - g > MEM_SMALL_MAX)
        return mem_sizes_merge_large(index, g, after, last);
    return 0;
}

/* Whether the segment `number`, which is not in the chain, belongs right after `previous`, which
 * may be any number: what has chunks is in the chain. */
static inline bool mem_index_belongs_after(const struct mem_map *map, int32_t number,
                                           int32_t previous) {
    if ((uint32_t)previous - (uint32_t)MEM_ANCHOR > (uint32_t)number)
        return false;
    const struct mem_segment *segment = &map->segment[previous];
    return segment->chunks != 0 && (uint32_t)segment->next > (uint32_t)number;
}

/* The segment of the chain after which `number` is to be inserted. A segment that has left the
 * chain keeps its links, and mostly they are still right when it comes back (Knuth, Dancing Links,
 * 2000): so its old place is tried first, O(1). That saves 4 instructions a call, 15 where a
 * program frees and allocates in turn. Elsewhere O(log n). */
static inline int32_t mem_index_place(const struct mem_index *index, int32_t number) {
    int32_t previous = index->map.segment[number].previous;
    if (!mem_index_belongs_after(&index->map, number, previous))
        return mem_index_chain_previous(index, number);
    mem_assert(previous == mem_index_chain_previous(index, number), "its old place is right");
    return previous;
}

/* Puts a segment in which a first chunk is to start into the chain. */
static inline void mem_index_enter_chain(struct mem_index *index, int32_t number) {
    mem_map_chain(&index->map, number, mem_index_place(index, number));
}

/* O(log n). */
static inline int mem_index_give_alone(struct mem_index *index, struct mem_spot spot, mem_granule g,
                                       const struct mem_mirror *mirror, void *owner) {
    mem_assume(g != MEM_NO_GRANULE, "a granule");
    mem_assert(mem_map_is_object(&index->map, g), "an object is given");
    struct mem_map *map = &index->map;
    int32_t number = mem_map_number(g);
    struct mem_segment *segment = spot.segment;
    uint64_t bit = spot.bit;
    mem_assert(segment->chunks == 0 && segment->objects > bit, "the object lies between objects");
    int32_t previous = mem_index_place(index, number);
    int32_t next = map->segment[previous].next;
    mem_granule after = mem_map_first_chunk(map, next);
    mem_granule before = mem_map_last_chunk(map, previous);
    mem_map_chain(map, number, previous);
    index->begun++;
    segment->chunks = bit;
    segment->objects ^= bit;
    mirror->link(owner, before, g);
    mem_granule size = mem_bits_lowest(segment->objects >> (g % MEM_SEGMENT_GRANULES));
    index->free += size;
    mirror->show(owner, g, size, after);
    return mem_sizes_raise(index, g, size);
}

/* ---- Any ---- */

/* The blocks beside an object. */
struct mem_around {
    mem_granule before; /* where a chunk before it starts; MEM_NO_GRANULE when an object does */
    mem_granule end;    /* where the block after it starts */
    bool chunk_follows;
};

static inline __attribute__((always_inline)) struct mem_around
mem_index_around(const struct mem_index *index, mem_granule g) {
    const struct mem_map *map = &index->map;
    mem_granule end = mem_map_end(map, g);
    mem_granule before = mem_map_start(map, g);
    bool joins = g != 0 && mem_map_is_chunk(map, before);
    return (struct mem_around){joins ? before : MEM_NO_GRANULE, end, mem_map_is_chunk(map, end)};
}

/* Whether a chunk lies before the object, and after it; where the block before starts if it is a
 * chunk, and where the block after starts. */

static inline bool mem_index_chunk_precedes(struct mem_around around) {
    return around.before != MEM_NO_GRANULE;
}

static inline bool mem_index_chunk_follows(struct mem_around around) {
    return around.chunk_follows;
}

static inline mem_granule mem_index_before(struct mem_around around) {
    return around.before;
}

static inline mem_granule mem_index_after(struct mem_around around) {
    return around.end;
}

/* No chunk lies beside the object [g, end). O(log n). */
static inline int mem_index_give_apart(struct mem_index *index, mem_granule g, mem_granule end,
                                       const struct mem_mirror *mirror, void *owner) {
    struct mem_map *map = &index->map;
    mem_assert(mem_map_is_object(map, g), "an object is given");
    if (mem_map_segment(map, g)->chunks == 0)
        mem_index_enter_chain(index, mem_map_number(g));
    mem_map_segment(map, g)->chunks |= mem_bits_one(g);
    mem_map_segment(map, g)->objects ^= mem_bits_one(g);
    index->begun++;
    index->free += end - g;
    mem_map_tag(map, g, end);
    mirror->link(owner, mem_map_chunk_before(map, g), g);
    mirror->show(owner, g, end - g, mem_map_chunk_after(map, g));
    return mem_sizes_grow(index, g, 0, end - g);
}

/* A chunk that starts at `first` lies before the object [g, end). O(log n). */
static inline int mem_index_give_behind(struct mem_index *index, mem_granule g, mem_granule first,
                                        mem_granule end, const struct mem_mirror *mirror,
                                        void *owner) {
    struct mem_map *map = &index->map;
    mem_granule size = end - first;
    mem_assert(mem_map_is_object(map, g), "an object is given");
    mem_assert(mem_map_chunk_end(map, first) == g, "the chunk ends where the object starts");
    index->free += end - g;
    mem_map_segment(map, g)->objects ^= mem_bits_one(g);
    mem_map_tag(map, first, end);
    mirror->show(owner, first, size, mem_map_chunk_beyond(map, mem_map_number(first)));
    if (first == index->current.start) {
        index->current.end = end;
        return 0;
    }
    return mem_sizes_grow(index, first, g - first, size);
}

/* A chunk lies after the object [g, end), and an object before it. O(log n). */
static inline int mem_index_give_ahead(struct mem_index *index, mem_granule g, mem_granule end,
                                       const struct mem_mirror *mirror, void *owner) {
    struct mem_map *map = &index->map;
    struct mem_segment *segment = mem_map_segment(map, g);
    mem_granule last = mem_map_chunk_end(map, end);
    mem_assert(mem_map_is_object(map, g), "an object is given");
    mem_assert(mem_map_is_chunk(map, end), "a chunk comes after it");
    index->free += end - g;
    mem_map_segment(map, end)->chunks ^= mem_bits_one(end);
    mem_map_retreat(map, mem_map_number(end), mem_map_number(g));
    segment->chunks |= mem_bits_one(g);
    segment->objects ^= mem_bits_one(g);
    mem_map_tag(map, g, last);
    mirror->link(owner, mem_map_chunk_before(map, g), g);
    mirror->show(owner, g, last - g, mem_map_chunk_after(map, g));
    return mem_sizes_merge(index, g, end, last);
}

/* A chunk that starts at `first` lies before the object [g, end), and one after it. O(log n). */
static inline int mem_index_give_between(struct mem_index *index, mem_granule g, mem_granule first,
                                         mem_granule end, const struct mem_mirror *mirror,
                                         void *owner) {
    struct mem_map *map = &index->map;
    mem_granule last = mem_map_chunk_end(map, end);
    mem_assert(mem_map_is_object(map, g), "an object is given");
    mem_assert(mem_map_chunk_end(map, first) == g, "the chunk ends where the object starts");
    mem_assert(mem_map_is_chunk(map, end), "a chunk comes after it");
    index->free += end - g;
    index->ended++;
    mem_map_segment(map, g)->objects ^= mem_bits_one(g);
    mem_map_clear_chunk(map, end);
    mem_map_tag(map, first, last);
    mirror->show(owner, first, last - first, mem_map_chunk_after(map, first));
    return mem_sizes_merge(index, first, end, last);
}

/* ---- Where an order is kept ---- */

/* What becomes one chunk when the object at g is given. */

static inline struct mem_merge mem_index_merge_any(const struct mem_index *index, mem_granule g) {
    const struct mem_map *map = &index->map;
    struct mem_around around = mem_index_around(index, g);
    mem_granule first = around.before != MEM_NO_GRANULE ? around.before : g;
    mem_granule last = around.chunk_follows ? mem_map_chunk_end(map, around.end) : around.end;
    return (struct mem_merge){first, g, around.end, last};
}

/* Mostly the blocks beside it start in the same segment: that takes 20 instructions less. O(1). */
static inline struct mem_merge mem_index_merge(const struct mem_index *index, mem_granule g) {
    const struct mem_segment *segment = mem_map_segment(&index->map, g);
    uint64_t chunks = segment->chunks;
    uint64_t starts = segment->objects | chunks;
    uint64_t above = starts & mem_bits_above(g);
    uint64_t below = starts & mem_bits_below(g);
    if (above == 0 || below == 0)
        return mem_index_merge_any(index, g);
    int32_t number = mem_map_number(g);
    mem_granule first = mem_map_granule(number, mem_bits_highest(below));
    mem_granule end = mem_map_granule(number, mem_bits_lowest(above));
    if ((chunks & mem_bits_one(first)) == 0)
        first = g;
    mem_granule last = (chunks & above & -above) != 0 ? mem_map_chunk_end(&index->map, end) : end;
    return (struct mem_merge){first, g, end, last};
}

/* Updates the order after the free. O(log n). */
static inline void mem_index_order_given(struct mem_index *index, struct mem_merge merge) {
    mem_order_given(index->order, &index->map, merge);
}

#endif
