/*
 * thread.h - variables of which each thread has its own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_THREAD_H
#define MEM_THREAD_H

#include <stddef.h> /* __GLIBC__ */

/* glibc may allocate the place of such a variable when a thread first looks for it in
 * a library that was opened late. The initial-exec model finds it without a call.
 * Other libraries refuse that model there, and allocate nothing. */
#ifdef __GLIBC__
#define MEM_THREAD_LOCAL __attribute__((tls_model("initial-exec"))) _Thread_local
#else
#define MEM_THREAD_LOCAL _Thread_local
#endif

#endif
