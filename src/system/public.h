/*
 * public.h - mem.h and mem_debug.h as the library's own files see them: their names are exported,
 * all others are hidden, and the short names stay out of the way.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_PUBLIC_H
#define MEM_PUBLIC_H

#define MEM_NO_SHORT_NAMES

#pragma GCC visibility push(default)
#include <mem.h>
#include <mem_debug.h>

/* For programs that declare it themselves instead of including mem.h. */
extern int m_error;
#pragma GCC visibility pop

#endif
