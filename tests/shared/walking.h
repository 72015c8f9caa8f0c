/*
 * walking.h - what the tests of Mem_Walk and Mem_RegionWalk share: a heap of three objects and two
 * free chunks, a visitor that notes what it is shown, and one that adds up.
 *
 *     0    64     192   256   288         65536
 *     [ A ][ hole ][ C ][ D ][    tail    ]
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef WALKING_H
#define WALKING_H

#include "support.h"

enum { A = 0, HOLE = 64, C = 192, D = 256, TAIL = 288 };

void make_heap_for_walking(void);

/* ---- what a walk shows ---- */

/* Every block that the last walk has shown. */
extern struct Mem_Block seen[REGION / GRANULE + 1];
extern size_t seen_count;

/* The context of a visitor that notes each block: what it does when the block at the offset is
 * shown. */
enum { EVERYWHERE = -2 };
struct plan {
    int offset;
    void (*action)(char *block);
};
int see_and_act(const struct Mem_Block *block, void *context);

/* Walk through the heap, with such a plan or without. */
void walk_and_act(int offset, void (*action)(char *block));
void walk_all(void);

struct shown {
    size_t offset, size;
    bool live;
};

void assert_seen_are(const struct shown *wanted, size_t count);

/* assert_seen({offset, size, live}, ...): these blocks were shown, and no others. */
#define assert_seen(...)                                                                           \
    do {                                                                                           \
        const struct shown wanted_[] = {__VA_ARGS__};                                              \
        assert_seen_are(wanted_, COUNT(wanted_));                                                  \
    } while (0)

#define SHOWN_A                                                                                    \
    { A, HOLE - A, true }
#define SHOWN_HOLE                                                                                 \
    { HOLE, C - HOLE, false }
#define SHOWN_C                                                                                    \
    { C, D - C, true }
#define SHOWN_D                                                                                    \
    { D, TAIL - D, true }
#define SHOWN_TAIL                                                                                 \
    { TAIL, REGION - TAIL, false }

/* ---- blocks added up ---- */

struct tiling {
    char *end; /* of the last block */
    int blocks;
    size_t live, free;
};

/* A visitor that adds the block to a tiling; the block must begin where the last one ended. */
int add_tile(const struct Mem_Block *block, void *context);

/* The region has so many blocks, which cover all that Mem_RegionGetStats tells of. */
void assert_tiling(Mem_Region *of, int blocks);

#endif /* WALKING_H */
