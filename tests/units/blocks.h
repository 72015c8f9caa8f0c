/*
 * blocks.h - a plain array of the blocks of a region, and an index that is told of each change; the
 * unit tests compare the two.
 *
 * The array has every block in address order. It is searched from end to end, and all later blocks
 * move when one is inserted or removed. The neighbours of a block come from the array, never from
 * the index under test.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "index/index.h"

/* Granules start to start + size: a free chunk, or an object. */
struct block {
    mem_granule start;
    mem_granule size;
    bool is_chunk;
};

/* What the index has told of a chunk. */
struct shown {
    mem_granule chunk;
    mem_granule size;
    mem_granule next;
};

struct blocks {
    struct mem_index index;
    unsigned char *memory; /* of the index */
    unsigned char *order;  /* its memory; NULL: none is kept */
    mem_granule granules;
    size_t count;
    size_t room;
    struct block *at;
    size_t shown_count;
    size_t shown_room;
    struct shown *shown; /* includes chunks that are gone */
    bool searching;      /* take the next object by the path for first fits, if it is one */
};

/* One object that fills a region of so many granules. */
void blocks_start(struct blocks *blocks, mem_granule granules);

/* Begins to keep the chunks in order, from now on. */
void blocks_begin_order(struct blocks *blocks);

/* Frees the memory. The test fails if the index has written behind its own. */
void blocks_end(struct blocks *blocks);

/* Cuts object i in two; the first gets so many granules, less than it has. */
void blocks_split(struct blocks *blocks, size_t i, mem_granule size);

/* Makes objects of these sizes of the one object that fills the region; a last
 * one gets what is left, if anything is. */
void blocks_lay(struct blocks *blocks, const mem_granule *sizes, size_t count);

/* Makes object i free, and joins it with the chunks beside it. */
void blocks_free(struct blocks *blocks, size_t i);

/* Makes an object of the first granules of chunk i, at most all of it. */
void blocks_take(struct blocks *blocks, size_t i, mem_granule size);

/* The number of the block that starts at g. */
size_t blocks_find(const struct blocks *blocks, mem_granule g);

/* What mem_index_first_fit and its kin must return. */
mem_granule blocks_first_fit(const struct blocks *blocks, mem_granule size);
mem_granule blocks_worst_fit(const struct blocks *blocks, mem_granule size);
mem_granule blocks_best_fit(const struct blocks *blocks, mem_granule size);
mem_granule blocks_chunk_from(const struct blocks *blocks, mem_granule g);

/* The size of the largest chunk, or 0. */
mem_granule blocks_largest(const struct blocks *blocks);

/* Makes the floors of searches and that of the current chunk rule out all chunks that they truly
 * can. If a later change fails to update one of them, it becomes wrong. O(n). */
void blocks_sharpen(struct blocks *blocks);

/* Fails the test unless the index is valid, its map matches the blocks, it has told the truth about
 * each chunk, what it knows of the current chunk is true, and it finds what the array finds: chunks
 * next to every edge, for sizes that are likely to go wrong. O(n log n). */
void blocks_compare(struct blocks *blocks);

/* The same for one size. */
void blocks_compare_fits(struct blocks *blocks, mem_granule size);

#endif /* BLOCKS_H */
