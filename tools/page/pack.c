/*
 * pack.c - packs, and writes base64.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/pack.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_ZLIB

#include <zlib.h>

const char pack_format[] = "deflate";

bool pack_begin(struct packed *p, const void *bytes, size_t count) {
    uLongf room = compressBound((uLong)count);
    *p = (struct packed){malloc(room), 0};
    if (p->bytes == NULL || compress2(p->bytes, &room, bytes, (uLong)count, 9) != Z_OK)
        return false;
    p->count = room;
    return true;
}

#else /* !HAVE_ZLIB */

const char pack_format[] = "";

bool pack_begin(struct packed *p, const void *bytes, size_t count) {
    *p = (struct packed){malloc(count + 1), count};
    if (p->bytes == NULL)
        return false;
    memcpy(p->bytes, bytes, count);
    return true;
}

#endif /* HAVE_ZLIB */

void pack_end(struct packed *p) {
    free(p->bytes);
    p->bytes = NULL;
}

size_t pack_length(const struct packed *p) {
    return (p->count + 2) / 3 * 4;
}

/* Three bytes; those behind the last are 0, and their characters "=". */
static void write_three(FILE *out, const unsigned char *from, size_t left) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char b[3] = {0};
    memcpy(b, from, left < 3 ? left : 3);
    unsigned bits = (unsigned)b[0] << 16 | (unsigned)b[1] << 8 | b[2];
    putc(digits[bits >> 18], out);
    putc(digits[bits >> 12 & 63], out);
    putc(left > 1 ? digits[bits >> 6 & 63] : '=', out);
    putc(left > 2 ? digits[bits & 63] : '=', out);
}

void pack_write(FILE *out, const struct packed *p) {
    for (size_t at = 0; at < p->count; at += 3)
        write_three(out, p->bytes + at, p->count - at);
}
