/*
 * model.c - the plain heap that libmem is held against; see model.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { GRANULE = 16 };

static size_t span_end(struct span span) {
    return (size_t)span.offset + span.size;
}

size_t spans_find(const struct spans *spans, size_t offset) {
    size_t low = 0;
    size_t high = spans->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (spans->at[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void spans_grow(struct spans *spans) {
    spans->capacity = 2 * spans->capacity + 64;
    spans->at = realloc(spans->at, spans->capacity * sizeof *spans->at);
    if (!spans->at) {
        perror("model");
        exit(EXIT_FAILURE);
    }
}

static void spans_insert(struct spans *spans, size_t index, struct span span) {
    if (spans->count == spans->capacity)
        spans_grow(spans);
    struct span *here = spans->at + index;
    memmove(here + 1, here, (spans->count - index) * sizeof *here);
    *here = span;
    spans->count++;
}

static void spans_remove(struct spans *spans, size_t index) {
    struct span *here = spans->at + index;
    spans->count--;
    memmove(here, here + 1, (spans->count - index) * sizeof *here);
}

void model_start(struct model *model, uint32_t region) {
    *model = (struct model){.region = region};
    spans_insert(&model->free, 0, (struct span){0, region});
}

void model_end(struct model *model) {
    free(model->free.at);
    free(model->live.at);
}

/* The index of the chunk that the style takes; count if none is large enough.
 * Only a better chunk replaces one found earlier, so the lowest of equals
 * stays. */
static size_t choose(const struct spans *chunks, size_t size, int style) {
    size_t chosen = chunks->count;
    for (size_t i = 0; i < chunks->count; i++) {
        if (chunks->at[i].size < size)
            continue;
        if (style == FIRSTFIT)
            return i;
        if (chosen == chunks->count ||
            (style == WORSTFIT && chunks->at[i].size > chunks->at[chosen].size) ||
            (style == BESTFIT && chunks->at[i].size < chunks->at[chosen].size))
            chosen = i;
    }
    return chosen;
}

int model_alloc(struct model *model, int size, int style, size_t *offset) {
    if (size <= 0 || (style != FIRSTFIT && style != WORSTFIT && style != BESTFIT))
        return E_BAD_ARGS;
    uint32_t taken = ((uint32_t)size + GRANULE - 1) / GRANULE * GRANULE;
    size_t i = choose(&model->free, taken, style);
    if (i == model->free.count)
        return E_NO_SPACE;
    struct span *chunk = &model->free.at[i];
    struct span object = {chunk->offset, taken};
    chunk->offset += taken;
    chunk->size -= taken;
    if (chunk->size == 0)
        spans_remove(&model->free, i);
    spans_insert(&model->live, spans_find(&model->live, object.offset), object);
    *offset = object.offset;
    return 0;
}

bool model_is_live(const struct model *model, size_t offset) {
    size_t i = spans_find(&model->live, offset);
    return i < model->live.count && model->live.at[i].offset == offset;
}

int model_free(struct model *model, size_t offset) {
    if (!model_is_live(model, offset))
        return E_BAD_POINTER;
    size_t object = spans_find(&model->live, offset);
    struct span chunk = model->live.at[object];
    struct spans *chunks = &model->free;
    size_t i = spans_find(chunks, offset);
    spans_remove(&model->live, object);
    if (i < chunks->count && chunks->at[i].offset == span_end(chunk)) {
        chunk.size += chunks->at[i].size;
        spans_remove(chunks, i);
    }
    if (i > 0 && span_end(chunks->at[i - 1]) == chunk.offset) {
        i--;
        chunk.offset = chunks->at[i].offset;
        chunk.size += chunks->at[i].size;
        spans_remove(chunks, i);
    }
    spans_insert(chunks, i, chunk);
    return 0;
}

bool model_is_sound(const struct model *model) {
    size_t covered = 0;
    size_t chunk = 0;
    size_t object = 0;
    bool after_chunk = false;
    while (covered < model->region) {
        bool is_chunk = chunk < model->free.count && model->free.at[chunk].offset == covered;
        bool is_object = object < model->live.count && model->live.at[object].offset == covered;
        if (is_chunk == is_object || (is_chunk && after_chunk))
            return false;
        struct span span = is_chunk ? model->free.at[chunk++] : model->live.at[object++];
        if (span.size == 0)
            return false;
        covered += span.size;
        after_chunk = is_chunk;
    }
    return covered == model->region && chunk == model->free.count && object == model->live.count;
}
