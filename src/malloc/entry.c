/*
 * entry.c - takes an entry in the log, and keeps it; see entry.h and log.h.
 *
 * What is kept lies in memory that the child of a fork() finds as it was, but for one page, which
 * the kernel empties in the child (MADV_WIPEONFORK): so the child knows that the entry is not its
 * own, even if it was forked behind libc's back. The child of a vfork() shares the heap, and so the
 * page, with its parent, and stays with its parent's entry.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/entry.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "malloc/chunks.h"
#include "malloc/heap.h"
#include "malloc/pages.h"
#include "malloc/record.h"
#include "malloc/refusal.h"
#include "region/lifetime.h"
#include "system/os.h"

/* What takes the place of an entry that the process did not get. */
static struct mem_process own;
struct mem_process *mem_entry = &own;

/* The highest end of an object, of this image or of those that it was forked from. Written under
 * the region's lock, read at the end. */
static _Atomic(uintptr_t) top;

/* Whether this process has asked for an entry: in the page that is wiped. NULL: there is no log. */
static bool *has_asked;

/* ---- An entry ---- */

/* The end of the executable's path, which tells more than its beginning. */
static void name_executable(struct mem_process *entry) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0)
        return;
    size_t most = sizeof entry->executable - 1;
    size_t shown = (size_t)length < most ? (size_t)length : most;
    memcpy(entry->executable, path + ((size_t)length - shown), shown);
}

/* before: the figures with which the entry begins. */
static void fill(struct mem_process *entry, const struct Mem_Stats *before, uint32_t limit) {
    entry->limit = limit;
    entry->pid = (int32_t)getpid();
    entry->parent = (int32_t)getppid();
    entry->region_resident = MEM_UNKNOWN;
    entry->index_resident = MEM_UNKNOWN;
    entry->before = *before;
    entry->now = *before;
    name_executable(entry);
}

static bool is_shown(void) {
    return mem_entry != &own;
}

/* Asks for an entry, and makes it the current one; if the process gets none, it is counted as
 * missed. */
static void take(struct Mem_Region *region, const struct Mem_Stats *before, uint32_t limit) {
    uint32_t number;
    *has_asked = true;
    mem_refusal_begin();
    struct mem_process *entry = (void *)mem_chunks_take(&number);
    if (entry == NULL) {
        mem_record_stop(errno);
        __atomic_fetch_add(&mem_chunks_log->missed, 1, __ATOMIC_RELAXED);
        return;
    }
    entry->chunk = (struct mem_chunk){.kind = MEM_CHUNK_FIRST, .image = number};
    fill(entry, before, limit);
    mem_record_begin(entry, region->base);
    __atomic_store_n(&entry->state, MEM_PROCESS_LIVE, __ATOMIC_RELEASE);
    mem_entry = entry;
}

/* ---- What calls do ---- */

/* The child of a fork(): its entry begins with the figures that it finds. Its parent's is no longer
 * touched, whether the child gets one or not. To open a file is a point where a thread can be
 * cancelled, and calls of the malloc family are none. */
static void begin_again(struct Mem_Region *region) {
    struct mem_process *parents = mem_entry;
    struct Mem_Stats before;
    int cancelling;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
    (void)Mem_RegionGetStats(region, &before);
    mem_entry = &own;
    mem_record_leave();
    own = (struct mem_process){.limit = parents->limit};
    take(region, &before, parents->limit);
    if (parents != &own)
        mem_chunks_leave(&parents->chunk);
    (void)pthread_setcancelstate(cancelling, NULL);
}

/* Remembers the highest end of an object: above it, no memory of the region was ever used. */
void mem_entry_reach(const void *end) {
    if ((uintptr_t)end > atomic_load_explicit(&top, memory_order_relaxed))
        atomic_store_explicit(&top, (uintptr_t)end, memory_order_relaxed);
}

void mem_entry_settle(struct Mem_Region *region) {
    if (has_asked != NULL && !*has_asked)
        begin_again(region);
}

void mem_entry_update(struct Mem_Region *region) {
    if (is_shown())
        (void)Mem_RegionGetStats(region, &mem_entry->now);
}

static void settle_in_child(void) {
    int error = errno;
    mem_entry_settle(mem_heap_if_made());
    errno = error;
}

bool mem_entry_begin(struct Mem_Region *region, enum mem_limit limit, const char *path) {
    own.limit = limit;
    has_asked = path != NULL && mem_chunks_open(path) ? mem_pages_map_wiped() : NULL;
    if (has_asked == NULL)
        return false;
    static const struct Mem_Stats nothing;
    take(region, &nothing, limit);
    mem_entry_update(region);
    return true;
}

void mem_entry_handle_fork(void) {
    if (has_asked != NULL)
        (void)pthread_atfork(NULL, NULL, settle_in_child);
}

/* ---- What cannot be known of a process that is gone ---- */

/* The system is asked about the memory below the highest object: about all of a region of 32 GiB,
 * it would take longer to tell than many a program runs. */
static size_t reached_bytes(const struct Mem_Region *region) {
    uintptr_t highest = atomic_load_explicit(&top, memory_order_relaxed);
    return highest != 0 ? highest - (uintptr_t)region->base : 0;
}

/* A huge page is resident as a whole. */
static uint64_t region_resident(const struct Mem_Region *region) {
    enum { HUGE_PAGE = 1 << 25 }; /* none of the usual ones is larger */
    size_t all = mem_region_bytes(region);
    size_t reached = reached_bytes(region);
    return mem_pages_resident(region->base, all - reached > HUGE_PAGE ? reached + HUGE_PAGE : all);
}

static uint64_t index_resident(const struct Mem_Region *region) {
    struct mem_index_memory index =
        mem_lifetime_index_memory(region, (mem_granule)mem_granule_count(reached_bytes(region)));
    size_t last = index.all - index.reached < mem_os_round(1) ? 0 : mem_os_round(1);
    return mem_pages_resident(region, index.reached) +
           mem_pages_resident((const char *)region + index.all - last, last);
}

__attribute__((destructor)) static void end(void) {
    if (!is_shown() || !*has_asked)
        return;
    const struct Mem_Region *region = mem_heap_if_made();
    mem_entry->region_resident = region_resident(region);
    mem_entry->index_resident = index_resident(region);
    __atomic_store_n(&mem_entry->state, MEM_PROCESS_EXITED, __ATOMIC_RELEASE);
}
