/*
 * unxz.c - decompression of .xz data by liblzma; without it, a decoder that always fails to start.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "unxz.h"

#ifdef HAVE_LIBLZMA

#include <lzma.h>
#include <stdint.h>
#include <stdlib.h>

/* The header of the data says how much memory its decoding takes: 65 MiB after xz -9, but gigabytes
 * if somebody made it up. */
static const uint64_t MEMORY_LIMIT = (uint64_t)256 << 20;

struct unxz {
    lzma_stream stream;
};

static const char *error_text(lzma_ret result) {
    switch (result) {
    case LZMA_BUF_ERROR:
        return "the .xz data is truncated";
    case LZMA_MEM_ERROR:
        return "out of memory for the .xz data";
    case LZMA_MEMLIMIT_ERROR:
        return "the .xz data needs more than 256 MiB to decompress";
    case LZMA_OPTIONS_ERROR:
        return "the .xz data uses something that this liblzma does not know";
    default:
        return "the .xz data is corrupt";
    }
}

struct unxz *unxz_new(const char **error) {
    struct unxz *x = malloc(sizeof *x);
    lzma_ret result = LZMA_MEM_ERROR;
    if (x != NULL) {
        x->stream = (lzma_stream)LZMA_STREAM_INIT;
        /* An .xz file may be several, one after the other. */
        result = lzma_stream_decoder(&x->stream, MEMORY_LIMIT, LZMA_CONCATENATED);
    }
    if (result == LZMA_OK)
        return x;
    *error = error_text(result);
    free(x);
    return NULL;
}

bool unxz_run(struct unxz *x, struct unxz_buffers *b, bool last, bool *ended, const char **error) {
    lzma_stream *s = &x->stream;
    s->next_in = b->in;
    s->avail_in = b->in_left;
    s->next_out = b->out;
    s->avail_out = b->out_left;
    lzma_ret result = lzma_code(s, last ? LZMA_FINISH : LZMA_RUN);
    b->in = s->next_in;
    b->in_left = s->avail_in;
    b->out = s->next_out;
    b->out_left = s->avail_out;

    *ended = result == LZMA_STREAM_END;
    if (result == LZMA_OK || *ended)
        return true;
    *error = error_text(result);
    return false;
}

void unxz_delete(struct unxz *x) {
    if (x == NULL)
        return;
    lzma_end(&x->stream);
    free(x);
}

#else /* !HAVE_LIBLZMA */

static const char WITHOUT[] = "compressed by xz, and this mem-replay was built without liblzma: "
                              "unpack it, as by xz -dc FILE | mem-replay -";

struct unxz *unxz_new(const char **error) {
    *error = WITHOUT;
    return NULL;
}

bool unxz_run(struct unxz *x, struct unxz_buffers *b, bool last, bool *ended, const char **error) {
    (void)x;
    (void)b;
    (void)last;
    *ended = false;
    *error = WITHOUT;
    return false;
}

void unxz_delete(struct unxz *x) {
    (void)x;
}

#endif /* HAVE_LIBLZMA */
