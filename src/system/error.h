/*
 * error.h - how the library says why a call failed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ERROR_H
#define MEM_ERROR_H

#include <stddef.h>

#include "system/names.h"

/* Sets the calling thread's m_error, and the plain global m_error, to an E_ value of mem.h. */
void mem_error_set(int error);

/* Set m_error, and return the failure value in their name. Out of line, so that the normal paths
 * stay straight. */
int mem_error_minus_one(int error);
void *mem_error_null(int error);
size_t mem_error_zero(int error);

#endif
