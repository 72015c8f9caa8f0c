/*
 * adapter-libmem.c - libmem, with any of its styles.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <limits.h>
#include <mem.h>

static int style;
static void *region;

/* Assertions that check the whole index at every call leave nothing to measure. */
#ifdef MEM_DEBUG
#define BUILD ", built with --enable-debug: its times tell nothing"
#else
#define BUILD ""
#endif

const char *adapter_version(void) {
    return "libmem " MEM_VERSION_STRING BUILD;
}

static bool choose_style(enum policy policy) {
    static const int styles[] = {
        [POLICY_FIRST] = FIRSTFIT, [POLICY_WORST] = WORSTFIT, [POLICY_BEST] = BESTFIT};
    style = styles[policy];
    return policy != POLICY_OWN;
}

bool adapter_start(size_t bytes, enum policy policy, bool threads) {
    (void)threads; /* the library finds out */
    if (!choose_style(policy) || bytes > INT_MAX || Mem_Init((int)bytes) != 0)
        return false;
    region = Mem_FreeList();
    return true;
}

void *adapter_region(void) {
    return region;
}

void *adapter_allocate(size_t bytes) {
    return Mem_Alloc((int)bytes, style);
}

void adapter_release(void *object) {
    Mem_Free(object);
}
