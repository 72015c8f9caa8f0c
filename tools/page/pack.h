/*
 * pack.h - bytes as text inside a page: base64 (RFC 4648), deflated before, where zlib is there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_PACK_H
#define PAGE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct packed {
    unsigned char *bytes;
    size_t count;
};

/* How they are packed, as browsers' DecompressionStream has it; "" if they are not. */
extern const char pack_format[];

/* False when memory is short; pack_end is to be called in any case. */
bool pack_begin(struct packed *p, const void *bytes, size_t count);
void pack_end(struct packed *p);

/* So many characters pack_write writes. */
size_t pack_length(const struct packed *p);
void pack_write(FILE *out, const struct packed *p);

#endif /* PAGE_PACK_H */
