/*
 * record.h - writes the events of the heap into the log, if it is a recording (log.h, events.h).
 *
 * All of these are called under the region's lock. What they keep lies in memory that the child of
 * a fork() finds as it was, and goes on with.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_RECORD_H
#define MEM_MALLOC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "malloc/events.h"
#include "malloc/log.h"

/* Begins the events of an image, whose entry was just taken; base: of its region. In the child of a
 * fork(), they go on from those of its parent. */
void mem_record_begin(struct mem_process *entry, const void *base);

/* The image gets no entry, for that error: neither it nor a child of it is recorded. */
void mem_record_stop(int error);

/* In the child of a fork(), before either: leaves the parent's chunks alone. */
void mem_record_leave(void);

/* A call begins; one of the others says what it came to. */
void mem_record_call(void);

/* caller: the return address of the call. */
void mem_record_alloc(const void *object, size_t alignment, size_t bytes, const void *caller);
void mem_record_free(const void *object, const void *caller);
void mem_record_resize(const void *from, const void *to, size_t bytes, const void *caller);

/* It was none that changes the heap or is refused. */
void mem_record_nothing(void);

/* from: the object that was to be resized, or NULL. */
void mem_record_refused(const void *from, size_t alignment, size_t bytes, enum mem_event_why why,
                        const void *caller);

#endif
