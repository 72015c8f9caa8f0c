/*
 * broken-heap.c - a heap with the interface of mem.h that fails in the way that
 * the environment variable BROKEN_HEAP names. mem-replay is linked with it to
 * test that the failures of a heap are noticed.
 *
 * It cuts objects from the front of the region and starts again at the front when no object is
 * live. Without BROKEN_HEAP it works correctly.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REGION_BYTES (1 << 20)

static _Alignas(4096) unsigned char region[REGION_BYTES];
static size_t used; /* bytes at the front of the region */
static size_t live; /* objects */
static bool emptied;
static int error;

static bool broken(const char *way) {
    const char *chosen = getenv("BROKEN_HEAP");
    return chosen != NULL && strcmp(chosen, way) == 0;
}

int *Mem_ErrorLocation(void) {
    return &error;
}

Mem_Region *Mem_RegionCreate(size_t size) {
    return broken("init") || size > REGION_BYTES ? NULL : (Mem_Region *)(void *)region;
}

int Mem_RegionDestroy(Mem_Region *of) {
    (void)of;
    return 0;
}

static unsigned char *cut(size_t bytes) {
    if (bytes > REGION_BYTES - used) {
        m_error = E_NO_SPACE;
        return NULL;
    }
    unsigned char *object = region + used;
    used += broken("overlap") ? 16 : bytes;
    live++;
    return object;
}

void *Mem_RegionAlloc(Mem_Region *of, size_t size, int style) {
    (void)of;
    (void)style;
    if (broken("killed"))
        abort();
    if (broken("exits"))
        exit(9);
    if (broken("refuses")) {
        m_error = E_BAD_ARGS;
        return NULL;
    }
    unsigned char *object = cut((size + 15) / 16 * 16);
    if (broken("outside"))
        return region + REGION_BYTES;
    if (broken("before"))
        return (void *)((uintptr_t)region - 16);
    return broken("misaligned") ? object + 8 : object;
}

int Mem_RegionFree(Mem_Region *of, void *ptr) {
    (void)of;
    (void)ptr;
    if (broken("free"))
        return -1;
    if (--live == 0) {
        used = broken("wanders") ? 16 : 0;
        emptied = true;
    }
    return 0;
}

/* It moves each object, with what may lie behind it. */
void *Mem_RegionRealloc(Mem_Region *of, void *ptr, size_t size, int style) {
    unsigned char *old = ptr;
    unsigned char *object = Mem_RegionAlloc(of, size, style);
    if (object == NULL)
        return NULL;
    size_t most = (size_t)(region + REGION_BYTES - old);
    if (!broken("resize"))
        memmove(object, old, size < most ? size : most);
    live--;
    return object;
}

void *Mem_RegionAlignedAlloc(Mem_Region *of, size_t alignment, size_t size, int style) {
    if (!broken("alignment"))
        used = (used + alignment - 1) / alignment * alignment;
    return Mem_RegionAlloc(of, size, style);
}

/* One node: it heads what lies behind the objects. */
MemNodePtr Mem_RegionFreeList(Mem_Region *of) {
    (void)of;
    MemNodePtr node = (MemNodePtr)(void *)(region + (live > 0 ? used : 0));
    bool short_of_some = emptied && broken("unjoined");
    node->size = (int)(REGION_BYTES - (live > 0 ? used : 0)) - (short_of_some ? 16 : 0);
    node->type = true;
    node->next = NULL;
    return node;
}

int Mem_RegionCheck(Mem_Region *of) {
    (void)of;
    return broken("check") ? -1 : 0;
}

int Mem_RegionGetStats(Mem_Region *of, struct Mem_Stats *stats) {
    if (stats == NULL || broken("stats"))
        return -1;
    size_t bytes = (size_t)Mem_RegionFreeList(of)->size;
    *stats = (struct Mem_Stats){.free_chunks = 1, .largest_free = bytes};
    return 0;
}

void Mem_RegionDump(Mem_Region *of) {
    (void)of;
}
