/*
 * unpack_gzip.c - .gz data, by zlib.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "unpack.h"

#ifdef HAVE_ZLIB

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct gzip {
    z_stream stream;
    bool is_between; /* a member has ended, and another may follow */
};

static void *begin(const char **error) {
    enum { GZIP = 16 }; /* with a header of gzip, and no other */
    struct gzip *g = calloc(1, sizeof *g);
    if (g != NULL && inflateInit2(&g->stream, MAX_WBITS + GZIP) == Z_OK)
        return g;
    *error = "out of memory for the .gz data";
    free(g);
    return NULL;
}

static uInt capped(size_t count) {
    return count < UINT_MAX ? (uInt)count : UINT_MAX;
}

static int inflate_some(struct gzip *g, struct unpack_buffers *b) {
    z_stream *s = &g->stream;
    const uInt in = capped(b->in_left), out = capped(b->out_left);
    s->next_in = (Bytef *)b->in; /* which is not written to */
    s->avail_in = in;
    s->next_out = b->out;
    s->avail_out = out;
    int result = inflate(s, Z_NO_FLUSH);
    b->in += in - s->avail_in;
    b->in_left -= in - s->avail_in;
    b->out += out - s->avail_out;
    b->out_left -= out - s->avail_out;
    return result;
}

static bool fail(const char **error, int result) {
    *error = result == Z_MEM_ERROR ? "out of memory for the .gz data" : "the .gz data is corrupt";
    return false;
}

static bool run(void *state, struct unpack_buffers *b, bool last, bool *ended, const char **error) {
    struct gzip *g = state;
    *ended = false;
    while (b->in_left > 0 && b->out_left > 0) {
        if (g->is_between && inflateReset(&g->stream) != Z_OK)
            return fail(error, Z_DATA_ERROR);
        int result = inflate_some(g, b);
        g->is_between = result == Z_STREAM_END;
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return fail(error, result);
    }
    if (!last || b->in_left > 0 || b->out_left == 0)
        return true;
    if (!g->is_between && inflate_some(g, b) == Z_STREAM_END)
        g->is_between = true;
    *ended = g->is_between;
    if (!*ended)
        *error = "the .gz data is truncated";
    return *ended;
}

static void end(void *state) {
    struct gzip *g = state;
    (void)inflateEnd(&g->stream);
    free(g);
}

#else /* !HAVE_ZLIB */

static void *begin(const char **error) {
    *error = "compressed by gzip, and this mem-replay was built without zlib: "
             "unpack it, as by gzip -dc FILE | mem-replay -";
    return NULL;
}

#define run NULL
#define end NULL

#endif /* HAVE_ZLIB */

const struct unpacker unpack_gzip = {"\x1f\x8b", 2, begin, run, end};
