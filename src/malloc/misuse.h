/*
 * misuse.h - pointers that a program gives to free and its kin, and must not.
 *
 *                       starts no live object            outside of the region
 *     usual             one line, abort                  passed on, counted
 *     tolerant          counted                          passed on, counted
 *     strict            one line, abort                  one line, abort
 *
 * To pass one on is foreign.h's.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_MISUSE_H
#define MEM_MALLOC_MISUSE_H

struct Mem_Region;

enum mem_misuse_policy { MEM_MISUSE_USUAL, MEM_MISUSE_TOLERANT, MEM_MISUSE_STRICT };

/* Set once, before the first pointer can be given back. */
extern enum mem_misuse_policy mem_misuse_policy;

/* A call that was given a pointer: its name, and where it was called from. */
struct mem_misuse_call {
    const char *name;
    const void *caller;
};

/* Counts a pointer in the region that starts no live object; does not return unless that is
 * tolerated. */
void mem_misuse_bad(struct Mem_Region *region, const void *ptr, struct mem_misuse_call call);

/* Counts a pointer outside of the region, which may be NULL; does not return if that is misuse. */
void mem_misuse_foreign(struct Mem_Region *region, const void *ptr, struct mem_misuse_call call);

#endif
