/*
 * twin.c - operations done twice, and all that must be the same after them;
 * see twin.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include "twin.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem.h"

enum {
    CANARY = -77,        /* m_error before each call; no error of the library */
    LIST_ALWAYS = 64,    /* up to so many chunks the whole list is compared each time, */
    LIST_INTERVAL = 256, /* above only every so many operations */
};

/* The value is the address that Mem_Alloc returned, or the status that the
 * others did. */
struct outcome {
    uintptr_t value;
    int error; /* m_error after the call */
};

/* ---- Reports ---- */

enum { TEXT = 128, SHORT_TEXT = 16, LONG_TEXT = 256 };

/* Addresses are told as offsets: they are the same when a run is repeated. */
static void describe_address(char text[TEXT], const struct twin_log *log, uintptr_t address) {
    if (address == 0)
        snprintf(text, TEXT, "NULL");
    else if (address >= log->base)
        snprintf(text, TEXT, "region + %" PRIuPTR, address - log->base);
    else
        snprintf(text, TEXT, "region - %" PRIuPTR, log->base - address);
}

static const char *error_name(int error) {
    switch (error) {
    case CANARY:
        return "unchanged";
    case E_NO_SPACE:
        return "E_NO_SPACE";
    case E_CORRUPT_FREESPACE:
        return "E_CORRUPT_FREESPACE";
    case E_BAD_ARGS:
        return "E_BAD_ARGS";
    case E_BAD_POINTER:
        return "E_BAD_POINTER";
    default:
        return "no error of the library";
    }
}

static void describe_style(char text[SHORT_TEXT], int style) {
    switch (style) {
    case FIRSTFIT:
        snprintf(text, SHORT_TEXT, "FIRSTFIT");
        return;
    case WORSTFIT:
        snprintf(text, SHORT_TEXT, "WORSTFIT");
        return;
    case BESTFIT:
        snprintf(text, SHORT_TEXT, "BESTFIT");
        return;
    default:
        snprintf(text, SHORT_TEXT, "%d", style);
    }
}

static void describe_operation(char text[TEXT], const struct twin_log *log) {
    const struct operation *op = &log->operation;
    char address[TEXT], style[SHORT_TEXT];
    switch (op->call) {
    case CALL_NONE:
        snprintf(text, TEXT, "none yet");
        return;
    case CALL_INIT:
        snprintf(text, TEXT, "Mem_Init(%d)", op->size);
        return;
    case CALL_ALLOC:
        describe_style(style, op->style);
        snprintf(text, TEXT, "Mem_Alloc(%d, %s)", op->size, style);
        return;
    case CALL_FREE:
        describe_address(address, log, op->pointer);
        snprintf(text, TEXT, "Mem_Free(%.100s)", address);
        return;
    }
}

void twin_report(const struct twin_log *log, const char *expected, const char *got) {
    char operation[TEXT];
    describe_operation(operation, log);
    fprintf(stderr,
            "differential: difference at operation %" PRIu64 "\n"
            "  operation: %s\n"
            "  expected:  %s\n"
            "  got:       %s\n"
            "  again:     %s --operations %" PRIu64 "\n",
            log->operations, operation, expected, got, log->origin, log->operations);
}

static _Noreturn void differ(const struct twin *twin, const char *expected, const char *got) {
    twin_report(twin->log, expected, got);
    _exit(EXIT_FAILURE);
}

static void describe_outcome(char text[TEXT], const struct twin_log *log, struct outcome outcome) {
    char value[TEXT];
    if (log->operation.call == CALL_ALLOC)
        describe_address(value, log, outcome.value);
    else
        snprintf(value, sizeof value, "%d", (int)outcome.value);
    snprintf(text, TEXT, "%.60s, m_error %s", value, error_name(outcome.error));
}

static _Noreturn void differ_in_outcome(const struct twin *twin, struct outcome expected,
                                        struct outcome got) {
    char texts[2][TEXT];
    describe_outcome(texts[0], twin->log, expected);
    describe_outcome(texts[1], twin->log, got);
    differ(twin, texts[0], texts[1]);
}

/* ---- The free list ---- */

static struct span chunk_at(const struct twin *twin, size_t i) {
    return twin->model.free.at[i];
}

/* The live object that starts at offset. */
static struct span object_at(const struct twin *twin, size_t offset) {
    return twin->model.live.at[spans_find(&twin->model.live, offset)];
}

/* Where the node of a chunk must be; NULL after the last chunk. */
static struct __list_t *node_at(const struct twin *twin, size_t i) {
    return i < twin->model.free.count ? (void *)(twin->base + chunk_at(twin, i).offset) : NULL;
}

/* The size that a node must show: an int cannot hold 2 GiB. */
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
    describe_address(next, twin->log, (uintptr_t)node_at(twin, i + 1));
    snprintf(expected, LONG_TEXT, "node at region + %" PRIu32 ": size %d, type 1, next %s",
             chunk_at(twin, i).offset, node_size(chunk_at(twin, i)), next);
    describe_address(next, twin->log, (uintptr_t)node->next);
    snprintf(got, LONG_TEXT, "size %d, type %d, next %s", node->size, node_type(node), next);
    differ(twin, expected, got);
}

/* The nodes from one chunk to the one before another, as far as they exist. */
static void check_nodes(const struct twin *twin, size_t from, size_t to) {
    for (size_t i = from; i < to && i < twin->model.free.count; i++)
        if (!node_is_right(twin, i))
            differ_in_node(twin, i);
}

static void check_head(const struct twin *twin) {
    struct __list_t *head = Mem_FreeList();
    char text[TEXT], expected[LONG_TEXT], got[LONG_TEXT];
    if (head == node_at(twin, 0))
        return;
    describe_address(text, twin->log, (uintptr_t)node_at(twin, 0));
    snprintf(expected, LONG_TEXT, "Mem_FreeList() %s then", text);
    describe_address(text, twin->log, (uintptr_t)head);
    snprintf(got, LONG_TEXT, "Mem_FreeList() %s then", text);
    differ(twin, expected, got);
}

/* What the operation has changed in the list. */
struct change {
    size_t chunk; /* the index of the free chunk at that place, or of the next */
    bool node;    /* the chunk's node was written, all of it */
    bool link;    /* the link of the chunk before was written */
};

/* The object is gone from the list. What is left of its chunk got a node. */
static struct change changed_by_alloc(const struct twin *twin, size_t offset) {
    const struct spans *chunks = &twin->model.free;
    struct span object = object_at(twin, offset);
    size_t next = spans_find(chunks, offset);
    bool rest = next < chunks->count && chunks->at[next].offset == object.offset + object.size;
    return (struct change){.chunk = next, .node = rest, .link = next > 0};
}

/* The chunk that the object is part of now got a node, and a link to it if it
 * starts at a new place. */
static struct change changed_by_free(const struct twin *twin, size_t offset) {
    size_t chunk = spans_find(&twin->model.free, offset + 1) - 1;
    bool moved = chunk_at(twin, chunk).offset == offset;
    return (struct change){.chunk = chunk, .node = true, .link = moved && chunk > 0};
}

/* Any node may have been spoilt but what the operation has just written. */
static void check_change(const struct twin *twin, struct change change) {
    if (change.node)
        check_nodes(twin, change.chunk, change.chunk + 1);
    if (change.link && node_at(twin, change.chunk - 1)->next != node_at(twin, change.chunk))
        differ_in_node(twin, change.chunk - 1);
}

/* The nodes around the place of an operation. */
static void check_near(const struct twin *twin, size_t chunk) {
    check_nodes(twin, chunk < 2 ? 0 : chunk - 2, chunk + 2);
}

/* Mem_Check has to tell whether any node is wrong. */
static void check_by_library(const struct twin *twin) {
    bool right = true;
    for (size_t i = 0; i < twin->model.free.count && right; i++)
        right = node_is_right(twin, i);
    m_error = CANARY;
    int status = Mem_Check();
    int error = m_error;
    if (right && (status != 0 || error != CANARY))
        differ(twin, "Mem_Check() 0, m_error unchanged then", error_name(error));
    if (!right && (status != -1 || error != E_CORRUPT_FREESPACE))
        differ(twin, "Mem_Check() -1, m_error E_CORRUPT_FREESPACE then", error_name(error));
}

/* What must hold after each operation. Without a region, there is no list. */
static void check_list(const struct twin *twin, struct change change) {
    bool interval = twin->log->operations % LIST_INTERVAL == 0;
    bool is_short = twin->model.free.count <= LIST_ALWAYS;
    check_head(twin);
    if (!twin->base)
        return;
    if (twin->spoilt)
        check_change(twin, change);
    else if (interval || is_short)
        check_nodes(twin, 0, twin->model.free.count);
    else
        check_near(twin, change.chunk);
    if (interval || (twin->spoilt && is_short))
        check_by_library(twin);
    if (interval && !model_is_sound(&twin->model))
        differ(twin, "a sound model", "a broken one");
}

/* ---- The contents of objects ---- */

struct stamp {
    uint64_t words[2];
};
static_assert(sizeof(struct stamp) == GRANULE, "a stamp fills the smallest object");

static struct stamp stamp_for(struct span object) {
    uint64_t word = (object.offset + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);
    return (struct stamp){{word, ~word}};
}

static char *first_stamp(const struct twin *twin, struct span object) {
    return twin->base + object.offset;
}

static char *last_stamp(const struct twin *twin, struct span object) {
    return twin->base + object.offset + object.size - sizeof(struct stamp);
}

/* Both ends of each object are stamped: the library must not write there. */
static void stamp_object(const struct twin *twin, struct span object) {
    struct stamp stamp = stamp_for(object);
    memcpy(first_stamp(twin, object), &stamp, sizeof stamp);
    memcpy(last_stamp(twin, object), &stamp, sizeof stamp);
}

static void check_stamps(const struct twin *twin, struct span object) {
    struct stamp stamp = stamp_for(object);
    if (memcmp(first_stamp(twin, object), &stamp, sizeof stamp) != 0 ||
        memcmp(last_stamp(twin, object), &stamp, sizeof stamp) != 0)
        differ(twin, "the object as it was written", "an object overwritten");
}

/* Gives back the pages between the first and the last granule. */
static void give_back(const struct twin *twin, struct span span) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t)twin->base + span.offset;
    uintptr_t first = (start + GRANULE + page - 1) & ~(page - 1);
    uintptr_t last = (start + span.size - GRANULE) & ~(page - 1);
    if (first < last)
        madvise((void *)first, last - first, MADV_DONTNEED);
}

void twin_give_back_pages(const struct twin *twin) {
    for (size_t i = 0; i < twin->model.free.count; i++)
        give_back(twin, twin->model.free.at[i]);
    for (size_t i = 0; i < twin->model.live.count; i++)
        give_back(twin, twin->model.live.at[i]);
}

/* ---- Operations ---- */

static struct outcome ask_library(const struct operation *op) {
    struct outcome outcome;
    m_error = CANARY;
    if (op->call == CALL_ALLOC)
        outcome.value = (uintptr_t)Mem_Alloc(op->size, op->style);
    else if (op->call == CALL_FREE)
        outcome.value = (uintptr_t)Mem_Free((void *)op->pointer);
    else
        outcome.value = (uintptr_t)Mem_Init(op->size);
    outcome.error = m_error;
    return outcome;
}

static struct outcome status_of(int error) {
    return error ? (struct outcome){(uintptr_t)-1, error} : (struct outcome){0, CANARY};
}

static struct outcome ask_model(struct twin *twin, const struct operation *op) {
    if (op->call == CALL_INIT)
        return status_of(E_BAD_ARGS);
    if (op->call == CALL_FREE && op->pointer == 0)
        return status_of(0);
    if (op->call == CALL_FREE)
        return status_of(model_free(&twin->model, op->pointer - (uintptr_t)twin->base));
    size_t offset;
    int error = model_alloc(&twin->model, op->size, op->style, &offset);
    if (error)
        return (struct outcome){0, error};
    return (struct outcome){(uintptr_t)(twin->base + offset), CANARY};
}

static void begin(struct twin *twin, const struct operation *op) {
    twin->log->operation = *op;
    twin->log->operations++;
}

/* Does the operation twice, and returns what came out of it both times. */
static struct outcome perform(struct twin *twin, const struct operation *op) {
    struct outcome expected = ask_model(twin, op);
    struct outcome got = ask_library(op);
    if (expected.value != got.value || expected.error != got.error)
        differ_in_outcome(twin, expected, got);
    return expected;
}

static const struct change no_change = {0, false, false};

bool twin_init(struct twin *twin, int size) {
    struct operation op = {.call = CALL_INIT, .size = size};
    begin(twin, &op);
    struct outcome outcome = perform(twin, &op);
    check_list(twin, no_change);
    return outcome.value == 0;
}

bool twin_alloc(struct twin *twin, int size, int style) {
    struct operation op = {.call = CALL_ALLOC, .size = size, .style = style};
    begin(twin, &op);
    struct outcome outcome = perform(twin, &op);
    if (outcome.value == 0) {
        check_list(twin, no_change);
        return false;
    }
    size_t offset = outcome.value - (uintptr_t)twin->base;
    twin->newest = (uint32_t)offset;
    stamp_object(twin, object_at(twin, offset));
    check_list(twin, changed_by_alloc(twin, offset));
    return true;
}

bool twin_free(struct twin *twin, uintptr_t pointer) {
    struct operation op = {.call = CALL_FREE, .pointer = pointer};
    size_t offset = pointer - (uintptr_t)twin->base;
    bool live = model_is_live(&twin->model, offset);
    begin(twin, &op);
    if (live)
        check_stamps(twin, object_at(twin, offset));
    struct outcome outcome = perform(twin, &op);
    check_list(twin, live ? changed_by_free(twin, offset) : no_change);
    return outcome.value == 0;
}

/* ---- The region ---- */

static uint32_t whole_pages(int size) {
    uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);
    return ((uint32_t)size + page - 1) / page * page;
}

static bool system_maps(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    munmap(memory, size);
    return true;
}

bool twin_start(struct twin *twin, int region) {
    uint32_t size = whole_pages(region);
    twin->log->operation = (struct operation){.call = CALL_INIT, .size = region};
    if (Mem_Init(region) != 0) {
        /* The library needs some more for its index. */
        if (!system_maps(size + (size_t)size / 16))
            return false;
        differ(twin, "0", "-1");
    }
    model_start(&twin->model, size);
    twin->base = (char *)Mem_FreeList();
    twin->log->base = (uintptr_t)twin->base;
    if (twin->log->base == 0 || twin->log->base % GRANULE != 0)
        differ(twin, "a free list from the region's start on", "none, or a misaligned one");
    check_nodes(twin, 0, 1);
    check_by_library(twin);
    return true;
}

void twin_end(struct twin *twin) {
    model_end(&twin->model);
}
