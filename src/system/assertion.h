/*
 * assertion.h - assertions about the library itself, never about what the
 * program does.
 *
 * --enable-debug defines MEM_DEBUG and compiles all of them in. Otherwise mem_assert
 * and mem_assert_expensive compile to nothing, mem_assume becomes a promise to the
 * optimizer, and the library cannot abort.
 *
 * mem_assert is for what a few instructions can check, mem_assert_expensive for
 * checks that read a whole structure.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ASSERTION_H
#define MEM_ASSERTION_H

#include "config.h"

#ifdef MEM_DEBUG
#undef NDEBUG
#include <assert.h>
#define mem_assert(condition, message) assert((condition) && (message))
#define mem_assert_expensive(condition, message) assert((condition) && (message))
#define mem_assume(condition, message) mem_assert(condition, message)
#else
#define mem_assume(condition, message) ((condition) ? (void)0 : __builtin_unreachable())
#define mem_assert(condition, message) ((void)0)
#define mem_assert_expensive(condition, message) ((void)0)
#endif

#endif
