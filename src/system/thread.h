/*
 * thread.h - thread-local variables.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_THREAD_H
#define MEM_THREAD_H

#include <limits.h> /* libc's own, so that __GLIBC__ is known */

/* In a library that was opened late, glibc may allocate such a variable with malloc when a thread
 * first uses it; the initial-exec model prevents that. Other C libraries refuse this model in such
 * a library, and do not allocate there. */
#ifdef __GLIBC__
#define MEM_THREAD_LOCAL __attribute__((tls_model("initial-exec"))) _Thread_local
#else
#define MEM_THREAD_LOCAL _Thread_local
#endif

#endif
