/*
 * regions.c - making and ending the regions of a run; see regions.h.
 *
 *     arena  [ share of region 1 | share of region 2 | ... ]
 *     share  [ ... | fence | memory of a placed region | fence | ... ]
 *
 * The arena starts at a multiple of ARENA_SHARE, and each share is as large. So the
 * address of a placed region is the same each time modulo any alignment that
 * is no larger than the region.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include "regions.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bounds.h"
#include "random.h"

#define ARENA_SHARE ((size_t)64 << 20)

enum {
    FENCE = 64,              /* bytes before a placed region and behind it that must not change */
    FENCE_BYTE = 0x5c,       /* what is in them */
    ODD_ADDRESSES = 2 << 20, /* a placed region starts somewhere in so many bytes of its share */
    LARGEST = 60 << 20,      /* the most bytes of a region that is not the default one */
    REMAKE_INTERVAL = 2048,  /* operations for each region that is made anew, about */
};

static uint32_t below(struct regions *regions, uint32_t bound) {
    return random_below(&regions->random, bound);
}

/* ---- Memory for placed regions ---- */

/* Maps one share more than needed, of which the parts that are not aligned go back. */
static char *map_arena(size_t shares) {
    size_t bytes = (shares + 1) * ARENA_SHARE;
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    size_t before = (size_t)(-(uintptr_t)memory % ARENA_SHARE);
    if (before > 0)
        munmap(memory, before);
    munmap(memory + before + shares * ARENA_SHARE, ARENA_SHARE - before);
    return memory + before;
}

static void build_fences(const struct slot *slot) {
    memset(slot->memory - FENCE, FENCE_BYTE, FENCE);
    memset(slot->memory + slot->bytes, FENCE_BYTE, FENCE);
}

static bool fence_stands(const char *fence) {
    return fence[0] == FENCE_BYTE && memcmp(fence, fence + 1, FENCE - 1) == 0;
}

static void check_fences(const struct slot *slot) {
    if (!fence_stands(slot->memory - FENCE) || !fence_stands(slot->memory + slot->bytes))
        report_difference(slot->twin.log, "the memory around a placed region as it was",
                          "other bytes");
}

/* Fills the place of the index with a random byte, or makes the memory zero. */
static void spoil_memory(struct regions *regions, const struct slot *slot) {
    char *index = slot->memory;
    if (below(regions, 2) == 0)
        memset(index, (int)below(regions, 256), slot->bytes / 32);
    else
        madvise(regions->arena + (slot->twin.number - 1) * ARENA_SHARE, ARENA_SHARE, MADV_DONTNEED);
}

/* ---- Making and ending regions ---- */

/* Each order of magnitude up to that of the default region is as likely as the others. */
static uint32_t draw_bytes(struct regions *regions) {
    uint64_t region = regions->setting->region;
    uint64_t most = region < 4 * PLACE_FOR_SURE ? 4 * PLACE_FOR_SURE : region;
    most = most < LARGEST ? most : LARGEST;
    return 1 + below(regions, (uint32_t)most >> below(regions, 16));
}

/* Whether regions of the setting have more bytes than an int counts. Mapped ones do, and a few
 * pages of them are touched; of a placed one, the index would be. */
static bool is_huge(const struct regions *regions) {
    return regions->setting->region > INT_MAX;
}

/* Most of what the setting says, or all. */
static uint64_t draw_huge_bytes(struct regions *regions) {
    uint64_t region = regions->setting->region;
    uint64_t less = random_below_large(&regions->random, region / 4);
    return below(regions, 2) == 0 ? region : region - less;
}

/* A region that turns out to be too small for its index gets more. */
static bool place(struct regions *regions, struct slot *slot) {
    char *share = regions->arena + (slot->twin.number - 1) * ARENA_SHARE;
    slot->memory = share + FENCE + below(regions, ODD_ADDRESSES);
    slot->bytes = draw_bytes(regions);
    build_fences(slot);
    if (!twin_place(&slot->twin, slot->memory, slot->bytes)) {
        check_fences(slot);
        slot->bytes += PLACE_FOR_SURE;
        build_fences(slot);
        twin_place(&slot->twin, slot->memory, slot->bytes);
    }
    return true;
}

static void start_workload(struct regions *regions, struct slot *slot) {
    workload_start(&slot->workload, regions->setting, &slot->twin, random_next(&regions->random));
}

/* Makes the region of an empty slot. */
static bool make(struct regions *regions, struct slot *slot) {
    bool placed = below(regions, is_huge(regions) ? 8 : 2) == 0;
    start_workload(regions, slot);
    slot->memory = NULL;
    if (placed)
        return place(regions, slot);
    return twin_create(&slot->twin,
                       is_huge(regions) ? draw_huge_bytes(regions) : draw_bytes(regions));
}

static void end(struct regions *regions, struct slot *slot) {
    twin_destroy(&slot->twin);
    if (!slot->memory)
        return;
    check_fences(slot);
    spoil_memory(regions, slot);
}

/* Arguments of which no region can be made, and regions that cannot be destroyed. */
static void mistake(struct regions *regions) {
    struct slot *slot = &regions->slots[0];
    struct twin none = {.number = NO_REGION, .log = regions->log};
    static const size_t sizes[] = {0, REGION_MOST + 1, SIZE_MAX, SIZE_MAX / 2 + 1};
    size_t size = sizes[below(regions, 4)];
    switch (below(regions, 4)) {
    case 0:
        twin_create(&none, size);
        return;
    case 1:
        twin_place(&none, regions->arena, size);
        return;
    case 2:
        twin_place(&none, NULL, draw_bytes(regions));
        return;
    default:
        twin_destroy(&slot->twin);
    }
}

/* ---- A run ---- */

/* A tool would keep track of each byte of a huge region. */
static bool is_light(void) {
    return SANITIZED || getenv("MEM_TEST_LIGHT") != NULL;
}

/* The others are made before the default one, since they do not need it. */
bool regions_start(struct regions *regions, const struct setting *setting, struct run_log *log,
                   uint64_t seed) {
    *regions = (struct regions){.setting = setting, .log = log, .random = seed};
    if (setting->region > REGION_MOST || (is_huge(regions) && is_light()))
        return false;
    for (unsigned i = 0; i < setting->regions; i++)
        regions->slots[i].twin = (struct twin){.number = i, .spoilt = setting->vandal, .log = log};
    if (setting->regions > 1 && (regions->arena = map_arena(setting->regions - 1)) == NULL)
        return false;
    for (unsigned i = 1; i < setting->regions; i++)
        if (!make(regions, &regions->slots[i]))
            return false;
    struct slot *first = &regions->slots[0];
    start_workload(regions, first);
    workload_without_region(&first->workload);
    twin_destroy(&first->twin);
    return twin_start(&first->twin, is_huge(regions) ? INT_MAX : (int)setting->region);
}

bool regions_step(struct regions *regions) {
    unsigned count = regions->setting->regions;
    struct slot *slot = &regions->slots[below(regions, count)];
    struct slot *other = &regions->slots[below(regions, count)];
    if (below(regions, REMAKE_INTERVAL) == 0)
        mistake(regions);
    if (slot != &regions->slots[0] && below(regions, REMAKE_INTERVAL) == 0) {
        end(regions, slot);
        return make(regions, slot);
    }
    slot->workload.stranger = &other->twin;
    workload_step(&slot->workload);
    return true;
}

void regions_each(struct regions *regions, void (*chore)(const struct twin *twin)) {
    for (unsigned i = 0; i < regions->setting->regions; i++)
        chore(&regions->slots[i].twin);
}

void regions_finish(struct regions *regions) {
    regions->log->ends = true;
    for (unsigned i = 0; i < regions->setting->regions; i++)
        workload_finish(&regions->slots[i].workload);
    for (unsigned i = 1; i < regions->setting->regions; i++)
        end(regions, &regions->slots[i]);
    twin_end(&regions->slots[0].twin);
}
