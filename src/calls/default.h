/*
 * default.h - the default region: made once by Mem_Init, and found fast by every
 * other call.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_DEFAULT_H
#define MEM_DEFAULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "region/region.h"
#include "system/names.h"

/* NULL until Mem_Init has succeeded. Written once, by mem_default_create. */
extern _Atomic(struct Mem_Region *) mem_default_pointer;

/* The default region while it is plain (region.h), else NULL: one test on the short way answers
 * both questions. The region itself sets it to NULL when it stops being plain. Hidden symbols are
 * read without a look-up of their address. */
extern __attribute__((visibility("hidden"))) _Atomic(struct Mem_Region *) mem_default_plain_pointer;

/* The default region, or NULL. The acquire pairs with the release that publishes it: a thread that
 * sees the pointer sees the region. */
static inline struct Mem_Region *mem_default(void) {
    return atomic_load_explicit(&mem_default_pointer, memory_order_acquire);
}

/* The default region, or NULL when there is none or it is not plain. Where there are other threads,
 * it may be plain no longer: who has taken the lock looks again. */
static inline struct Mem_Region *mem_default_plain(void) {
    return atomic_load_explicit(&mem_default_plain_pointer, memory_order_acquire);
}

/* Creates the default region; false when there is one or the system refuses. Of
 * calls that race, one succeeds. */
bool mem_default_create(size_t bytes);

#endif
