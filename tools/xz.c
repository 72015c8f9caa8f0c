/*
 * xz.c - compression to .xz data by liblzma; without it, an encoder that is not there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "xz.h"

#ifdef HAVE_LIBLZMA

#include <lzma.h>
#include <stdlib.h>

/* As xz -0 does. Of a trace of 3.3 million operations, 36 MB, it makes 4.9 MB in 1.4 s; -3, 4.9 MB
 * in 11 s; -6, the default of xz, 3.0 MB in 35 s. */
enum { PRESET = 0, PIECE = 65536 };

struct xz {
    lzma_stream stream;
    FILE *to;
    unsigned char out[PIECE];
};

bool xz_is_there(void) {
    return true;
}

struct xz *xz_new(FILE *to) {
    struct xz *x = malloc(sizeof *x);
    if (x == NULL)
        return NULL;
    x->stream = (lzma_stream)LZMA_STREAM_INIT;
    x->to = to;
    if (lzma_easy_encoder(&x->stream, PRESET, LZMA_CHECK_CRC64) == LZMA_OK)
        return x;
    free(x);
    return NULL;
}

/* One step of it, and what came of it to the stream. */
static lzma_ret step(struct xz *x, lzma_action action) {
    x->stream.next_out = x->out;
    x->stream.avail_out = sizeof x->out;
    lzma_ret result = lzma_code(&x->stream, action);
    fwrite(x->out, 1, sizeof x->out - x->stream.avail_out, x->to);
    return result;
}

bool xz_put(struct xz *x, const void *bytes, size_t count, bool last) {
    lzma_ret result = LZMA_OK;
    x->stream.next_in = bytes;
    x->stream.avail_in = count;
    while (result == LZMA_OK && (last || x->stream.avail_in > 0))
        result = step(x, last ? LZMA_FINISH : LZMA_RUN);
    return result == (last ? LZMA_STREAM_END : LZMA_OK);
}

void xz_delete(struct xz *x) {
    if (x == NULL)
        return;
    lzma_end(&x->stream);
    free(x);
}

#else /* !HAVE_LIBLZMA */

bool xz_is_there(void) {
    return false;
}

struct xz *xz_new(FILE *to) {
    (void)to;
    return NULL;
}

bool xz_put(struct xz *x, const void *bytes, size_t count, bool last) {
    (void)x;
    (void)bytes;
    (void)count;
    (void)last;
    return false;
}

void xz_delete(struct xz *x) {
    (void)x;
}

#endif /* HAVE_LIBLZMA */
