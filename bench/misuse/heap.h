/*
 * heap.h - what the misuses ask of an allocator. Each allocator is a program of its own: the
 * trials, linked with one heap. An allocator refuses a call by what it returns.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* Name and version, for the table. */
const char *heap_name(void);

/* Called once in a process, before all that follows. False when the system refuses. */
bool heap_start(void);

/* The object, or NULL. */
void *heap_allocate(size_t bytes);
void *heap_allocate_array(size_t count, size_t bytes);
void *heap_resize(void *object, size_t bytes);

/* Whether the call was accepted. An allocator whose call returns nothing accepts it always. */
bool heap_release(void *object);

/* The usable bytes, or 0. */
size_t heap_size(const void *object);

/* Where in a free chunk the link to another is, in bytes. */
extern const size_t heap_link_at;

/* Memory that does not come from this heap: of another region, or of mmap. NULL when the system
 * refuses. */
void *heap_foreign(size_t bytes);

/* Whether the allocator's own counts are right when no object is live; true without counts. */
bool heap_agrees(void);

#endif
