/*
 * buffer.h - text that is written into memory.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_BUFFER_H
#define PAGE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buffer {
    FILE *out;
    char *text; /* when it has ended, to be freed by free(); with a NUL behind it */
    size_t count;
};

/* False when memory is short; then there is no buffer_end. */
bool buffer_begin(struct buffer *b);

/* False when memory was short meanwhile. */
bool buffer_end(struct buffer *b);

#endif /* PAGE_BUFFER_H */
