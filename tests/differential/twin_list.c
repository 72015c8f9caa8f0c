/*
 * twin_list.c - nodes held against the chunks of the model; see twin_list.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include "twin_list.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

enum {
    LIST_ALWAYS = 64,    /* up to so many chunks the whole list is compared each time, */
    LIST_INTERVAL = 256, /* above only every so many operations */
};

/* ---- Nodes ---- */

static struct span chunk_at(const struct twin *twin, size_t i) {
    return twin->model.free.at[i];
}

/* Where the node of a chunk must be; NULL after the last chunk. */
static struct __list_t *node_at(const struct twin *twin, size_t i) {
    return i < twin->model.free.count ? (void *)(twin->base + chunk_at(twin, i).offset) : NULL;
}

/* The size that a node must show: an int cannot hold 2 GiB or more. */
static int node_size(struct span chunk) {
    return chunk.size > INT_MAX ? INT_MAX / GRANULE * GRANULE : (int)chunk.size;
}

/* The byte of a spoilt type may be no valid _Bool, so it is not read as one. */
static unsigned char node_type(const struct __list_t *node) {
    return *((const unsigned char *)node + offsetof(struct __list_t, type));
}

static bool node_is_right(const struct twin *twin, size_t i) {
    const struct __list_t *node = node_at(twin, i);
    return node->size == node_size(chunk_at(twin, i)) && node_type(node) == 1 &&
           node->next == node_at(twin, i + 1);
}

static _Noreturn void differ_in_node(const struct twin *twin, size_t i) {
    const struct __list_t *node = node_at(twin, i);
    char expected[LONG_TEXT], got[LONG_TEXT], next[TEXT];
    report_address(next, twin->log, (uintptr_t)node_at(twin, i + 1));
    snprintf(expected, LONG_TEXT, "node at region %u + %" PRIu64 ": size %d, type 1, next %s",
             twin->number, chunk_at(twin, i).offset, node_size(chunk_at(twin, i)), next);
    report_address(next, twin->log, (uintptr_t)node->next);
    snprintf(got, LONG_TEXT, "size %d, type %d, next %s", node->size, node_type(node), next);
    report_difference(twin->log, expected, got);
}

/* The nodes from one chunk to the one before another, as far as they exist. */
static void check_nodes(const struct twin *twin, size_t from, size_t to) {
    for (size_t i = from; i < to && i < twin->model.free.count; i++)
        if (!node_is_right(twin, i))
            differ_in_node(twin, i);
}

/* ---- Changes ---- */

const struct change twin_list_no_change = {0, false, false, false};

/* The rest of the chunk, or the tail that the object gave up, starts behind the object and got a
 * node. */
struct change twin_list_changed_by_alloc(const struct twin *twin, size_t offset) {
    const struct spans *chunks = &twin->model.free;
    size_t end = span_end(model_object(&twin->model, offset));
    size_t next = spans_find(chunks, offset);
    return (struct change){
        .chunk = next,
        .node = next < chunks->count && chunks->at[next].offset == end,
        .link = next > 0,
    };
}

struct change twin_list_changed_by_aligned(const struct twin *twin, size_t offset) {
    struct change change = twin_list_changed_by_alloc(twin, offset);
    change.gap = change.chunk > 0 && span_end(chunk_at(twin, change.chunk - 1)) == offset;
    return change;
}

/* The chunk that now contains the object got a node, and a link to it if the chunk starts at a new
 * place. */
struct change twin_list_changed_by_free(const struct twin *twin, size_t offset) {
    size_t chunk = spans_find(&twin->model.free, offset + 1) - 1;
    bool moved = chunk_at(twin, chunk).offset == offset;
    return (struct change){.chunk = chunk, .node = true, .link = moved && chunk > 0};
}

/* Any node may have been spoilt but what the operation has just written. */
static void check_written(const struct twin *twin, struct change change) {
    if (change.gap)
        check_nodes(twin, change.chunk - 1, change.chunk);
    if (change.node)
        check_nodes(twin, change.chunk, change.chunk + 1);
    if (change.link && node_at(twin, change.chunk - 1)->next != node_at(twin, change.chunk))
        differ_in_node(twin, change.chunk - 1);
}

void twin_list_check_change(const struct twin *twin, struct change change) {
    if (twin->spoilt)
        check_written(twin, change);
    else
        check_nodes(twin, change.chunk < 2 ? 0 : change.chunk - 2, change.chunk + 2);
}

/* ---- The list ---- */

static void check_head(const struct twin *twin) {
    struct __list_t *head = calls_free_list(twin->region);
    char text[TEXT], expected[LONG_TEXT], got[LONG_TEXT];
    if (head == node_at(twin, 0))
        return;
    report_address(text, twin->log, (uintptr_t)node_at(twin, 0));
    snprintf(expected, LONG_TEXT, "the free list starts at %s then", text);
    report_address(text, twin->log, (uintptr_t)head);
    snprintf(got, LONG_TEXT, "it starts at %s", text);
    report_difference(twin->log, expected, got);
}

/* Mem_Check has to tell whether any node is wrong. */
static void check_by_library(const struct twin *twin) {
    bool right = true;
    for (size_t i = 0; i < twin->model.free.count && right; i++)
        right = node_is_right(twin, i);
    int error;
    int status = calls_check(twin->region, &error);
    if (right && (status != 0 || error != CANARY))
        report_difference(twin->log, "Mem_Check() 0, m_error unchanged then", report_error(error));
    if (!right && (status != -1 || error != E_CORRUPT_FREESPACE))
        report_difference(twin->log, "Mem_Check() -1, m_error E_CORRUPT_FREESPACE then",
                          report_error(error));
}

void twin_list_check_all(const struct twin *twin) {
    check_head(twin);
    if (!twin->base)
        return;
    if (!twin->spoilt)
        check_nodes(twin, 0, twin->model.free.count);
    check_by_library(twin);
    if (!model_is_sound(&twin->model))
        report_difference(twin->log, "a sound model", "a broken one");
}

void twin_list_check(const struct twin *twin) {
    bool is_short = twin->model.free.count <= LIST_ALWAYS;
    check_head(twin);
    if (!twin->base)
        return;
    if (twin->log->operations % LIST_INTERVAL == 0) {
        twin_list_check_all(twin);
        return;
    }
    if (is_short && twin->spoilt)
        check_by_library(twin);
    else if (is_short)
        check_nodes(twin, 0, twin->model.free.count);
}
