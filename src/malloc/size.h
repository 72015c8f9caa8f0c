/*
 * size.h - sizes as one types them: a number of bytes, or of K, M or G. The tools read theirs with
 * it, too.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_SIZE_H
#define MEM_MALLOC_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads a size: digits, and behind them nothing or one letter, K, M or G of either case, for units
 * of 1024, 1024^2 or 1024^3 bytes. False, and *bytes is left alone, when the text is anything else,
 * or the size is 0 or larger than most.
 */
bool mem_size_parse(const char *text, uint64_t most, uint64_t *bytes);

#endif
