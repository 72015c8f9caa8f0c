/*
 * watch.c - what AddressSanitizer and Valgrind's memcheck are told; see watch.h.
 *
 * AddressSanitizer is present if the program was built with it: its functions are weak here, so
 * that one library serves programs with and without it. Memcheck is told by client requests,
 * instruction sequences that do nothing outside Valgrind; they are compiled in where its header is
 * installed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region/watch.h"

#include "system/gate.h"
#include "system/races.h"

/* ---- AddressSanitizer ---- */

#define WEAK __attribute__((weak, visibility("default")))
WEAK void __asan_poison_memory_region(const volatile void *start, size_t bytes);
WEAK void __asan_unpoison_memory_region(const volatile void *start, size_t bytes);
WEAK void *__asan_region_is_poisoned(void *start, size_t bytes);
/* LeakSanitizer's, which also comes alone. A region is a root for it, since objects may hold the
 * only pointers to memory from malloc. */
WEAK void __lsan_register_root_region(const void *start, size_t bytes);
WEAK void __lsan_unregister_root_region(const void *start, size_t bytes);

static bool asan_is_on(void) {
    return __asan_poison_memory_region != NULL && __asan_unpoison_memory_region != NULL &&
           __asan_region_is_poisoned != NULL;
}

/* ---- memcheck ---- */

#ifdef HAVE_VALGRIND_MEMCHECK_H

#include <valgrind/memcheck.h>

/* Only memcheck answers this request. */
static bool memcheck_is_on(void) {
    char byte = 0;
    return VALGRIND_MAKE_MEM_DEFINED(&byte, sizeof byte) != 0;
}

static void memcheck_forbid(char *start, size_t bytes) {
    (void)VALGRIND_MAKE_MEM_NOACCESS(start, bytes);
}

static void memcheck_allow(char *start, size_t bytes) {
    (void)VALGRIND_MAKE_MEM_DEFINED(start, bytes);
}

/* The same, but the contents are undefined. */
static void memcheck_allow_fresh(char *start, size_t bytes) {
    (void)VALGRIND_MAKE_MEM_UNDEFINED(start, bytes);
}

/* Memcheck's records of objects. */

static void memcheck_allocated(char *start, size_t bytes) {
    VALGRIND_MALLOCLIKE_BLOCK(start, bytes, 0, 0);
}

static void memcheck_freed(char *start) {
    VALGRIND_FREELIKE_BLOCK(start, 0);
}

static void memcheck_resized(char *start, size_t before, size_t bytes) {
    VALGRIND_RESIZEINPLACE_BLOCK(start, before, bytes, 0);
}

static void memcheck_hush(void) {
    VALGRIND_DISABLE_ERROR_REPORTING;
}

static void memcheck_unhush(void) {
    VALGRIND_ENABLE_ERROR_REPORTING;
}

/* The answer is 3 for a byte that is forbidden. */
static bool memcheck_is_forbidden(char *byte) {
    unsigned char bits;
    return VALGRIND_GET_VBITS(byte, &bits, 1) == 3;
}

#else

static bool memcheck_is_on(void) {
    return false;
}

static void memcheck_forbid(char *start, size_t bytes) {
    (void)start;
    (void)bytes;
}

static void memcheck_allow(char *start, size_t bytes) {
    (void)start;
    (void)bytes;
}

static void memcheck_allow_fresh(char *start, size_t bytes) {
    (void)start;
    (void)bytes;
}

static void memcheck_allocated(char *start, size_t bytes) {
    (void)start;
    (void)bytes;
}

static void memcheck_freed(char *start) {
    (void)start;
}

static void memcheck_resized(char *start, size_t before, size_t bytes) {
    (void)start;
    (void)before;
    (void)bytes;
}

static void memcheck_hush(void) {
}

static void memcheck_unhush(void) {
}

static bool memcheck_is_forbidden(char *byte) {
    (void)byte;
    return false;
}

#endif

/* ---- Whichever is there ---- */

bool mem_watch_is_on(void) {
    return asan_is_on() || memcheck_is_on() || __lsan_register_root_region != NULL ||
           mem_races_are_sought();
}

static void forbid(char *start, size_t bytes) {
    if (asan_is_on())
        __asan_poison_memory_region(start, bytes);
    else
        memcheck_forbid(start, bytes);
}

static void allow(char *start, size_t bytes) {
    if (asan_is_on())
        __asan_unpoison_memory_region(start, bytes);
    else
        memcheck_allow(start, bytes);
}

static void allow_fresh(char *start, size_t bytes) {
    if (asan_is_on())
        __asan_unpoison_memory_region(start, bytes);
    else
        memcheck_allow_fresh(start, bytes);
}

static bool is_forbidden(char *byte) {
    if (asan_is_on())
        return __asan_region_is_poisoned(byte, 1) != NULL;
    return memcheck_is_forbidden(byte);
}

void mem_watch_hush(void) {
    memcheck_hush();
}

void mem_watch_unhush(void) {
    memcheck_unhush();
}

void mem_watch_enter(const struct Mem_Region *region, bool taken) {
    if (taken)
        mem_races_taken(region->lock);
    mem_watch_hush();
}

void mem_watch_leave(const struct Mem_Region *region, bool taken) {
    mem_watch_unhush();
    if (taken)
        mem_races_dropping(region->lock);
}

/* ---- A region ---- */

/* Whether memcheck has records of the region's objects, by which it tells which object an address
 * belonged to and which were lost. It has none for placed regions: it allows no object inside
 * another, and a placed region may lie in an object. */
static bool has_records(const struct Mem_Region *region) {
    return region->mapped && !asan_is_on();
}

static char *at(const struct Mem_Region *region, mem_granule g) {
    return mem_region_address(region, g);
}

static void forbid_granules(const struct Mem_Region *region, mem_granule g, mem_granule end) {
    forbid(at(region, g), mem_granule_bytes(end - g));
}

/* Allows the node at g, if a chunk starts there. */
static void allow_node(const struct Mem_Region *region, mem_granule g) {
    if (mem_index_is_chunk(&region->index, g))
        allow(at(region, g), sizeof(struct __list_t));
}

/* region->base points to the first object, so memcheck's search for leaks would count that object
 * as reachable. It does not follow pointers in forbidden memory: so `base` is forbidden, and
 * whoever reads it hushes memcheck first. */
static void hide_base(struct Mem_Region *region) {
    memcheck_forbid((char *)&region->base, sizeof region->base);
}

static void show_base(struct Mem_Region *region) {
    memcheck_allow((char *)&region->base, sizeof region->base);
}

/* LeakSanitizer takes a lock of its own here. The gate is held around that, so that no fork() comes
 * in between and leaves the lock taken in the child. */

static void make_root(const struct Mem_Region *region) {
    bool entered = mem_gate_enter();
    if (__lsan_register_root_region != NULL)
        __lsan_register_root_region(at(region, 0), mem_region_bytes(region));
    mem_gate_leave(entered);
}

static void unmake_root(const struct Mem_Region *region) {
    bool entered = mem_gate_enter();
    if (__lsan_unregister_root_region != NULL)
        __lsan_unregister_root_region(at(region, 0), mem_region_bytes(region));
    mem_gate_leave(entered);
}

void mem_watch_begin(struct Mem_Region *region) {
    mem_watch_hush(); /* DRD reports a lock that is made again in a recycled entry */
    mem_races_made(region->lock);
    mem_watch_unhush();
    mem_races_allow(&m_error);
    if (region->mapped)
        mem_races_watch(region->base, mem_region_bytes(region));
    forbid_granules(region, 0, mem_index_granules(&region->index));
    allow_node(region, 0);
    make_root(region);
    hide_base(region);
}

void mem_watch_reclaim(char *memory, size_t bytes) {
    allow_fresh(memory, bytes);
}

/* Frees the objects in memcheck's records, since others may take their addresses. */
static void drop_records(const struct Mem_Region *region) {
    const struct mem_index *index = &region->index;
    for (mem_granule g = 0; g < mem_index_granules(index); g = mem_index_end(index, g))
        if (mem_index_is_object(index, g))
            memcheck_freed(at(region, g));
}

void mem_watch_end(struct Mem_Region *region) {
    show_base(region);
    unmake_root(region);
    if (has_records(region))
        drop_records(region);
    allow_fresh(at(region, 0), mem_region_bytes(region));
}

/* The requested sizes are lost, so all bytes of each object are allowed. */
void mem_watch_resume(struct Mem_Region *region) {
    const struct mem_index *index = &region->index;
    forbid_granules(region, 0, mem_index_granules(index));
    for (mem_granule g = 0; g < mem_index_granules(index); g = mem_index_end(index, g)) {
        if (mem_index_is_object(index, g)) {
            mem_watch_allocated(region, g, mem_region_object_bytes(region, g));
            allow(at(region, g), mem_region_object_bytes(region, g));
        } else {
            allow_node(region, g);
        }
    }
    make_root(region);
    hide_base(region);
}

struct mem_watch_before mem_watch_look(const struct Mem_Region *region, mem_granule g) {
    mem_granule end = mem_index_end(&region->index, g);
    return (struct mem_watch_before){g, end, mem_index_is_chunk(&region->index, end)};
}

void mem_watch_allocated(const struct Mem_Region *region, mem_granule g, size_t bytes) {
    mem_granule end = mem_index_end(&region->index, g);
    forbid_granules(region, g, end);
    allow_fresh(at(region, g), bytes);
    if (has_records(region))
        memcheck_allocated(at(region, g), bytes);
    allow_node(region, end);
}

/* If a chunk followed, it was merged, and its first granule is not a node any more. */
static void forbid_node_behind(const struct Mem_Region *region, struct mem_watch_before before) {
    if (before.chunk_follows)
        forbid_granules(region, before.end, before.end + 1);
}

void mem_watch_freed(const struct Mem_Region *region, struct mem_watch_before before) {
    if (has_records(region))
        memcheck_freed(at(region, before.g));
    forbid_granules(region, before.g, before.end);
    forbid_node_behind(region, before);
    allow_node(region, before.g);
}

/* The bytes that were requested for the object from g to end: all but the forbidden rounding in its
 * last granule. If even the first byte of that granule is forbidden, the program has poisoned it
 * itself; then the whole object counts. */
static size_t requested(const struct Mem_Region *region, mem_granule g, mem_granule end) {
    char *last = at(region, end - 1);
    if (is_forbidden(last))
        return mem_granule_bytes(end - g);
    size_t bytes = 1;
    while (bytes < MEM_GRANULE_BYTES && !is_forbidden(last + bytes))
        bytes++;
    return mem_granule_bytes(end - 1 - g) + bytes;
}

/* Leaves the bytes alone that the object keeps: another thread may be using them. */
void mem_watch_resized(const struct Mem_Region *region, struct mem_watch_before before,
                       size_t bytes) {
    char *start = at(region, before.g);
    mem_granule end = mem_index_end(&region->index, before.g);
    size_t bytes_before = requested(region, before.g, before.end);
    if (end != before.end)
        forbid_node_behind(region, before);
    if (has_records(region))
        memcheck_resized(start, bytes_before, bytes);
    if (bytes > bytes_before)
        allow_fresh(start + bytes_before, bytes - bytes_before);
    else
        forbid(start + bytes, mem_granule_bytes(before.end - before.g) - bytes);
    allow_node(region, end);
}

size_t mem_watch_bytes(const struct Mem_Region *region, mem_granule g) {
    return requested(region, g, mem_index_end(&region->index, g));
}

void mem_watch_allow_all(const struct Mem_Region *region, mem_granule g) {
    struct mem_watch_before object = mem_watch_look(region, g);
    mem_watch_resized(region, object, mem_granule_bytes(object.end - g));
}
