/*
 * twin_region.c - how a twin gets its region, and loses it; see twin.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include <sys/mman.h>
#include <unistd.h>

#include "bounds.h"
#include "twin.h"
#include "twin_list.h"
#include "twin_survey.h"

static uint64_t whole_pages(size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return ((uint64_t)size + page - 1) / page * page;
}

/* Whether a region of so many bytes can be had: the library needs some more for its index. */
static bool system_maps(size_t size) {
    size_t bytes = size + size / 16;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    munmap(memory, bytes);
    return true;
}

/* Begins an operation that makes a region, and does it. */
static struct outcome make(struct twin *twin, enum region_kind kind, const struct operation *op) {
    twin->kind = kind;
    twin->log->ground[twin->number] = (struct ground){.kind = kind};
    twin_begin(twin, op);
    return calls_do(NULL, op);
}

/* A byte touched of a region with room for many objects is to cost a small page. */
static void forgo_huge_pages(const struct twin *twin, size_t size) {
#ifdef MADV_NOHUGEPAGE
    if (size > INT_MAX && twin->kind == KIND_CREATED)
        madvise(twin->base, size, MADV_NOHUGEPAGE);
#else
    (void)twin;
    (void)size;
#endif
}

/* What a new region must be like: one chunk of so many bytes, at the start of its list. */
static void adopt(struct twin *twin, Mem_Region *region, uint64_t size) {
    struct Mem_Stats stats = {.index_bytes = 0};
    int error;
    twin->region = region;
    twin->base = (char *)calls_free_list(region);
    if (!twin->base || (uintptr_t)twin->base % GRANULE != 0)
        report_difference(twin->log, "a free list from the region's start on",
                          "none, or a misaligned one");
    twin->log->ground[twin->number] =
        (struct ground){.base = (uintptr_t)twin->base, .bytes = size, .kind = twin->kind};
    calls_get_stats(region, &stats, &error);
    twin->index_bytes = stats.index_bytes;
    forgo_huge_pages(twin, size);
    if (stats.index_bytes == 0)
        report_difference(twin->log, "index_bytes above 0", "0");
    model_start(&twin->model, size, (uintptr_t)twin->base);
    twin_survey(twin);
}

bool twin_start(struct twin *twin, int size) {
    const struct operation op = {.call = CALL_INIT, .size = size};
    const struct outcome made = {0, CANARY};
    struct outcome got = make(twin, KIND_DEFAULT, &op);
    if (got.value != 0 && !system_maps(whole_pages((size_t)size)))
        return false;
    report_if_different(twin->log, made, got);
    adopt(twin, NULL, whole_pages((size_t)size));
    return true;
}

bool twin_create(struct twin *twin, size_t size) {
    const struct operation op = {.call = CALL_CREATE, .size = (int64_t)size};
    struct outcome got = make(twin, KIND_CREATED, &op);
    struct outcome expected = {got.value, CANARY};
    if (size == 0 || size > REGION_MOST)
        expected = (struct outcome){0, E_BAD_ARGS};
    else if (got.value == 0 && !system_maps(whole_pages(size)))
        expected = (struct outcome){0, E_NO_MEMORY};
    else if (got.value == 0)
        expected = (struct outcome){1, CANARY};
    report_if_different(twin->log, expected, got);
    if (got.value != 0)
        adopt(twin, (Mem_Region *)got.value, whole_pages(size));
    return got.value != 0;
}

/* A placed region has all that its index, in front of it, leaves: at least 97.4% of its memory,
 * less 512 bytes. */
static void check_place(const struct twin *twin, const char *memory, size_t size) {
    size_t front = (size_t)(twin->base - memory);
    size_t bytes = twin->model.region;
    if (twin->base < memory || front > size || bytes > size - front)
        report_difference(twin->log, "a region inside its memory", "one beyond it");
    if (size - bytes > 512 + (uint64_t)size * 26 / 1000)
        report_difference(twin->log, "at most 2.6% and 512 bytes for the index", "more");
    if (twin->index_bytes > front)
        report_difference(twin->log, "index_bytes that lie in front of the region", "more");
}

/* Only the library knows how large a placed region is; check_place checks it. */
static size_t bytes_of(Mem_Region *region) {
    struct Mem_Stats stats = {.region_bytes = 0};
    int error;
    calls_get_stats(region, &stats, &error);
    return stats.region_bytes;
}

bool twin_place(struct twin *twin, char *memory, size_t size) {
    const struct operation op = {
        .call = CALL_PLACE, .pointer = (uintptr_t)memory, .size = (int64_t)size};
    struct outcome got = make(twin, KIND_PLACED, &op);
    struct outcome expected = got;
    if (!memory || size > REGION_MOST || size < 4 * GRANULE)
        expected = (struct outcome){0, E_BAD_ARGS};
    else if (got.value == 0 && size >= PLACE_FOR_SURE)
        expected = (struct outcome){1, CANARY};
    else
        expected.error = got.value ? CANARY : E_BAD_ARGS;
    report_if_different(twin->log, expected, got);
    if (got.value == 0)
        return false;
    Mem_Region *region = (Mem_Region *)got.value;
    adopt(twin, region, bytes_of(region));
    check_place(twin, memory, size);
    return true;
}

void twin_end(struct twin *twin) {
    model_end(&twin->model);
    twin->region = NULL;
    twin->base = NULL;
}

void twin_destroy(struct twin *twin) {
    const struct operation op = {.call = CALL_DESTROY};
    bool can = twin->region != NULL;
    if (can)
        twin_survey(twin);
    twin_begin(twin, &op);
    struct outcome expected =
        can ? (struct outcome){0, CANARY} : (struct outcome){(uintptr_t)-1, E_BAD_ARGS};
    struct outcome got = calls_do(twin->region, &op);
    report_if_different(twin->log, expected, got);
    if (!can) {
        if (twin->base)
            twin_survey(twin);
        return;
    }
    twin_end(twin);
    twin->log->ground[twin->number] = (struct ground){.kind = twin->kind};
}
