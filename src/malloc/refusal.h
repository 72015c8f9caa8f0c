/*
 * refusal.h - allocations that are refused because the log says so (struct mem_refusal).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_REFUSAL_H
#define MEM_MALLOC_REFUSAL_H

#include <stdbool.h>

/* When an image begins: finds out whether it is the process that is meant. */
void mem_refusal_begin(void);

/* Counts an allocation; true if it is to be refused. caller: its return address. Under the region's
 * lock. */
bool mem_refusal_is_due(const void *caller);

#endif
