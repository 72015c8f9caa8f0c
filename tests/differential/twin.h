/*
 * twin.h - one region kept twice, by the library and by the model.
 *
 * Every operation is done with both. Then these must be the same: what the call
 * returned, m_error, the contents of the objects concerned, and what the library
 * shows of the region (twin_list.h, twin_survey.h). The first difference is
 * reported, and ends the process.
 *
 * A twin begins without a region: everything must fail then, as in a model of no
 * bytes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TWIN_H
#define TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "calls.h"
#include "model.h"
#include "report.h"

struct twin {
    struct model model;
    Mem_Region *region; /* NULL: the default one */
    char *base;         /* of the region; NULL: there is none */
    enum region_kind kind;
    unsigned number;    /* of the region, in the log */
    bool spoilt;        /* somebody overwrites nodes: most of the list may be wrong */
    uint64_t newest;    /* the offset of the object allocated last */
    size_t index_bytes; /* as the library told at the start */
    struct run_log *log;
};

/* ---- Regions; twin_region.c ---- */

/* Makes the default region. Each of the three returns false if there is no region: the system maps
 * none of that size to anybody, or the arguments were bad and rightly refused. */
bool twin_start(struct twin *twin, int size);
bool twin_create(struct twin *twin, size_t size);
bool twin_place(struct twin *twin, char *memory, size_t size);

/* From this size on, a region can always be placed. */
enum { PLACE_FOR_SURE = 2048 };

/* Destroys the region; or tries to, if it is the default one. */
void twin_destroy(struct twin *twin);

/* Forgets the region, at the end of a run. */
void twin_end(struct twin *twin);

/* ---- Operations; twin.c ---- */

/* Each does one operation, and returns whether it succeeded. The Mem_Init must
 * be one that fails. */
bool twin_init(struct twin *twin, int size);
bool twin_alloc(struct twin *twin, int64_t size, int style);
bool twin_calloc(struct twin *twin, int64_t count, int64_t size, int style);
bool twin_aligned(struct twin *twin, int64_t alignment, int64_t size, int style);
bool twin_resize(struct twin *twin, uintptr_t pointer, int64_t size, int style);
bool twin_free(struct twin *twin, uintptr_t pointer);
bool twin_size(struct twin *twin, uintptr_t pointer);
bool twin_trim(struct twin *twin);

/* Counts an operation, and says in the log what is done. */
void twin_begin(struct twin *twin, const struct operation *op);

/* What Mem_Size shows of an object: an int cannot hold 2 GiB. */
uint64_t twin_size_shown(const struct twin *twin, struct span object);

/* The contents of an object must be what was written into it. */
void twin_check_object(const struct twin *twin, struct span object);

/* Gives pages without nodes or stamps back to the system. Otherwise, a long run in a large region
 * would keep all pages in memory. */
void twin_give_back_pages(const struct twin *twin);

#endif
