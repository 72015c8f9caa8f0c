/*
 * inspect.c - the functions of the malloc family that tell of the heap, and those that would tune
 * it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

#include "malloc/cache.h"
#include "malloc/entry.h"
#include "malloc/family.h"
#include "malloc/foreign.h"
#include "malloc/heap.h"
#include "malloc/trim.h"
#include "system/output.h"
#include "system/public.h"

/* 0 for NULL, and for what starts no live object. */
MEM_FAMILY size_t malloc_usable_size(void *ptr) {
    struct Mem_Region *region = mem_heap_if_made();
    if (ptr == NULL)
        return 0;
    return mem_heap_has(region, ptr) ? mem_cache_size(region, ptr) : mem_foreign_usable_size(ptr);
}

#ifdef __GLIBC__

/* All figures are 0 when the system has refused a region. */
static struct Mem_Stats figures(void) {
    struct Mem_Stats stats = {.region_bytes = 0};
    mem_cache_empty();
    (void)Mem_RegionGetStats(mem_heap(), &stats);
    return stats;
}

/* ---- As numbers ---- */

/* Free chunks are "ordinary blocks" there, and the last is what malloc_trim gives back: here, all
 * free pages are. */
#ifdef HAVE_MALLINFO2
MEM_FAMILY struct mallinfo2 mallinfo2(void) {
    struct Mem_Stats stats = figures();
    return (struct mallinfo2){
        .arena = stats.region_bytes,
        .ordblks = stats.free_chunks,
        .uordblks = stats.live_bytes,
        .fordblks = stats.free_bytes,
        .keepcost = stats.free_bytes,
    };
}
#endif

static int capped(size_t number) {
    return number < INT_MAX ? (int)number : INT_MAX;
}

static struct mallinfo capped_figures(void) {
    struct Mem_Stats stats = figures();
    return (struct mallinfo){
        .arena = capped(stats.region_bytes),
        .ordblks = capped(stats.free_chunks),
        .uordblks = capped(stats.live_bytes),
        .fordblks = capped(stats.free_bytes),
        .keepcost = capped(stats.free_bytes),
    };
}

MEM_FAMILY struct mallinfo mallinfo(void) {
    return capped_figures();
}

MEM_FAMILY struct mallinfo __libc_mallinfo(void);
MEM_FAMILY struct mallinfo __libc_mallinfo(void) {
    return capped_figures();
}

/* ---- As text ---- */

static void put(struct mem_output *output, const char *name, uint64_t number) {
    mem_output_string(output, name);
    mem_output_number(output, (size_t)number, 21);
    mem_output_end_line(output);
}

MEM_FAMILY void malloc_stats(void) {
    struct Mem_Stats stats = figures();
    struct mem_output output;
    mem_output_begin_on(&output, STDERR_FILENO);
    put(&output, "region bytes  ", stats.region_bytes);
    put(&output, "in use bytes  ", stats.live_bytes);
    put(&output, "peak bytes    ", stats.peak_live_bytes);
    put(&output, "largest chunk ", stats.largest_free);
    put(&output, "allocations   ", stats.allocations);
    put(&output, "frees         ", stats.frees);
    put(&output, "refused       ", stats.refused);
    put(&output, "foreign frees ", mem_entry->foreign);
    put(&output, "bad frees     ", mem_entry->bad);
    mem_output_end(&output);
}

MEM_FAMILY int malloc_info(int options, FILE *stream) {
    if (options != 0) {
        errno = EINVAL;
        return -1;
    }
    struct Mem_Stats stats = figures();
    fprintf(stream,
            "<malloc version=\"1\">\n"
            "<total type=\"region\" count=\"1\" size=\"%zu\"/>\n"
            "<total type=\"live\" count=\"%zu\" size=\"%zu\"/>\n"
            "<total type=\"free\" count=\"%zu\" size=\"%zu\"/>\n"
            "<total type=\"largest\" count=\"1\" size=\"%zu\"/>\n"
            "<total type=\"peak\" count=\"1\" size=\"%zu\"/>\n"
            "</malloc>\n",
            stats.region_bytes, stats.live_blocks, stats.live_bytes, stats.free_chunks,
            stats.free_bytes, stats.largest_free, stats.peak_live_bytes);
    return 0;
}

/* ---- Tuning ---- */

MEM_FAMILY int malloc_trim(size_t pad) {
    (void)pad;
    mem_cache_empty();
    return Mem_RegionTrim(mem_heap()) > 0;
}

/* There is nothing else to tune; programs that ask for it need not know. */
MEM_FAMILY int mallopt(int parameter, int value) {
    struct Mem_Region *region = mem_heap();
    if (parameter == M_TRIM_THRESHOLD && region != NULL)
        mem_trim_set(region, value);
    return 1;
}

MEM_FAMILY_ALIAS(mallopt) int __libc_mallopt(int parameter, int value);

#endif
