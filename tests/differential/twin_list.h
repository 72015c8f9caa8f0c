/*
 * twin_list.h - the free list as the model says that it must be.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TWIN_LIST_H
#define TWIN_LIST_H

#include "twin.h"

/* What an operation has changed in the list: these nodes and links were written, and
 * must be right even if somebody overwrites nodes all the time. */
struct change {
    size_t chunk; /* the index of the free chunk at that place, or of the next */
    bool gap;     /* the node of the chunk before was written, all of it */
    bool node;    /* the chunk's node was written, all of it */
    bool link;    /* the link of the chunk before was written */
};

/* An operation that changed nothing. */
extern const struct change twin_list_no_change;

/* For an object at offset that was allocated from a chunk, or that gave up its tail. */
struct change twin_list_changed_by_alloc(const struct twin *twin, size_t offset);

/* The same for an aligned object, which may have left a gap before it. */
struct change twin_list_changed_by_aligned(const struct twin *twin, size_t offset);

/* For an object at offset that was freed. */
struct change twin_list_changed_by_free(const struct twin *twin, size_t offset);

/* What must hold around the place of a change. */
void twin_list_check_change(const struct twin *twin, struct change change);

/* What must hold after each operation: of the head always, of the whole list if it is
 * short, and now and then if it is not. */
void twin_list_check(const struct twin *twin);

/* All of it, now. Without a region, there is no list. */
void twin_list_check_all(const struct twin *twin);

#endif
