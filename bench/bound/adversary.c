/*
 * adversary.c - operations chosen to make libmem work hard; see adversary.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adversary.h"

#include <limits.h>

#include "random.h"
#include "scene.h"

enum { GRANULE = 16, LARGEST_ALIGNMENT = 4096 }; /* a region is aligned to a page, and no more */

const char *const adversary_kinds[KINDS] = {"first",     "worst",        "best", "calloc",
                                            "shrink",    "grow",         "move", "aligned",
                                            "aligned-1", "aligned-many", "free", "size"};

uint32_t adversary_below(struct adversary *a, uint32_t bound) {
    return random_below(&a->random, bound);
}

static bool one_in(struct adversary *a, uint32_t n) {
    return adversary_below(a, n) == 0;
}

/* ---- sizes, in granules ---- */

/* Sizes next to those of a segment, of the largest byte and of a stretch. */
static uint32_t edge_size(struct adversary *a) {
    static const uint32_t edges[] = {32, 63, 64, 65, 127, 128, 254, 255, 256, 257, 511, 512, 1024};
    return edges[adversary_below(a, sizeof edges / sizeof edges[0])];
}

static uint32_t small_size(struct adversary *a) {
    return 1 + adversary_below(a, one_in(a, 3) ? 8 : 2);
}

/* Sizes up to a part of the region, each power of two as likely as the others. */
static uint32_t wide_size(struct adversary *a) {
    uint32_t most = (uint32_t)(a->bytes / GRANULE);
    uint32_t size = 1 + adversary_below(a, most);
    return (size >> adversary_below(a, 24)) + 1;
}

/* ---- objects ---- */

void *adversary_allocate(struct adversary *a, size_t granules) {
    if (a->count == ADVERSARY_OBJECTS)
        return NULL;
    void *object = Mem_RegionAlloc(a->region, granules * GRANULE, FIRSTFIT);
    if (object != NULL)
        a->objects[a->count++] = object;
    return object;
}

/* The place of an object among those that are live, or their number. Mostly it was chosen by its
 * place. */
static size_t place_of(const struct adversary *a, const void *object) {
    if (a->place < a->count && a->objects[a->place] == object)
        return a->place;
    size_t place = 0;
    while (place < a->count && a->objects[place] != object)
        place++;
    return place;
}

static void forget(struct adversary *a, const void *object) {
    size_t place = place_of(a, object);
    if (place < a->count)
        a->objects[place] = a->objects[--a->count];
}

void adversary_release(struct adversary *a, void *object) {
    forget(a, object);
    (void)Mem_RegionFree(a->region, object);
}

void adversary_aim(struct adversary *a, struct move move) {
    if (a->aim_count < ADVERSARY_AIMS)
        a->aims[a->aim_count++] = move;
}

/* ---- filling ---- */

/* Fields of up to 64 segments' worth of small objects, and wide ones between them. */
static void fill(struct adversary *a) {
    uint32_t wide = 1 + adversary_below(a, 64);
    uint32_t granules = (uint32_t)(a->bytes / GRANULE);
    while (adversary_allocate(a, granules / wide / 2 + 1 +
                                     adversary_below(a, granules / wide + 1)) != NULL ||
           one_in(a, 2))
        for (uint32_t i = adversary_below(a, one_in(a, 2) ? 64 : 2048); i > 0; i--)
            (void)adversary_allocate(a, one_in(a, 40) ? edge_size(a) : small_size(a));
    while (adversary_allocate(a, wide_size(a)) != NULL)
        ;
    while (a->count < ADVERSARY_OBJECTS / 2 && adversary_allocate(a, 1) != NULL)
        ;
}

/* Mem_Init has no larger sizes. */
static Mem_Region *make_region(size_t bytes) {
    if (bytes > INT_MAX)
        return Mem_RegionCreate(bytes);
    return Mem_Init((int)bytes) == 0 ? Mem_DefaultRegion() : NULL;
}

static void begin_order(struct adversary *a) {
    (void)Mem_RegionFree(a->region, Mem_RegionAlloc(a->region, 1, BESTFIT));
}

bool adversary_start(struct adversary *a, size_t bytes, uint64_t seed) {
    a->random = seed;
    a->bytes = bytes;
    a->count = a->place = 0;
    a->aim_count = 0;
    a->ordered = seed % 2 == 0;
    a->directed = seed % 64 > 1;
    a->region = make_region(bytes);
    if (a->region == NULL)
        return false;
    if (a->ordered)
        begin_order(a);
    if (a->directed)
        scene_build(a);
    else
        fill(a);
    return true;
}

uint32_t adversary_operations(const struct adversary *a) {
    return a->directed ? 24 : 60000;
}

/* ---- operations ---- */

static int choose_style(struct adversary *a) {
    static const int styles[] = {FIRSTFIT, WORSTFIT, BESTFIT};
    return styles[adversary_below(a, a->ordered ? 3 : 2)];
}

/* Objects are in the order of their allocation, so that neighbours in the array are neighbours in
 * the region, as long as it is as it was filled. */
static void *choose_object(struct adversary *a) {
    if (a->taste % 3 == 0)
        a->place = adversary_below(a, (uint32_t)a->count);
    else
        a->place = (a->place + 1 + a->taste % 3) % a->count;
    return a->objects[a->place];
}

static uint32_t choose_size(struct adversary *a) {
    switch (a->taste / 3 % 4) {
    case 0:
        return small_size(a);
    case 1:
        return edge_size(a);
    case 2:
        return wide_size(a);
    default:
        return one_in(a, 2) ? small_size(a) : one_in(a, 2) ? edge_size(a) : wide_size(a);
    }
}

static struct move choose_allocation(struct adversary *a) {
    struct move move = {CALL_ALLOC, choose_style(a), NULL, (size_t)choose_size(a) * GRANULE, 0};
    if (one_in(a, 16)) {
        move.call = CALL_CALLOC;
        move.bytes = GRANULE;
    } else if (a->directed && one_in(a, 16)) {
        move.call = CALL_ALIGNED;
        move.alignment = (size_t)(2 * GRANULE) << adversary_below(a, 8);
        move.style = FIRSTFIT;
    }
    return move;
}

static struct move choose_at_random(struct adversary *a) {
    if (one_in(a, 100))
        a->taste = adversary_below(a, 3 * 4 * 4);
    uint32_t frees = 1 + a->taste / 12; /* of five */
    bool may_allocate = a->count < ADVERSARY_OBJECTS;
    if (a->count == 0 || (may_allocate && adversary_below(a, 5) >= frees))
        return choose_allocation(a);
    struct move move = {CALL_FREE, choose_style(a), choose_object(a), 0, 0};
    if (one_in(a, 64)) {
        move.call = CALL_SIZE;
    } else if (one_in(a, 8)) {
        move.call = CALL_RESIZE;
        move.bytes = (size_t)choose_size(a) * GRANULE;
    }
    return move;
}

static struct move choose_aim(struct adversary *a) {
    struct move move = a->aims[adversary_below(a, (uint32_t)a->aim_count)];
    if (move.call == CALL_ALLOC || move.call == CALL_RESIZE)
        move.style = choose_style(a);
    if (move.object != NULL && place_of(a, move.object) == a->count)
        return choose_at_random(a);
    return move;
}

/* The chunks that are large enough for an aligned first fit, and before it. The list shows of a
 * very large chunk less than there is, which makes no difference. */
static size_t count_ruled_out(const struct adversary *a) {
    size_t ruled_out = 0;
    for (MemNodePtr node = Mem_RegionFreeList(a->region); node != NULL; node = node->next) {
        size_t gap = -(uintptr_t)node & (a->move.alignment - 1);
        size_t size = (size_t)node->size;
        if (size < a->move.bytes)
            continue;
        if (gap <= size - a->move.bytes)
            break;
        ruled_out++;
    }
    return ruled_out;
}

void adversary_choose(struct adversary *a) {
    a->move = a->aim_count > 0 && !one_in(a, 3) ? choose_aim(a) : choose_at_random(a);
    if (a->move.call == CALL_ALIGNED)
        a->ruled_out = count_ruled_out(a);
    if (a->move.call == CALL_RESIZE)
        a->resized = Mem_RegionSize(a->region, a->move.object);
}

void adversary_note(struct adversary *a, void *result) {
    const struct move *move = &a->move;
    if (move->call == CALL_FREE || (move->call == CALL_RESIZE && result != NULL))
        forget(a, move->object);
    if (result != NULL && a->count < ADVERSARY_OBJECTS)
        a->objects[a->count++] = result;
}

/* ---- calls ---- */

static void *region_alloc(const struct adversary *a) {
    return Mem_RegionAlloc(a->region, a->move.bytes, a->move.style);
}

static void *region_calloc(const struct adversary *a) {
    return Mem_RegionCalloc(a->region, 1, a->move.bytes, a->move.style);
}

static void *region_aligned(const struct adversary *a) {
    return Mem_RegionAlignedAlloc(a->region, a->move.alignment, a->move.bytes, a->move.style);
}

static void *region_resize(const struct adversary *a) {
    return Mem_RegionRealloc(a->region, a->move.object, a->move.bytes, a->move.style);
}

static void *region_free(const struct adversary *a) {
    (void)Mem_RegionFree(a->region, a->move.object);
    return NULL;
}

static void *region_size(const struct adversary *a) {
    (void)Mem_RegionSize(a->region, a->move.object);
    return NULL;
}

static void *default_alloc(const struct adversary *a) {
    return Mem_Alloc((int)a->move.bytes, a->move.style);
}

static void *default_calloc(const struct adversary *a) {
    return Mem_Calloc(1, (int)a->move.bytes, a->move.style);
}

static void *default_aligned(const struct adversary *a) {
    return Mem_AlignedAlloc((int)a->move.alignment, (int)a->move.bytes, a->move.style);
}

static void *default_resize(const struct adversary *a) {
    return Mem_Realloc(a->move.object, (int)a->move.bytes, a->move.style);
}

static void *default_free(const struct adversary *a) {
    (void)Mem_Free(a->move.object);
    return NULL;
}

static void *default_size(const struct adversary *a) {
    (void)Mem_Size(a->move.object);
    return NULL;
}

adversary_way *adversary_call(const struct move *move, bool twin) {
    static adversary_way *const of_region[] = {region_alloc,  region_calloc, region_aligned,
                                               region_resize, region_free,   region_size};
    static adversary_way *const of_default[] = {default_alloc,  default_calloc, default_aligned,
                                                default_resize, default_free,   default_size};
    return (twin ? of_default : of_region)[move->call];
}

/* ---- kinds ---- */

static enum kind kind_of_allocation(int style) {
    return style == FIRSTFIT ? KIND_FIRST : style == WORSTFIT ? KIND_WORST : KIND_BEST;
}

static enum kind kind_of_aligned(size_t ruled_out) {
    return ruled_out == 0 ? KIND_ALIGNED : ruled_out == 1 ? KIND_ALIGNED_1 : KIND_ALIGNED_MANY;
}

/* What was copied when an object moved does not count: only such of a granule are of a kind. */
static enum kind kind_of_resize(const struct adversary *a, const void *result) {
    size_t old = a->resized;
    if (result == a->move.object)
        return a->move.bytes > old ? KIND_GROW : KIND_SHRINK;
    return old == GRANULE ? KIND_MOVE : KINDS;
}

/* A call that returns an object, or NULL when it failed. */
static bool returns_object(enum call call) {
    return call == CALL_ALLOC || call == CALL_CALLOC || call == CALL_ALIGNED || call == CALL_RESIZE;
}

enum kind adversary_kind(const struct adversary *a, const void *result) {
    if (result == NULL && returns_object(a->move.call))
        return KINDS;
    switch (a->move.call) {
    case CALL_ALLOC:
        return kind_of_allocation(a->move.style);
    case CALL_CALLOC:
        return KIND_CALLOC;
    case CALL_ALIGNED:
        return kind_of_aligned(a->ruled_out);
    case CALL_RESIZE:
        return kind_of_resize(a, result);
    case CALL_FREE:
        return KIND_FREE;
    default:
        return KIND_SIZE;
    }
}
