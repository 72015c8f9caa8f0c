/*
 * regions.c - the public calls that create, destroy and trim regions; mem.h has the contracts.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "calls/default.h"
#include "calls/section.h"
#include "region/lifetime.h"
#include "region/survey.h"
#include "system/error.h"
#include "system/fork.h"
#include "system/os.h"
#include "system/public.h"

int Mem_Init(int sizeOfRegion) {
    if (sizeOfRegion <= 0 || !mem_fork_handle() || !mem_default_create((size_t)sizeOfRegion))
        return mem_error_minus_one(E_BAD_ARGS);
    return 0;
}

Mem_Region *Mem_DefaultRegion(void) {
    return mem_default();
}

Mem_Region *Mem_RegionCreate(size_t size) {
    if (size == 0 || size > MEM_REGION_REQUEST_MAX)
        return mem_error_null(E_BAD_ARGS);
    Mem_Region *region = mem_fork_handle() ? mem_lifetime_map(size) : NULL;
    return region != NULL ? region : mem_error_null(E_NO_MEMORY);
}

Mem_Region *Mem_RegionPlace(void *memory, size_t size) {
    if (memory == NULL || size > MEM_REGION_REQUEST_MAX || size > UINTPTR_MAX - (uintptr_t)memory)
        return mem_error_null(E_BAD_ARGS);
    struct mem_plan plan = mem_lifetime_plan(memory, size);
    if (plan.granules == 0)
        return mem_error_null(E_BAD_ARGS);
    Mem_Region *region = mem_fork_handle() ? mem_lifetime_place(plan) : NULL;
    return region != NULL ? region : mem_error_null(E_NO_MEMORY);
}

int Mem_RegionDestroy(Mem_Region *region) {
    if (region == NULL || region == mem_default())
        return mem_error_minus_one(E_BAD_ARGS);
    int error = mem_lifetime_end(region);
    return error == 0 ? 0 : mem_error_minus_one(error);
}

/* Gives back the whole pages of a chunk behind its node; returns the bytes that the system took. */
static size_t trim_chunk(const struct mem_chunk *chunk) {
    size_t start = mem_granule_bytes(chunk->g);
    size_t first = mem_os_round(start + sizeof(struct __list_t));
    size_t end = mem_os_round_down(start + mem_granule_bytes(chunk->granules));
    return first < end ? mem_os_discard((char *)chunk->address + (first - start), end - first) : 0;
}

/* Drops the lock between two chunks, because the system may take long. */
static size_t trim(struct Mem_Region *region) {
    struct mem_chunk chunk = {.granules = 0};
    size_t bytes = 0;
    bool more = region->mapped;
    while (more) {
        bool taken = mem_section_enter(region);
        more = mem_survey_chunk_from(region, chunk.g + chunk.granules, &chunk);
        if (more)
            bytes += trim_chunk(&chunk);
        mem_section_leave(region, taken);
    }
    return bytes;
}

size_t Mem_RegionTrim(Mem_Region *region) {
    return region != NULL ? trim(region) : mem_error_zero(E_BAD_ARGS);
}

size_t Mem_Trim(void) {
    return Mem_RegionTrim(mem_default());
}
