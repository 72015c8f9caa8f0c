/*
 * chunks.h - takes chunks of the log (log.h).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_CHUNKS_H
#define MEM_MALLOC_CHUNKS_H

#include <stdbool.h>

#include "malloc/log.h"

/* The header of the log, mapped; NULL before mem_chunks_open. */
extern __attribute__((visibility("hidden"))) struct mem_log *mem_chunks_log;

/* Opens the log of that name, which need not last: its path, and perhaps its file's number and a
 * colon in front: then another file with that path is none. False when there is none, or no memory.
 */
bool mem_chunks_open(const char *name);

/* Takes the next chunk, whose bytes are zero, and leaves its number. NULL with errno set when there
 * is none, or no memory for it. */
struct mem_chunk *mem_chunks_take(uint32_t *number);

/* Takes no part in a chunk any more. */
void mem_chunks_leave(struct mem_chunk *chunk);

#endif
