/*
 * os.h - what is asked of the operating system: memory, which no other file asks it for, and to
 * sleep until another thread acts.
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

/* Maps bytes, a multiple of the page size, zeroed, readable and writable, by one call of mmap. NULL
 * when the system refuses. */
void *mem_os_map(size_t bytes);

/* Unmaps what mem_os_map mapped. False, with nothing changed, when the system refuses: it may have
 * to split a mapping in two while the process has as many as are allowed. */
bool mem_os_unmap(void *memory, size_t bytes);

/* Gives the contents of whole pages back to the system; the pages stay mapped, and read as zero.
 * False when the system did not take all of them: it leaves locked pages alone. One call of
 * madvise. */
bool mem_os_discard_all(void *pages, size_t bytes);

/* The same. Returns how many bytes the system took. One call of madvise if it takes all pages, up
 * to two for each page if not. */
size_t mem_os_discard(void *pages, size_t bytes);

/* As mem_os_map, but with an inaccessible page on each side, and without huge pages, so that
 * untouched pages cost no memory. */
void *mem_os_map_guarded(size_t bytes);

/* Unmaps what mem_os_map_guarded mapped, as mem_os_unmap does. */
bool mem_os_unmap_guarded(void *memory, size_t bytes);

/* Sleeps until mem_os_wake is called for the word; returns at once if the word differs from value,
 * and may return early. Leaves errno alone. */
void mem_os_wait(atomic_uint *word, unsigned value);

/* Wakes one of the threads that sleep on the word. Leaves errno alone. */
void mem_os_wake(atomic_uint *word);

#endif
