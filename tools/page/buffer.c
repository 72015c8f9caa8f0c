/*
 * buffer.c - a stream of memory.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/buffer.h"

bool buffer_begin(struct buffer *b) {
    *b = (struct buffer){.text = NULL};
    b->out = open_memstream(&b->text, &b->count);
    return b->out != NULL;
}

bool buffer_end(struct buffer *b) {
    bool right = ferror(b->out) == 0;
    return fclose(b->out) == 0 && right;
}
