/*
 * os.h - what is asked of the operating system: memory, and to wait for another thread. Nothing
 * else in the library asks it for memory.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_OS_H
#define MEM_OS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "system/names.h"

/* bytes rounded up to whole pages, and down. */
size_t mem_os_round(size_t bytes);
size_t mem_os_round_down(size_t bytes);

/* Maps so many bytes, whole pages, zeroed and readable and writable, by one
 * call of mmap. NULL when the system refuses. */
void *mem_os_map(size_t bytes);

/* Unmaps what mem_os_map mapped; false when the system refuses, and nothing has changed. (It may
 * have to cut a mapping in two, and be at the limit of their number.) */
bool mem_os_unmap(void *memory, size_t bytes);

/* Gives whole pages of what was mapped here back; they stay mapped, and read as zero. Returns the
 * bytes of those that the system takes: locked ones stay. One call of madvise where it takes all,
 * up to two for each page where it does not. */
size_t mem_os_discard(void *pages, size_t bytes);

/* Maps so many bytes, whole pages, zeroed, with an inaccessible page on each side,
 * and in small pages, so that what is untouched costs no memory. NULL when the
 * system refuses. */
void *mem_os_map_guarded(size_t bytes);

/* Unmaps what mem_os_map_guarded mapped; false when the system refuses, and nothing has changed. */
bool mem_os_unmap_guarded(void *memory, size_t bytes);

/* Sleeps until mem_os_wake is called for the word, unless it has another value already. May return
 * earlier. errno stays as it is. */
void mem_os_wait(atomic_uint *word, unsigned value);

/* Wakes one of the threads that sleep for the word. */
void mem_os_wake(atomic_uint *word);

#endif
