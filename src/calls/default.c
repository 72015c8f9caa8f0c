/*
 * default.c - the default region and its creation.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "calls/default.h"

#include "region/lifetime.h"
#include "system/gate.h"
#include "system/public.h"

_Atomic(struct Mem_Region *) mem_default_pointer;
_Atomic(struct Mem_Region *) mem_default_plain_pointer;

/* A linker takes from libmem.a what somebody refers to, and every program with a region has this
 * file: so it brings what debuggers look for. */
static __attribute__((used)) const struct Mem_DebugLayout *const layout = &Mem_DebugLayout;

static bool create_once(size_t bytes) {
    if (mem_default() != NULL)
        return false;
    struct Mem_Region *region = mem_lifetime_map(bytes);
    if (region == NULL)
        return false;
    if (region->plain) {
        region->shortcut = &mem_default_plain_pointer;
        atomic_store_explicit(&mem_default_plain_pointer, region, memory_order_release);
    }
    atomic_store_explicit(&mem_default_pointer, region, memory_order_release);
    return true;
}

bool mem_default_create(size_t bytes) {
    bool entered = mem_gate_enter();
    bool created = create_once(bytes);
    mem_gate_leave(entered);
    return created;
}
