/*
 * os.h - memory from the operating system; nothing else asks it for any.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_OS_H
#define MEM_OS_H

#include <stdbool.h>
#include <stddef.h>

/* bytes rounded up to whole pages, and down. */
size_t mem_os_round(size_t bytes);
size_t mem_os_round_down(size_t bytes);

/* Maps so many bytes, whole pages, zeroed and readable and writable, by one
 * call of mmap. NULL when the system refuses. */
void *mem_os_map(size_t bytes);

/* Unmaps what mem_os_map mapped. */
void mem_os_unmap(void *memory, size_t bytes);

/* Gives whole pages of what was mapped here back; they stay mapped, and read as zero. Returns the
 * bytes of those that the system takes: locked ones stay. One call of madvise where it takes all,
 * up to two for each page where it does not. */
size_t mem_os_discard(void *pages, size_t bytes);

/* Maps so many bytes, whole pages, zeroed, with an inaccessible page on each side,
 * and in small pages, so that what is untouched costs no memory. NULL when the
 * system refuses. */
void *mem_os_map_guarded(size_t bytes);

/* Unmaps what mem_os_map_guarded mapped. */
void mem_os_unmap_guarded(void *memory, size_t bytes);

#endif
