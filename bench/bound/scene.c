/*
 * scene.c - a region laid out so that single calls have much to do; see scene.h.
 *
 * A scene is a list of blocks, in granules: objects and holes. All are allocated in the order of
 * their addresses, one behind the other, with fillers between them, and then the holes are freed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "scene.h"

#include <stdlib.h>

enum { GRANULE = 16, SEGMENT = 64, STRETCH = 256, PLACE = 128, BLOCKS = 1 << 13, PIECES = 256 };

struct block {
    uint64_t start; /* in granules, as are the sizes */
    uint64_t size;
    bool hole;
    size_t number; /* in the order in which the scene was thought of */
    void *object;
};

/* From the first granule of a piece to its end: no other may overlap it. */
struct piece {
    uint64_t start;
    uint64_t end;
};

struct scene {
    struct adversary *a;
    uint64_t granules;
    size_t block_count;
    struct block blocks[BLOCKS];
    size_t piece_count;
    struct piece pieces[PIECES];
};

static uint32_t below(struct scene *s, uint32_t bound) {
    return adversary_below(s->a, bound);
}

static bool one_in(struct scene *s, uint32_t n) {
    return below(s, n) == 0;
}

static void add(struct scene *s, uint64_t start, uint64_t size, bool hole) {
    if (size == 0 || s->block_count == BLOCKS)
        return;
    s->blocks[s->block_count] = (struct block){start, size, hole, s->block_count, NULL};
    s->block_count++;
}

/* Whether there is room for a piece, which is reserved then, and a granule to both sides. */
static bool reserve(struct scene *s, uint64_t start, uint64_t end) {
    if (start > end || start < 1 || end + 1 > s->granules || s->piece_count == PIECES)
        return false;
    for (size_t i = 0; i < s->piece_count; i++)
        if (start <= s->pieces[i].end && end >= s->pieces[i].start)
            return false;
    s->pieces[s->piece_count++] = (struct piece){start, end};
    return true;
}

/* ---- places and sizes ---- */

/* A multiple of a subtree of either tree, the larger ones more often. */
static uint64_t edge(struct scene *s) {
    uint64_t unit = one_in(s, 2) ? SEGMENT : STRETCH;
    uint32_t levels = 0;
    while (unit << (4 * levels + 4) < s->granules)
        levels++;
    uint32_t level = levels;
    while (level > 0 && one_in(s, 3))
        level--;
    unit <<= 4 * level;
    uint64_t multiples = s->granules / unit;
    if (multiples < 2)
        return s->granules / 2 / SEGMENT * SEGMENT;
    return (1 + below(s, (uint32_t)(multiples < 64 ? multiples - 1 : 63))) * unit;
}

/* Sizes of a chunk or an object, of which the index thinks differently. */
static uint64_t size(struct scene *s) {
    static const uint32_t edges[] = {1, 2, 3, 5, 61, 63, 65, 67, 127, 128, 254, 255, 256, 257, 511};
    if (s->a->ordered && one_in(s, 4))
        return 3 + 2 * below(s, 3); /* that far behind each chunk of a comb lies an object */
    switch (below(s, 8)) {
    case 0:
        return 0;
    case 1:
        return 1;
    case 2:
        return 2 + below(s, 8);
    case 3:
        return 256 + below(s, 800);
    case 4:
        return s->granules >> (4 + below(s, 8));
    default:
        return edges[below(s, sizeof edges / sizeof edges[0])];
    }
}

static uint32_t teeth(struct scene *s) {
    static const uint32_t counts[] = {0, 0, 28, 29, 30, 31, 31, 31, 32};
    return one_in(s, 6) ? below(s, 33) : counts[below(s, sizeof counts / sizeof counts[0])];
}

/* ---- pieces ---- */

/* Holes of a granule with an object behind each. */
static void add_comb(struct scene *s, uint64_t start, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        add(s, start + 2 * i, 1, true);
        add(s, start + 2 * i + 1, 1, false);
    }
}

/* The sizes of the parts of a joint. */
struct joint {
    uint32_t first; /* teeth of the comb before it */
    uint64_t before;
    uint64_t object;
    uint64_t behind;
    uint32_t second; /* and behind it */
};

static void aim_at_size(struct scene *s, uint64_t granules) {
    if (granules == 0 || granules > s->granules)
        return;
    adversary_aim(s->a, (struct move){CALL_ALLOC, FIRSTFIT, NULL, granules * GRANULE, 0});
}

/* All of a chunk, all but so much that the rest is at an edge of the sizes, or a little. */
static uint64_t part(struct scene *s, uint64_t chunk) {
    static const uint32_t rests[] = {0, 1, 2, 127, 128, 254, 255, 256, 300};
    uint64_t rest = rests[below(s, sizeof rests / sizeof rests[0])];
    if (one_in(s, 3) || rest >= chunk)
        return 2 + below(s, 4);
    return chunk - rest;
}

static void aim_at_chunk(struct scene *s, uint64_t chunk) {
    if (chunk == 0)
        return;
    uint64_t granules = part(s, chunk);
    aim_at_size(s, granules);
    size_t alignment = (size_t)(2 * GRANULE) << below(s, 8);
    size_t bytes = (size_t)(one_in(s, 2) ? granules : 2 + below(s, 3)) * GRANULE;
    adversary_aim(s->a, (struct move){CALL_ALIGNED, FIRSTFIT, NULL, bytes, alignment});
}

static void aim_at_object(struct scene *s, void *object, struct joint joint) {
    adversary_aim(s->a, (struct move){CALL_FREE, FIRSTFIT, object, 0, 0});
    uint64_t larger = joint.object + (joint.behind > 0 ? part(s, joint.behind) : 1 + below(s, 3));
    adversary_aim(s->a, (struct move){CALL_RESIZE, FIRSTFIT, object, larger * GRANULE, 0});
    uint64_t smaller = one_in(s, 2) ? 1 + below(s, 8) : joint.object - 1;
    if (smaller > 0 && smaller < joint.object)
        adversary_aim(s->a, (struct move){CALL_RESIZE, FIRSTFIT, object, smaller * GRANULE, 0});
}

/* A joint whose part of that number (0: before, 1: the object, 2: behind, 3: what follows) starts
 * at a place. Returns the number of the object's block, or BLOCKS when there is no room. */
static size_t add_joint(struct scene *s, uint64_t at, unsigned part, const struct joint *joint) {
    uint64_t ahead[] = {0, joint->before, joint->before + joint->object,
                        joint->before + joint->object + joint->behind};
    uint64_t first = 2 * (uint64_t)joint->first, second = 2 * (uint64_t)joint->second;
    uint64_t start = at - ahead[part] - first;
    uint64_t end = start + first + ahead[3] + 1 + second;
    if (ahead[part] + first > at || !reserve(s, start, end))
        return BLOCKS;
    add_comb(s, start, joint->first);
    start += first;
    add(s, start, joint->before, true);
    size_t number = s->block_count;
    add(s, start + joint->before, joint->object, false);
    add(s, start + ahead[2], joint->behind, true);
    add(s, start + ahead[3], 1, false);
    add_comb(s, start + ahead[3] + 1, joint->second);
    return number;
}

static size_t add_joint_near_edge(struct scene *s, struct joint *joint) {
    *joint = (struct joint){teeth(s), size(s), one_in(s, 2) ? 1 : 1 + size(s), size(s), teeth(s)};
    uint64_t at = edge(s) + (one_in(s, 4) ? below(s, SEGMENT) : below(s, 5)) - 2;
    return add_joint(s, at, below(s, 4), joint);
}

/* A joint with full segments to both sides: `before` is the last chunk of one, `behind` the first
 * of another. */
static size_t add_full_joint(struct scene *s, struct joint *joint) {
    uint64_t segments = one_in(s, 2) ? 1 + below(s, 4) : UINT64_C(1) << below(s, 22);
    uint64_t before = one_in(s, 3) ? 0 : 3 + 2 * below(s, 3);
    uint64_t behind = one_in(s, 4) ? 1 : 3 + 2 * below(s, 3);
    uint64_t object = segments * SEGMENT + 2 - before + below(s, 2);
    *joint = (struct joint){30 + below(s, 2), before, object, behind, 28 + below(s, 4)};
    return add_joint(s, edge(s) - 2, 0, joint);
}

static void add_rung(struct scene *s, uint64_t place, uint64_t granules) {
    uint64_t start = place * PLACE + (place % 2 == 1 ? 4 : 1); /* apart from that below */
    if (reserve(s, start, start + granules))
        add(s, start, granules, true);
}

/* Holes of one size, whose places have more and more bits of their numbers in common with the last.
 * The bits of the size that keys have before those of the place take some others. */
static void add_ladder(struct scene *s, uint64_t granules) {
    uint64_t places = s->granules / PLACE;
    uint64_t last = one_in(s, 2) ? 0 : below(s, (uint32_t)places);
    for (int others = 0; others < 7; others++)
        add_rung(s, below(s, (uint32_t)places), granules);
    uint64_t bit = 1;
    while (bit * 2 < places)
        bit *= 2;
    for (; bit > 0; bit /= 2)
        add_rung(s, last ^ bit, granules);
    add_rung(s, last, granules);
    aim_at_size(s, granules - below(s, 3));
}

/* One, or two in the same trie, of which a search for the smaller size descends both. */
static void add_ladders(struct scene *s) {
    add_ladder(s, PLACE + below(s, 4));
    if (one_in(s, 2))
        add_ladder(s, PLACE + 32 + below(s, 2));
}

/* Combs with a chunk of two granules between, where an alignment to two granules rules it out. */
static void add_barriers(struct scene *s, uint32_t count) {
    uint64_t step = s->granules / (count + 1) / SEGMENT * SEGMENT;
    for (uint32_t i = 1; i <= count && step >= SEGMENT; i++) {
        uint64_t start = i * step;
        uint32_t first = one_in(s, 4) ? below(s, 29) : 14;
        if (!reserve(s, start, start + SEGMENT))
            continue;
        add_comb(s, start, first);
        add(s, start + 2 * first + 1, 2, true);
        add(s, start + 2 * first + 3, 1, false);
        add_comb(s, start + 2 * first + 4, 29 - first);
    }
    struct move move = {CALL_ALIGNED, FIRSTFIT, NULL, (size_t)2 * GRANULE, (size_t)2 * GRANULE};
    adversary_aim(s->a, move);
    adversary_aim(s->a, move);
}

/* ---- the region ---- */

static int by_start(const void *left, const void *right) {
    const struct block *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

static int by_number(const void *left, const void *right) {
    const struct block *a = left, *b = right;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Allocates from one place to another. */
static void fill_up(struct scene *s, uint64_t from, uint64_t to) {
    if (from < to)
        (void)adversary_allocate(s->a, to - from);
}

static void allocate_all(struct scene *s, uint64_t rest) {
    uint64_t position = 0;
    qsort(s->blocks, s->block_count, sizeof s->blocks[0], by_start);
    for (size_t i = 0; i < s->block_count; i++) {
        struct block *block = &s->blocks[i];
        fill_up(s, position, block->start);
        block->object = adversary_allocate(s->a, block->size);
        position = block->start + block->size;
    }
    if (rest < s->granules)
        fill_up(s, position, s->granules - rest);
    qsort(s->blocks, s->block_count, sizeof s->blocks[0], by_number);
}

static void free_holes(struct scene *s, bool backwards) {
    for (size_t i = 0; i < s->block_count; i++) {
        struct block *block = &s->blocks[backwards ? s->block_count - 1 - i : i];
        if (block->hole && block->object != NULL)
            adversary_release(s->a, block->object);
    }
}

/* An object at the front of the region that is freed and comes again: searches begin there. */
static void lower_floors(struct scene *s) {
    void *first = s->a->objects[0];
    size_t bytes = Mem_RegionSize(s->a->region, first);
    adversary_release(s->a, first);
    (void)adversary_allocate(s->a, bytes / GRANULE);
}

/* Has one chunk split, so that it becomes the current one. */
static void split_one(struct scene *s, uint64_t granules) {
    if (granules > STRETCH + 1)
        (void)adversary_allocate(s->a, granules - STRETCH - below(s, 2));
}

enum { JOINTS = 4 };

/* The joints of a scene, and the numbers of their objects' blocks. */
struct joints {
    uint32_t count;
    struct joint joint[JOINTS];
    size_t number[JOINTS];
};

static void add_joints(struct scene *s, struct joints *joints) {
    joints->count = 1 + below(s, JOINTS);
    for (uint32_t i = 0; i < joints->count; i++) {
        bool full = one_in(s, 3);
        joints->number[i] =
            full ? add_full_joint(s, &joints->joint[i]) : add_joint_near_edge(s, &joints->joint[i]);
    }
}

static void aim_at_joints(struct scene *s, const struct joints *joints) {
    for (uint32_t i = 0; i < joints->count; i++) {
        if (joints->number[i] >= s->block_count)
            continue;
        aim_at_object(s, s->blocks[joints->number[i]].object, joints->joint[i]);
        aim_at_chunk(s, joints->joint[i].before);
        aim_at_chunk(s, joints->joint[i].behind);
    }
}

void scene_build(struct adversary *a) {
    static struct scene scene;
    struct scene *s = &scene;
    struct joints joints;
    s->a = a;
    s->granules = a->bytes / GRANULE;
    s->block_count = s->piece_count = 0;
    if (one_in(s, 8))
        add_barriers(s, one_in(s, 2) ? 1 : 1 + below(s, 100));
    add_joints(s, &joints);
    if (a->ordered && one_in(s, 2))
        add_ladders(s);
    allocate_all(s, one_in(s, 3) ? 0 : size(s));
    free_holes(s, one_in(s, 4));
    if (!one_in(s, 4) && a->count > 0)
        lower_floors(s);
    if (one_in(s, 6))
        split_one(s, size(s));
    aim_at_joints(s, &joints);
}
