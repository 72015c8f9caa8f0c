/*
 * variables.h - the variables of the environment that the module reads; libmem-malloc(7) describes
 * them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_VARIABLES_H
#define MEM_MALLOC_VARIABLES_H

#define MEM_VARIABLE_REGION "LIBMEM_REGION" /* bytes, or with K, M or G behind the number */
#define MEM_VARIABLE_STYLE "LIBMEM_STYLE"   /* first, best or worst */
#define MEM_VARIABLE_EXACT "LIBMEM_EXACT"   /* 1: with several threads, too */
#define MEM_VARIABLE_MISUSE "LIBMEM_MISUSE" /* tolerant or strict */
#define MEM_VARIABLE_LOG "LIBMEM_LOG"       /* the log: [INODE:]PATH (log.h) */

#endif
