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

/* ---- Spans ---- */

size_t span_end(struct span span) {
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

/* ---- A region ---- */

void model_start(struct model *model, uint64_t region, uintptr_t address) {
    *model = (struct model){.region = region, .address = address};
    spans_insert(&model->free, 0, (struct span){0, region, 0});
}

void model_end(struct model *model) {
    free(model->free.at);
    free(model->live.at);
    *model = (struct model){0};
}

bool model_is_live(const struct model *model, size_t offset) {
    size_t i = spans_find(&model->live, offset);
    return i < model->live.count && model->live.at[i].offset == offset;
}

struct span model_object(const struct model *model, size_t offset) {
    return model->live.at[spans_find(&model->live, offset)];
}

uint64_t model_room_after(const struct model *model, struct span object) {
    const struct spans *chunks = &model->free;
    size_t i = spans_find(chunks, span_end(object));
    return i < chunks->count && chunks->at[i].offset == span_end(object) ? chunks->at[i].size : 0;
}

/* The live bytes become so many. */
static void count_live(struct model *model, size_t bytes) {
    model->live_bytes = bytes;
    if (bytes > model->peak_live_bytes)
        model->peak_live_bytes = bytes;
}

static int refuse(struct model *model) {
    model->refused++;
    return E_NO_SPACE;
}

/* ---- Free chunks ---- */

/* Where an object would lie in the chunk: as low as the alignment allows. */
static size_t place_in_chunk(const struct model *model, struct span chunk, uint64_t alignment) {
    size_t beyond = (size_t)((model->address + chunk.offset) % alignment);
    return beyond == 0 ? chunk.offset : chunk.offset + (size_t)alignment - beyond;
}

static bool fits(const struct model *model, struct span chunk, uint64_t size, uint64_t alignment) {
    return chunk.size >= size && place_in_chunk(model, chunk, alignment) + size <= span_end(chunk);
}

/* The index of the chunk that the style takes; count if the object fits in none.
 * Only a better chunk replaces one found earlier, so the lowest of equals
 * stays. */
static size_t choose(const struct model *model, uint64_t size, uint64_t alignment, int style) {
    const struct spans *chunks = &model->free;
    size_t chosen = chunks->count;
    for (size_t i = 0; i < chunks->count; i++) {
        if (!fits(model, chunks->at[i], size, alignment))
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

/* Takes a span out of a chunk: what lies before it and behind it stays free. */
static void cut_chunk(struct spans *chunks, size_t i, struct span taken) {
    struct span chunk = chunks->at[i];
    struct span gap = {chunk.offset, taken.offset - chunk.offset, 0};
    struct span rest = {span_end(taken), (span_end(chunk) - span_end(taken)), 0};
    if (gap.size == 0 && rest.size == 0) {
        spans_remove(chunks, i);
    } else if (gap.size == 0) {
        chunks->at[i] = rest;
    } else {
        chunks->at[i] = gap;
        if (rest.size > 0)
            spans_insert(chunks, i + 1, rest);
    }
}

/* Makes a span free, and one chunk with those that touch it. */
static void add_chunk(struct spans *chunks, struct span chunk) {
    size_t i = spans_find(chunks, chunk.offset);
    if (i < chunks->count && chunks->at[i].offset == span_end(chunk)) {
        chunk.size += chunks->at[i].size;
        spans_remove(chunks, i);
    }
    if (i > 0 && span_end(chunks->at[i - 1]) == chunk.offset)
        chunks->at[i - 1].size += chunk.size;
    else
        spans_insert(chunks, i, chunk);
}

/* ---- Operations ---- */

static bool is_style(int style) {
    return style == FIRSTFIT || style == WORSTFIT || style == BESTFIT;
}

/* The bytes that an object takes, of a size no larger than the region. */
static uint64_t whole_granules(uint64_t size) {
    return ((size + GRANULE - 1) / GRANULE * GRANULE);
}

int model_alloc(struct model *model, uint64_t size, int style, size_t *offset) {
    return model_aligned(model, 1, size, style, offset);
}

int model_aligned(struct model *model, uint64_t alignment, uint64_t size, int style,
                  size_t *offset) {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0 || size == 0 || !is_style(style))
        return E_BAD_ARGS;
    if (model->region > 0 && alignment > model->region)
        return E_BAD_ARGS;
    if (size > model->region)
        return refuse(model);
    if (alignment < GRANULE)
        alignment = GRANULE;
    uint64_t taken = whole_granules(size);
    size_t i = choose(model, taken, alignment, style);
    if (i == model->free.count)
        return refuse(model);
    *offset = place_in_chunk(model, model->free.at[i], alignment);
    struct span object = {*offset, taken, model->ids++};
    cut_chunk(&model->free, i, object);
    spans_insert(&model->live, spans_find(&model->live, *offset), object);
    model->allocations++;
    count_live(model, model->live_bytes + taken);
    return 0;
}

int model_free(struct model *model, size_t offset) {
    if (!model_is_live(model, offset)) {
        model->bad_frees++;
        return E_BAD_POINTER;
    }
    size_t i = spans_find(&model->live, offset);
    struct span object = model->live.at[i];
    spans_remove(&model->live, i);
    add_chunk(&model->free, (struct span){object.offset, object.size, 0});
    model->frees++;
    count_live(model, model->live_bytes - object.size);
    return 0;
}

/* The object gives up its tail. */
static void shrink(struct model *model, struct span *object, uint64_t taken) {
    uint64_t tail = object->size - taken;
    object->size = taken;
    if (tail > 0)
        add_chunk(&model->free, (struct span){span_end(*object), tail, 0});
    count_live(model, model->live_bytes - tail);
}

/* The object takes more from the chunk that follows it. */
static void grow(struct model *model, struct span *object, uint64_t taken) {
    struct span more = {span_end(*object), taken - object->size, 0};
    cut_chunk(&model->free, spans_find(&model->free, more.offset), more);
    object->size = taken;
    count_live(model, model->live_bytes + more.size);
}

/* The object becomes another one, with its contents. */
static int move(struct model *model, struct span object, uint64_t size, int style, size_t *now) {
    int error = model_alloc(model, size, style, now);
    if (error)
        return error;
    model->live.at[spans_find(&model->live, *now)].id = object.id;
    return model_free(model, object.offset);
}

int model_resize(struct model *model, size_t offset, uint64_t size, int style, size_t *now) {
    if (size == 0 || !is_style(style))
        return E_BAD_ARGS;
    if (!model_is_live(model, offset))
        return E_BAD_POINTER;
    if (size > model->region)
        return refuse(model);
    struct span *object = &model->live.at[spans_find(&model->live, offset)];
    uint64_t taken = whole_granules(size);
    *now = offset;
    if (taken <= object->size)
        shrink(model, object, taken);
    else if (taken - object->size <= model_room_after(model, *object))
        grow(model, object, taken);
    else
        return move(model, *object, size, style, now);
    return 0;
}

/* ---- What there is ---- */

void model_stats(const struct model *model, struct Mem_Stats *stats) {
    *stats = (struct Mem_Stats){
        .region_bytes = model->region,
        .live_bytes = model->live_bytes,
        .live_blocks = model->live.count,
        .peak_live_bytes = model->peak_live_bytes,
        .free_bytes = model->region - model->live_bytes,
        .free_chunks = model->free.count,
        .allocations = model->allocations,
        .frees = model->frees,
        .refused = model->refused,
        .bad_frees = model->bad_frees,
    };
    for (size_t i = 0; i < model->free.count; i++)
        if (model->free.at[i].size > stats->largest_free)
            stats->largest_free = model->free.at[i].size;
}

size_t model_free_pages(const struct model *model, size_t page) {
    size_t bytes = 0;
    for (size_t i = 0; i < model->free.count; i++) {
        uintptr_t start = model->address + model->free.at[i].offset + GRANULE;
        uintptr_t end = model->address + span_end(model->free.at[i]);
        uintptr_t first = (start + page - 1) / page;
        uintptr_t last = end / page;
        bytes += last > first ? (last - first) * page : 0;
    }
    return bytes;
}

bool model_block_from(const struct model *model, size_t offset, struct span *block, bool *live) {
    size_t chunk = spans_find(&model->free, offset);
    size_t object = spans_find(&model->live, offset);
    bool no_chunk = chunk == model->free.count;
    bool no_object = object == model->live.count;
    if (no_chunk && no_object)
        return false;
    *live =
        no_chunk || (!no_object && model->live.at[object].offset < model->free.at[chunk].offset);
    *block = *live ? model->live.at[object] : model->free.at[chunk];
    return true;
}

static bool blocks_are_sound(const struct model *model) {
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

static bool counts_are_sound(const struct model *model) {
    size_t bytes = 0;
    for (size_t i = 0; i < model->live.count; i++)
        bytes += model->live.at[i].size;
    return bytes == model->live_bytes && bytes <= model->peak_live_bytes &&
           model->allocations - model->frees == model->live.count;
}

bool model_is_sound(const struct model *model) {
    return blocks_are_sound(model) && counts_are_sound(model);
}
