/*
 * watched.c - calls that are watched; see watched.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/watched.h"

#include <errno.h>

#include "malloc/entry.h"
#include "malloc/heap.h"
#include "malloc/record.h"
#include "malloc/refusal.h"
#include "malloc/trim.h"
#include "system/public.h"

/* ---- A section ---- */

struct section {
    bool taken;
    int error; /* errno as the program left it */
};

static struct section enter(struct Mem_Region *region) {
    struct section section = {.error = errno};
    section.taken = mem_lock_keep(region->lock);
    mem_entry_settle(region);
    mem_record_call();
    return section;
}

static void leave(struct Mem_Region *region, struct section section) {
    mem_entry_update(region);
    mem_trim_note(region);
    mem_lock_keep_no_more(region->lock, section.taken);
    errno = section.error;
}

/* ---- The calls ---- */

/* Why the region has just refused a request for so many bytes. */
static enum mem_event_why why_refused(struct Mem_Region *region, size_t size) {
    if (!mem_heap_has_room(region, size))
        return MEM_EVENT_FULL;
    mem_entry_count(&mem_entry->fragmented);
    return MEM_EVENT_FRAGMENTED;
}

void *mem_watched_alloc(struct Mem_Region *region, size_t alignment, size_t size,
                        const void *caller) {
    struct section section = enter(region);
    bool told = mem_refusal_is_due(caller);
    void *object =
        told ? NULL
             : Mem_RegionAlignedAlloc(region, alignment, mem_heap_bytes(size), mem_heap_style);
    if (object != NULL) {
        mem_entry_reach((char *)object + size);
        mem_record_alloc(object, alignment, size, caller);
    } else {
        enum mem_event_why why = told ? MEM_EVENT_TOLD : why_refused(region, size);
        mem_record_refused(NULL, alignment, size, why, caller);
    }
    leave(region, section);
    if (object == NULL)
        errno = ENOMEM;
    return object;
}

bool mem_watched_free(struct Mem_Region *region, void *ptr, const void *caller) {
    struct section section = enter(region);
    bool freed = Mem_RegionFree(region, ptr) == 0;
    if (freed)
        mem_record_free(ptr, caller);
    else
        mem_record_nothing();
    leave(region, section);
    return freed;
}

/* Whether an object is there, and has fewer bytes. */
static bool grows(struct Mem_Region *region, void *ptr, size_t size) {
    size_t now = Mem_RegionSize(region, ptr);
    return now > 0 && size > now;
}

void *mem_watched_resize(struct Mem_Region *region, void *ptr, size_t size,
                         struct mem_misuse_call call) {
    struct section section = enter(region);
    bool told = grows(region, ptr, size) && mem_refusal_is_due(call.caller);
    void *object =
        told ? NULL : Mem_RegionRealloc(region, ptr, mem_heap_bytes(size), mem_heap_style);
    bool bad = !told && object == NULL && *Mem_ErrorLocation() == E_BAD_POINTER;
    if (object != NULL) {
        mem_entry_reach((char *)object + size);
        mem_record_resize(ptr, object, size, call.caller);
    } else if (bad) {
        mem_record_nothing();
    } else {
        enum mem_event_why why = told ? MEM_EVENT_TOLD : why_refused(region, size);
        mem_record_refused(ptr, 1, size, why, call.caller);
    }
    leave(region, section);
    if (bad)
        mem_misuse_bad(region, ptr, call);
    if (object == NULL)
        errno = ENOMEM;
    return object;
}
