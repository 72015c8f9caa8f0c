/*
 * mem_debug.h - how libmem lays its regions out in memory: for debuggers, which read a program that
 * has stopped, or what it left in a core file, and can call nothing in it. Programs have no use for
 * it: Mem_Walk and Mem_GetStats (mem.h) tell them the same.
 *
 * The library has one constant of this type, whose name is among its dynamic symbols: it is found
 * without debug information, in a stripped library, too. From there, every region can be reached:
 *
 *     Mem_DebugLayout.regions -> variable -> entry -> entries with lower and higher addresses
 *                                            entry -> region -> memory, segments, trees of maxima
 *
 * The names of the members below are those of the library's own structures; its sources, and
 * Mem_DebugLayout(3), tell what they are. All offsets and sizes are in bytes. Numbers of granules
 * and of segments are 32 bits wide, counts of calls 64; `lock` is an unsigned int, and what stands
 * for yes or no a byte. Words have the byte order of the machine, which that of `magic` shows.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_DEBUG_H
#define MEM_DEBUG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The letters MEMDEBUG, the first in the highest byte; and the version of this description. A later
 * version may add members at the end, in which case `bytes` grows; it is a new number only if a
 * reader of the old one would be misled. */
#define MEM_DEBUG_MAGIC UINT64_C(0x4d454d4445425547)
#define MEM_DEBUG_VERSION 1

struct Mem_DebugLayout {
    uint64_t magic;
    uint16_t version;
    uint16_t bytes;        /* of this structure */
    uint8_t pointer_bytes; /* of a pointer, and of a size */
    uint8_t granule_shift; /* the binary logarithms of: the bytes of a granule, */
    uint8_t segment_shift; /* the granules of a segment, */
    uint8_t stretch_shift; /* the granules of a stretch, */
    uint8_t node_shift;    /* the values of a node in a tree of maxima */
    uint8_t cached;        /* the mark of an object that is in a cache of a thread */

    /* An entry of the registry. The region was placed if objects < end. */
    uint8_t entry_lock;  /* 1: owned; plus 2 for each thread that waits */
    uint8_t entry_first; /* the address of the region */
    uint8_t entry_objects;
    uint8_t entry_end;
    uint8_t entry_below;
    uint8_t entry_above;

    /* A segment of the map. */
    uint8_t segment_bytes;
    uint8_t segment_objects;
    uint8_t segment_chunks;
    uint8_t segment_previous; /* or where the block around starts, if nothing starts here */
    uint8_t segment_next;     /* or where the block around ends */

    /* A node of the free list, struct __list_t. */
    uint8_t list_size;
    uint8_t list_type;
    uint8_t list_next;

    /* A region. */
    uint16_t region_base;     /* the address of granule 0 */
    uint16_t region_segments; /* the address of segment 0; one stands before it */
    uint16_t region_granules;
    uint16_t region_small; /* the address of the tree over segments, of bytes */
    uint16_t region_small_first;
    uint16_t region_large; /* the address of the tree over stretches, of 32 bits */
    uint16_t region_large_first;
    uint16_t region_current_start;
    uint16_t region_current_end;
    uint16_t region_current_floor;
    uint16_t region_floors; /* of 16 bits, as many as a node has values */
    uint16_t region_free;
    uint16_t region_begun; /* begun - ended: the number of chunks */
    uint16_t region_ended;
    uint16_t region_order; /* a pointer, not NULL once best fit has been used */
    uint16_t region_requests;
    uint16_t region_refused;
    uint16_t region_frees;
    uint16_t region_bad_frees;
    uint16_t region_least_free;   /* the smaller of these two, and of those free now: */
    uint16_t region_least_before; /* the fewest granules that were ever free */
    uint16_t region_lock;         /* a pointer to the lock in the entry */
    uint16_t region_index_bytes;
    uint16_t region_mapped;
    uint16_t region_watched;
    uint16_t region_marks; /* the address of a byte for each granule, or NULL: see `cached` */
    uint32_t granules_max; /* of a region */

    /* The addresses of two variables: the first entry, and the default region; NULL without. */
    const void *regions;
    const void *default_region;
};

extern const struct Mem_DebugLayout Mem_DebugLayout;

#ifdef __cplusplus
}
#endif

#endif /* MEM_DEBUG_H */
