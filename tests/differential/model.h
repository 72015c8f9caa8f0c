/*
 * model.h - what libmem has to do, said as plainly as it can be said.
 *
 * The model keeps two arrays of spans in address order: the free chunks and
 * the live objects. It searches by walking, and joins chunks by looking at the
 * neighbours. It knows offsets into the region, and of its address only what an
 * alignment needs; it never touches the region. It is slow, and easy to
 * believe: the differential test holds the library against it.
 *
 * A model of no bytes stands for no region at all.
 *
 * Invariants (model_is_sound looks at all of them):
 *  1. Both arrays are in ascending order, and no span is empty.
 *  2. Together, the spans cover the region exactly once.
 *  3. No free chunk touches another.
 *  4. The counts agree with the live objects.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mem.h"

enum { GRANULE = 16 };

/* Bytes offset to offset + size of the region. */
struct span {
    uint64_t offset;
    uint64_t size;
    uint32_t id; /* of an object; it keeps it when it is resized */
};

struct spans {
    struct span *at;
    size_t count;
    size_t capacity;
};

struct model {
    uint64_t region;   /* bytes */
    uintptr_t address; /* of the region */
    struct spans free;
    struct spans live;
    uint32_t ids; /* given so far */
    /* As struct Mem_Stats counts them: */
    size_t live_bytes;
    size_t peak_live_bytes;
    unsigned long long allocations;
    unsigned long long frees;
    unsigned long long refused;
    unsigned long long bad_frees;
};

/* A region of so many bytes at that address, all free. */
void model_start(struct model *model, uint64_t region, uintptr_t address);
void model_end(struct model *model);

/* Each models the call in mem.h, on region + offset, whatever the offset. Returns 0 or an error;
 * those that allocate set the object's offset. A size of 0 stands for all that are not positive. */
int model_alloc(struct model *model, uint64_t size, int style, size_t *offset);
int model_aligned(struct model *model, uint64_t alignment, uint64_t size, int style,
                  size_t *offset);
int model_resize(struct model *model, size_t offset, uint64_t size, int style, size_t *now);
int model_free(struct model *model, size_t offset);

/* Fills in all but index_bytes, of which a model has none. */
void model_stats(const struct model *model, struct Mem_Stats *stats);

/* The bytes of the whole pages in free chunks, but for those with a node. */
size_t model_free_pages(const struct model *model, size_t page);

/* The index of the first span that starts at offset or above; count if none. */
size_t spans_find(const struct spans *spans, size_t offset);

/* One past the last byte. */
size_t span_end(struct span span);

/* Whether a live object starts at offset, and that object. */
bool model_is_live(const struct model *model, size_t offset);
struct span model_object(const struct model *model, size_t offset);

/* The bytes of the free chunk that follows the object; 0 if an object does. */
uint64_t model_room_after(const struct model *model, struct span object);

/* Finds the first block, chunk or object, that starts at offset or above. */
bool model_block_from(const struct model *model, size_t offset, struct span *block, bool *live);

/* Whether the invariants hold. */
bool model_is_sound(const struct model *model);

#endif /* MODEL_H */
