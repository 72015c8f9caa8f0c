/*
 * unpack_zstd.c - .zst data, by libzstd.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "unpack.h"

#ifdef HAVE_LIBZSTD

#include <stdlib.h>
#include <zstd.h>

struct zstd {
    ZSTD_DStream *stream;
    bool is_between; /* a frame has ended, and another may follow */
};

/* The library's own limit of memory, 128 MiB, is kept. */
static void *begin(const char **error) {
    struct zstd *z = calloc(1, sizeof *z);
    if (z != NULL)
        z->stream = ZSTD_createDStream();
    if (z != NULL && z->stream != NULL)
        return z;
    *error = "out of memory for the .zst data";
    free(z);
    return NULL;
}

static bool run(void *state, struct unpack_buffers *b, bool last, bool *ended, const char **error) {
    struct zstd *z = state;
    ZSTD_inBuffer in = {b->in, b->in_left, 0};
    ZSTD_outBuffer out = {b->out, b->out_left, 0};
    size_t result =
        z->is_between && b->in_left == 0 ? 0 : ZSTD_decompressStream(z->stream, &out, &in);
    b->in += in.pos;
    b->in_left -= in.pos;
    b->out += out.pos;
    b->out_left -= out.pos;
    *ended = false;
    if (ZSTD_isError(result)) {
        *error = ZSTD_getErrorName(result);
        return false;
    }
    z->is_between = result == 0;
    if (!last || b->in_left > 0 || b->out_left == 0 || out.pos > 0)
        return true;
    *ended = z->is_between;
    if (!*ended)
        *error = "the .zst data is truncated";
    return *ended;
}

static void end(void *state) {
    struct zstd *z = state;
    ZSTD_freeDStream(z->stream);
    free(z);
}

#else /* !HAVE_LIBZSTD */

static void *begin(const char **error) {
    *error = "compressed by zstd, and this mem-replay was built without libzstd: "
             "unpack it, as by zstd -dc FILE | mem-replay -";
    return NULL;
}

#define run NULL
#define end NULL

#endif /* HAVE_LIBZSTD */

const struct unpacker unpack_zstd = {"\x28\xb5\x2f\xfd", 4, begin, run, end};
