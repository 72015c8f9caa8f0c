/*
 * error.h - how the library says why a call failed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ERROR_H
#define MEM_ERROR_H

/* Sets the calling thread's m_error, and the plain one, to an E_ value of mem.h. */
void mem_error_set(int error);

#endif
