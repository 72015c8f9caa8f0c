/*
 * section.h - what calls on a region do around their work: they take the lock, and keep a tool that
 * watches the region (watch.h) from reporting the library's own accesses. (In plain regions, the
 * short ways of mem.c only take the lock.)
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_SECTION_H
#define MEM_SECTION_H

#include "region/region.h"
#include "region/watch.h"
#include "system/lock.h"

/* Returns whether the lock was taken, for mem_section_leave. */
static inline bool mem_section_enter(struct Mem_Region *region) {
    bool taken = mem_lock_take(region->lock);
    if (region->watched)
        mem_watch_enter(region, taken);
    return taken;
}

static inline void mem_section_leave(struct Mem_Region *region, bool taken) {
    if (region->watched)
        mem_watch_leave(region, taken);
    mem_lock_drop(region->lock, taken);
}

#endif
