/*
 * own.h - what the program owns: its live objects, and memory that does not come from the heap.
 * Every byte has a known value, so that a write by another is noticed, and no two things may share
 * a byte.
 *
 * Findings go to verdict_note.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef OWN_H
#define OWN_H

#include <stddef.h>

/* Memory that no allocator may hand out. */
void own_memory(void *at, size_t bytes);

/* What an allocator has returned for so many bytes; NULL when it refused. */
void own_object(void *at, size_t bytes);

/* Checks an object for the last time: the program does not own it any more. Ignores what is no
 * object. */
void own_drop(const void *object);

/* Checks all that the program owns. */
void own_check(void);

size_t own_objects(void);

/* The object of this number, of those that there are, in no order. */
void *own_object_at(size_t number);

#endif
