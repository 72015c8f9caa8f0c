/*
 * own.h - what the program owns: its live objects, and memory of its own that is no heap's. Each
 * byte has a value that is known, so that a byte that another has written is noticed, and no two
 * things may share one.
 *
 * What is found goes to verdict_note.
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

/* Looks at an object for the last time, which is the program's no more afterwards. What is none
 * is passed over. */
void own_drop(const void *object);

/* Looks at all there is. */
void own_check(void);

size_t own_objects(void);

/* The object of this number, of those that there are, in no order. */
void *own_object_at(size_t number);

#endif
