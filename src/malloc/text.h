/*
 * text.h - small files of text, as /proc has them, and the numbers in them; without stdio, which
 * would allocate.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_TEXT_H
#define MEM_MALLOC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the file into text, ended by 0: as much of it as fits, and a page at
 * most. False when it cannot be read. */
bool mem_text_read(const char *path, char *text, size_t room);

/* Reads the decimal number with which the text begins; false when there is none. */
bool mem_text_number(const char *text, uint64_t *number);

#endif
