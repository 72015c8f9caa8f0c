/*
 * model.h - what libmem has to do, said as plainly as it can be said.
 *
 * The model keeps two arrays of spans in address order: the free chunks and
 * the live objects. It searches by walking, and joins chunks by looking at the
 * neighbours. It knows offsets into the region, no pointers, and never touches
 * the region. It is slow, and easy to believe: the differential test holds the
 * library against it.
 *
 * Invariants (model_is_sound looks at all of them):
 *  1. Both arrays are in ascending order, and no span is empty.
 *  2. Together, the spans cover the region exactly once.
 *  3. No free chunk touches another.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes offset to offset + size of the region. A region of 2 GiB, the largest,
 * still fits. */
struct span {
    uint32_t offset;
    uint32_t size;
};

struct spans {
    struct span *at;
    size_t count;
    size_t capacity;
};

struct model {
    uint32_t region; /* bytes */
    struct spans free;
    struct spans live;
};

/* A region of so many bytes, all free. */
void model_start(struct model *model, uint32_t region);
void model_end(struct model *model);

/* Does what Mem_Alloc does: returns 0 and the object's offset, or an error. */
int model_alloc(struct model *model, int size, int style, size_t *offset);

/* Does what Mem_Free does with region + offset, whatever offset may be: returns
 * 0 or an error. */
int model_free(struct model *model, size_t offset);

/* The index of the first span that starts at offset or above; count if none. */
size_t spans_find(const struct spans *spans, size_t offset);

/* Whether a live object starts at offset. */
bool model_is_live(const struct model *model, size_t offset);

/* Whether the invariants hold. */
bool model_is_sound(const struct model *model);

#endif /* MODEL_H */
