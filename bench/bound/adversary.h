/*
 * adversary.h - operations chosen to make libmem work hard.
 *
 * One adversary in 32 fills a region at random: fields of small objects, where many chunks will
 * start in a segment, and between them objects so large that a search from one field to the next
 * crosses all levels of the trees over the region. Then it calls at random, with a taste that
 * changes: sizes at the edges of segments and stretches, holes side by side, whole fields made
 * free.
 *
 * The others lay out a scene (scene.h), built for calls that have much to do there, and make one of
 * these calls, and then some more, beside it and at random.
 *
 * Half of the adversaries have had a best fit in the empty region, so that the library keeps its
 * order of the chunks from then on.
 *
 * All that they do follows from the seed, so that an operation found expensive can be
 * done again, and measured.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ADVERSARY_H
#define ADVERSARY_H

#include <mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The public functions that are called, and what is asked of them. */
enum call { CALL_ALLOC, CALL_CALLOC, CALL_ALIGNED, CALL_RESIZE, CALL_FREE, CALL_SIZE };

struct move {
    enum call call;
    int style;
    void *object; /* what is resized, freed, or asked for its size */
    size_t bytes;
    size_t alignment;
};

/* The kinds of operations, of each of which the most expensive is sought: the columns of the table.
 * An aligned allocation is of the kind that tells how many chunks the alignment rules out. */
enum kind {
    KIND_FIRST,
    KIND_WORST,
    KIND_BEST,
    KIND_CALLOC, /* of a granule */
    KIND_SHRINK, /* in place, as is the next */
    KIND_GROW,
    KIND_MOVE, /* of a granule */
    KIND_ALIGNED,
    KIND_ALIGNED_1,
    KIND_ALIGNED_MANY,
    KIND_FREE,
    KIND_SIZE,
    KINDS
};
extern const char *const adversary_kinds[KINDS];

enum { ADVERSARY_OBJECTS = 1 << 14, ADVERSARY_AIMS = 64 };

struct adversary {
    uint64_t random;
    Mem_Region *region;
    size_t bytes; /* of the region */
    bool ordered;
    bool directed;
    unsigned taste;
    size_t count;
    size_t place;                     /* of the object that was chosen last */
    void *objects[ADVERSARY_OBJECTS]; /* live */
    size_t aim_count;
    struct move aims[ADVERSARY_AIMS]; /* what the scene was built for */
    struct move move;                 /* the next operation */
    size_t ruled_out; /* by its alignment: the chunks before the one that is taken */
    size_t resized;   /* the bytes of the object before that */
};

/* Makes a region of so many bytes, and what the seed says in it: the default region, if that can be
 * so large. False when the system refuses. */
bool adversary_start(struct adversary *a, size_t bytes, uint64_t seed);

/* The operations that the adversary is good for. */
uint32_t adversary_operations(const struct adversary *a);

/* Chooses the next operation, does it, and notes its result. */
void adversary_choose(struct adversary *a);
void adversary_note(struct adversary *a, void *result);

/* Does a move: by the function for any region, or by its twin for the default one. Each is the call
 * of the library and nothing else. What it returns, if that is a pointer. */
typedef void *adversary_way(const struct adversary *a);
adversary_way *adversary_call(const struct move *move, bool twin);

/* The kind of the operation that returned this, or KINDS: one that does not count. */
enum kind adversary_kind(const struct adversary *a, const void *result);

/* Of a scene: a random number; an object; an operation that the scene is for. */
uint32_t adversary_below(struct adversary *a, uint32_t bound);
void *adversary_allocate(struct adversary *a, size_t granules);
void adversary_release(struct adversary *a, void *object);
void adversary_aim(struct adversary *a, struct move move);

#endif
