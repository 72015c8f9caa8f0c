/*
 * calls.c - Mem_X() for the default region, Mem_RegionX() for the others; see
 * calls.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "calls.h"

bool calls_return_pointer(enum call call) {
    return call == CALL_CREATE || call == CALL_PLACE || call == CALL_ALLOC || call == CALL_CALLOC ||
           call == CALL_ALIGNED || call == CALL_RESIZE;
}

const char *calls_name(enum call call) {
    static const char *const names[CALL_COUNT] = {
        [CALL_NONE] = "",           [CALL_INIT] = "Init",
        [CALL_CREATE] = "Create",   [CALL_PLACE] = "Place",
        [CALL_DESTROY] = "Destroy", [CALL_ALLOC] = "Alloc",
        [CALL_CALLOC] = "Calloc",   [CALL_ALIGNED] = "AlignedAlloc",
        [CALL_RESIZE] = "Realloc",  [CALL_FREE] = "Free",
        [CALL_SIZE] = "Size",       [CALL_WALK] = "Walk",
        [CALL_TRIM] = "Trim",
    };
    return names[call];
}

static uintptr_t value_on_default(const struct operation *op) {
    int size = (int)op->size;
    void *pointer = (void *)op->pointer;
    switch (op->call) {
    case CALL_INIT:
        return (uintptr_t)Mem_Init(size);
    case CALL_DESTROY:
        return (uintptr_t)Mem_RegionDestroy(Mem_DefaultRegion());
    case CALL_ALLOC:
        return (uintptr_t)Mem_Alloc(size, op->style);
    case CALL_CALLOC:
        return (uintptr_t)Mem_Calloc((int)op->count, size, op->style);
    case CALL_ALIGNED:
        return (uintptr_t)Mem_AlignedAlloc((int)op->alignment, size, op->style);
    case CALL_RESIZE:
        return (uintptr_t)Mem_Realloc(pointer, size, op->style);
    case CALL_FREE:
        return (uintptr_t)Mem_Free(pointer);
    case CALL_SIZE:
        return (uintptr_t)Mem_Size(pointer);
    default:
        return Mem_Trim();
    }
}

static uintptr_t value_on_region(Mem_Region *region, const struct operation *op) {
    size_t size = (size_t)op->size;
    void *pointer = (void *)op->pointer;
    switch (op->call) {
    case CALL_DESTROY:
        return (uintptr_t)Mem_RegionDestroy(region);
    case CALL_ALLOC:
        return (uintptr_t)Mem_RegionAlloc(region, size, op->style);
    case CALL_CALLOC:
        return (uintptr_t)Mem_RegionCalloc(region, (size_t)op->count, size, op->style);
    case CALL_ALIGNED:
        return (uintptr_t)Mem_RegionAlignedAlloc(region, (size_t)op->alignment, size, op->style);
    case CALL_RESIZE:
        return (uintptr_t)Mem_RegionRealloc(region, pointer, size, op->style);
    case CALL_FREE:
        return (uintptr_t)Mem_RegionFree(region, pointer);
    case CALL_SIZE:
        return Mem_RegionSize(region, pointer);
    default:
        return Mem_RegionTrim(region);
    }
}

struct outcome calls_do(Mem_Region *region, const struct operation *op) {
    struct outcome outcome;
    m_error = CANARY;
    if (op->call == CALL_CREATE)
        outcome.value = (uintptr_t)Mem_RegionCreate((size_t)op->size);
    else if (op->call == CALL_PLACE)
        outcome.value = (uintptr_t)Mem_RegionPlace((void *)op->pointer, (size_t)op->size);
    else if (region)
        outcome.value = value_on_region(region, op);
    else
        outcome.value = value_on_default(op);
    outcome.error = m_error;
    return outcome;
}

MemNodePtr calls_free_list(Mem_Region *region) {
    return region ? Mem_RegionFreeList(region) : Mem_FreeList();
}

int calls_check(Mem_Region *region, int *error) {
    m_error = CANARY;
    int status = region ? Mem_RegionCheck(region) : Mem_Check();
    *error = m_error;
    return status;
}

int calls_get_stats(Mem_Region *region, struct Mem_Stats *stats, int *error) {
    m_error = CANARY;
    int status = region ? Mem_RegionGetStats(region, stats) : Mem_GetStats(stats);
    *error = m_error;
    return status;
}

int calls_walk(Mem_Region *region, calls_visitor *visit, void *context, int *error) {
    m_error = CANARY;
    int status = region ? Mem_RegionWalk(region, visit, context) : Mem_Walk(visit, context);
    *error = m_error;
    return status;
}
