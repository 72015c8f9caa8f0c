/*
 * walking.c - a heap to walk through, and visitors; see walking.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "walking.h"

void make_heap_for_walking(void) {
    init_region(REGION);
    assert_placed(A, HOLE - A, FIRSTFIT);
    assert_placed(HOLE, C - HOLE, FIRSTFIT);
    assert_placed(C, D - C, FIRSTFIT);
    assert_placed(D, TAIL - D, FIRSTFIT);
    assert_succeeds(release(HOLE));
    assert_list({HOLE, C - HOLE}, {TAIL, REGION - TAIL});
}

/* ---- what a walk shows ---- */

struct Mem_Block seen[REGION / GRANULE + 1];
size_t seen_count;

int see_and_act(const struct Mem_Block *block, void *context) {
    const struct plan *plan = context;
    must(seen_count < COUNT(seen));
    seen[seen_count++] = *block;
    if (plan->offset == EVERYWHERE || (char *)block->address == region + plan->offset)
        plan->action(block->address);
    return 0;
}

static void do_nothing(char *block) {
    (void)block;
}

void walk_and_act(int offset, void (*action)(char *block)) {
    struct plan plan = {offset, action};
    seen_count = 0;
    assert_succeeds(Mem_Walk(see_and_act, &plan));
}

void walk_all(void) {
    walk_and_act(NOWHERE, do_nothing);
}

void assert_seen_are(const struct shown *wanted, size_t count) {
    for (size_t i = 0; i < count && i < seen_count; i++) {
        const size_t offset = (size_t)((char *)seen[i].address - region);
        if (offset != wanted[i].offset || seen[i].size != wanted[i].size ||
            seen[i].live != wanted[i].live)
            ck_abort_msg("block %zu must be offset %zu, size %zu, live %d, but is offset %zu, "
                         "size %zu, live %d",
                         i, wanted[i].offset, wanted[i].size, wanted[i].live, offset, seen[i].size,
                         seen[i].live);
    }
    ck_assert_uint_eq(seen_count, count);
}

/* ---- blocks added up ---- */

int add_tile(const struct Mem_Block *block, void *context) {
    struct tiling *tiling = context;
    must(tiling->end == NULL || tiling->end == (char *)block->address);
    must(block->size > 0 && block->size % GRANULE == 0);
    tiling->end = (char *)block->address + block->size;
    tiling->blocks++;
    *(block->live ? &tiling->live : &tiling->free) += block->size;
    return 0;
}

void assert_tiling(Mem_Region *of, int blocks) {
    struct tiling tiling = {NULL, 0, 0, 0};
    const struct Mem_Stats stats = figures(of);
    assert_succeeds(Mem_RegionWalk(of, add_tile, &tiling));
    ck_assert_uint_eq(tiling.live, stats.live_bytes);
    ck_assert_uint_eq(tiling.free, stats.free_bytes);
    ck_assert_int_eq(tiling.blocks, blocks);
}
