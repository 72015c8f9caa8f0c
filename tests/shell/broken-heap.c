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

int Mem_Init(int sizeOfRegion) {
    return broken("init") || sizeOfRegion > REGION_BYTES ? -1 : 0;
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

void *Mem_Alloc(int size, int style) {
    (void)style;
    if (broken("killed"))
        abort();
    if (broken("exits"))
        exit(9);
    if (broken("refuses")) {
        m_error = E_BAD_ARGS;
        return NULL;
    }
    unsigned char *object = cut(((size_t)size + 15) / 16 * 16);
    if (broken("outside"))
        return region + REGION_BYTES;
    if (broken("before"))
        return (void *)((uintptr_t)region - 16);
    return broken("misaligned") ? object + 8 : object;
}

int Mem_Free(void *ptr) {
    (void)ptr;
    if (broken("free"))
        return -1;
    if (--live == 0) {
        used = broken("wanders") ? 16 : 0;
        emptied = true;
    }
    return 0;
}

/* One node: it heads what lies behind the objects. */
MemNodePtr Mem_FreeList(void) {
    MemNodePtr node = (MemNodePtr)(void *)(region + (live > 0 ? used : 0));
    bool short_of_some = emptied && broken("unjoined");
    node->size = (int)(REGION_BYTES - (live > 0 ? used : 0)) - (short_of_some ? 16 : 0);
    node->type = true;
    node->next = NULL;
    return node;
}

int Mem_Check(void) {
    return broken("check") ? -1 : 0;
}

void Mem_Dump(void) {
}
