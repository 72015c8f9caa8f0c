/*
 * steps.h - single operations of a workload, which remember what was allocated.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef STEPS_H
#define STEPS_H

#include "workload.h"

/* Each does one operation on the workload's region with the numbers given, and returns
 * whether it succeeded. */
bool steps_alloc(struct workload *work, int64_t size, int style);
bool steps_calloc(struct workload *work, int64_t count, int64_t size, int style);
bool steps_aligned(struct workload *work, int64_t alignment, int64_t size, int style);
bool steps_resize(struct workload *work, uintptr_t pointer, int64_t size, int style);
void steps_free_at(struct workload *work, size_t offset);

/* Each draws what it needs. */

/* By any of the calls that allocate. */
bool steps_allocate(struct workload *work);

bool steps_allocate_aligned(struct workload *work);

/* Resizes the object at offset, of which there must be one. */
bool steps_resize_at(struct workload *work, size_t offset);

/* Looks at all blocks by a walk, and does some operations meanwhile. */
void steps_walk(struct workload *work);

/* The offset of the newest object that still lives, among the recent ones; of any other
 * object, if none of those does. */
size_t steps_newest(struct workload *work);

#endif
