/*
 * entry.c - takes an entry in the file of figures, and keeps it; see entry.h and figures.h.
 *
 * What is kept lies in memory that the child of a fork() finds as it was, but for one page, which
 * the kernel empties in the child (MADV_WIPEONFORK): so the child knows that the entry is not its
 * own, even if it was forked behind libc's back. The child of a vfork() shares the heap, and so the
 * page, with its parent, and stays with its parent's entry.
 *
 * No descriptor is kept: programs close those that they do not know, and take their numbers.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "malloc/heap.h"
#include "malloc/pages.h"
#include "region/lifetime.h"
#include "system/os.h"

static struct mem_process own;
struct mem_process *mem_entry = &own;
bool mem_entry_is_shown;

/* The highest end of an object, of this image or of those that it was forked from. */
static _Atomic(uintptr_t) top;

/* What is needed to take another entry after fork(). */
struct kept {
    struct mem_figures *header;
    bool *is_own; /* whether the entry is this process' own: in the page that is wiped */
    char path[PATH_MAX];
};
static struct kept *kept;

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
    __atomic_store_n(&entry->state, MEM_PROCESS_LIVE, __ATOMIC_RELEASE);
}

/* ---- Its place in the file ---- */

/* A file that would grow beyond this limit brings a signal that ends the program. */
static bool may_reach(uint64_t end) {
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && end <= limit.rlim_cur;
}

/* Has the file system set memory aside for an entry; a signal may come in between. */
static bool give_memory(int descriptor, uint64_t offset) {
    int error;
    do
        error = posix_fallocate(descriptor, (off_t)offset, sizeof(struct mem_process));
    while (error == EINTR);
    return error == 0;
}

/* The next entry, with memory of its own; NULL when there is none, or no memory. */
static struct mem_process *claim(int descriptor, struct mem_figures *header) {
    uint32_t number = __atomic_fetch_add(&header->processes, 1, __ATOMIC_RELAXED);
    uint64_t offset = mem_figures_offset(number);
    if (number >= MEM_FIGURES_PROCESSES || !may_reach(offset + sizeof(struct mem_process)) ||
        !give_memory(descriptor, offset))
        return NULL;
    return mem_pages_map_file(descriptor, offset, sizeof(struct mem_process));
}

/* Opens the file, which other programs may have removed or replaced meanwhile. */
static int open_file(const char *path) {
    return open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* Takes an entry, and makes it the current one; false, with the image counted as missed, when it
 * gets none. */
static bool take(const struct Mem_Stats *before, uint32_t limit) {
    int descriptor = open_file(kept->path);
    struct mem_process *entry = NULL;
    if (descriptor >= 0) {
        entry = claim(descriptor, kept->header);
        close(descriptor);
    }
    if (entry == NULL) {
        __atomic_fetch_add(&kept->header->missed, 1, __ATOMIC_RELAXED);
        return false;
    }
    fill(entry, before, limit);
    mem_entry = entry;
    *kept->is_own = true;
    return true;
}

/* ---- The file ---- */

static bool is_header(const struct mem_figures *header) {
    struct mem_figures expected;
    mem_figures_begin(&expected);
    return memcmp(header, &expected, offsetof(struct mem_figures, processes)) == 0;
}

/* Maps the header of the file, if it is one of figures. */
static struct mem_figures *map_header(const char *path) {
    struct mem_figures copy;
    struct mem_figures *header = NULL;
    int descriptor = open_file(path);
    if (descriptor < 0)
        return NULL;
    if (pread(descriptor, &copy, sizeof copy, 0) == (ssize_t)sizeof copy && is_header(&copy))
        header = mem_pages_map_file(descriptor, 0, sizeof *header);
    close(descriptor);
    return header;
}

/* What a fork() is to find; false when the system refuses memory, or there is no such file. */
static bool make_kept(const char *path) {
    size_t length = strlen(path);
    struct kept *made = length < sizeof made->path ? mem_os_map(mem_os_round(sizeof *made)) : NULL;
    if (made == NULL)
        return false;
    memcpy(made->path, path, length + 1);
    made->is_own = mem_pages_map_wiped();
    made->header = made->is_own != NULL ? map_header(path) : NULL;
    kept = made;
    return made->header != NULL;
}

/* ---- What calls do ---- */

/* The child of a fork(): its entry begins with the figures that it finds. Its parent's is no longer
 * touched, whether there is another or not. To open a file is a point where a thread can be
 * cancelled, and calls of the malloc family are none. */
static void begin_again(struct Mem_Region *region) {
    struct mem_process *parents = mem_entry;
    struct Mem_Stats before;
    int cancelling;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
    (void)Mem_RegionGetStats(region, &before);
    mem_entry = &own;
    mem_entry_is_shown = take(&before, parents->limit);
    mem_pages_unmap_file(parents, sizeof *parents);
    (void)pthread_setcancelstate(cancelling, NULL);
}

/* Remembers the highest end of an object: above it, no memory of the region was ever used. */
void mem_entry_reach(const void *end) {
    uintptr_t reached = (uintptr_t)end;
    uintptr_t highest = atomic_load_explicit(&top, memory_order_relaxed);
    bool settled = reached <= highest;
    while (!settled)
        settled = atomic_compare_exchange_weak(&top, &highest, reached) || reached <= highest;
}

void mem_entry_settle(struct Mem_Region *region) {
    if (mem_entry_is_shown && !*kept->is_own)
        begin_again(region);
}

void mem_entry_update(struct Mem_Region *region) {
    if (mem_entry_is_shown)
        (void)Mem_RegionGetStats(region, &mem_entry->now);
}

static void settle_in_child(void) {
    int error = errno;
    mem_entry_settle(mem_heap_if_made());
    errno = error;
}

bool mem_entry_begin(struct Mem_Region *region, enum mem_limit limit, const char *path) {
    own.limit = limit;
    if (path == NULL || !make_kept(path))
        return false;
    static const struct Mem_Stats nothing;
    mem_entry_is_shown = take(&nothing, limit);
    mem_entry_update(region);
    return mem_entry_is_shown;
}

void mem_entry_handle_fork(void) {
    if (mem_entry_is_shown)
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
    if (!mem_entry_is_shown || !*kept->is_own)
        return;
    const struct Mem_Region *region = mem_heap_if_made();
    mem_entry->region_resident = region_resident(region);
    mem_entry->index_resident = index_resident(region);
    __atomic_store_n(&mem_entry->state, MEM_PROCESS_EXITED, __ATOMIC_RELEASE);
}
