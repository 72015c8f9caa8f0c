/*
 * callers.h - a number for each return address that is met, from 1 on, in the order in which they
 * come.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_CALLERS_H
#define MEM_MALLOC_CALLERS_H

#include <stdbool.h>
#include <stdint.h>

/* Before the first: makes room for many of them, so that no memory is asked for until it is full.
 */
void mem_callers_reserve(void);

/* The number of an address; 0 for one that is new when the system refuses the memory for it. Not
 * two at a time. O(1) on average. */
uint64_t mem_callers_number(uintptr_t address, bool *is_new);

#endif
