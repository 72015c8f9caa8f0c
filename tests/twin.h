/*
 * twin.h - one heap kept twice, by the library and by the model.
 *
 * Every operation is done with both. Then these must be the same: what the call
 * returned, m_error, and the free list. The first difference is reported, and
 * ends the process.
 *
 * A process has one region, and so one twin. Before twin_start it has none:
 * everything must fail then, as in a model of no bytes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TWIN_H
#define TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

enum { GRANULE = 16 };

enum call { CALL_NONE, CALL_INIT, CALL_ALLOC, CALL_FREE };

struct operation {
    enum call call;
    int size;          /* of CALL_INIT and CALL_ALLOC */
    int style;         /* of CALL_ALLOC */
    uintptr_t pointer; /* of CALL_FREE; often a wild one, so no pointer */
};

/* Where a twin has got to. It lies in memory shared with the parent process,
 * which can report it when this one has crashed. */
struct twin_log {
    uint64_t operations; /* begun so far */
    struct operation operation;
    uintptr_t base;   /* of the region */
    char origin[200]; /* the command that repeats the run, without --operations */
};

struct twin {
    struct model model;
    char *base;      /* of the region */
    bool spoilt;     /* somebody overwrites nodes: most of the list may be wrong */
    uint32_t newest; /* the offset of the object allocated last */
    struct twin_log *log;
};

/* Gets a region, which must be one chunk. Returns false if the system maps no
 * region of that size to anybody. */
bool twin_start(struct twin *twin, int region);
void twin_end(struct twin *twin);

/* Each does one operation, and returns whether it succeeded. The Mem_Init must
 * be one that fails. */
bool twin_alloc(struct twin *twin, int size, int style);
bool twin_free(struct twin *twin, uintptr_t pointer);
bool twin_init(struct twin *twin, int size);

/* Gives pages without nodes back to the system, which a long run in a large
 * region would touch all. */
void twin_give_back_pages(const struct twin *twin);

/* Says where a run went wrong, and how to see it again. */
void twin_report(const struct twin_log *log, const char *expected, const char *got);

#endif
