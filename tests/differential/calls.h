/*
 * calls.h - the calls of mem.h as data: what to call, on which region, and what
 * came out of it.
 *
 * The default region, which is NULL here, gets Mem_X(), any other Mem_RegionX().
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CALLS_H
#define CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mem.h"

enum { CANARY = -77 }; /* m_error before each call; no error of the library */

enum call {
    CALL_NONE,
    CALL_INIT,
    CALL_CREATE,
    CALL_PLACE,
    CALL_DESTROY,
    CALL_ALLOC,
    CALL_CALLOC,
    CALL_ALIGNED,
    CALL_RESIZE,
    CALL_FREE,
    CALL_SIZE,
    CALL_WALK,
    CALL_TRIM,
    CALL_COUNT,
};

/* The numbers are ints for the default region, and size_ts for the others, where -1 stands for the
 * largest. */
struct operation {
    enum call call;
    int64_t size;
    int64_t count;     /* of CALL_CALLOC */
    int64_t alignment; /* of CALL_ALIGNED */
    int style;
    uintptr_t pointer; /* an integer, because it is often wild */
};

/* The value is the address that the call returned, or the number, or the status. */
struct outcome {
    uintptr_t value;
    int error; /* m_error after the call */
};

/* Does any operation but CALL_NONE and CALL_WALK. */
struct outcome calls_do(Mem_Region *region, const struct operation *op);

/* Whether the operation returns a pointer; else it is a number or a status. */
bool calls_return_pointer(enum call call);

/* What follows "Mem_" or "Mem_Region" in its name. */
const char *calls_name(enum call call);

MemNodePtr calls_free_list(Mem_Region *region);

typedef int calls_visitor(const struct Mem_Block *block, void *context);

/* These return the status, and m_error in *error. */
int calls_check(Mem_Region *region, int *error);
int calls_get_stats(Mem_Region *region, struct Mem_Stats *stats, int *error);
int calls_walk(Mem_Region *region, calls_visitor *visit, void *context, int *error);

#endif
