/*
 * unpack_xz.c - .xz data, by liblzma.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "unpack.h"

#ifdef HAVE_LIBLZMA

#include <lzma.h>
#include <stdint.h>
#include <stdlib.h>

/* The header of the data says how much memory its decoding takes: 65 MiB after xz -9, but gigabytes
 * if somebody made it up. */
static const uint64_t MEMORY_LIMIT = (uint64_t)256 << 20;

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

static void *begin(const char **error) {
    lzma_stream *s = malloc(sizeof *s);
    lzma_ret result = LZMA_MEM_ERROR;
    if (s != NULL) {
        *s = (lzma_stream)LZMA_STREAM_INIT;
        /* An .xz file may be several, one after the other. */
        result = lzma_stream_decoder(s, MEMORY_LIMIT, LZMA_CONCATENATED);
    }
    if (result == LZMA_OK)
        return s;
    *error = error_text(result);
    free(s);
    return NULL;
}

static bool run(void *state, struct unpack_buffers *b, bool last, bool *ended, const char **error) {
    lzma_stream *s = state;
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

static void end(void *state) {
    lzma_end(state);
    free(state);
}

#else /* !HAVE_LIBLZMA */

static void *begin(const char **error) {
    *error = "compressed by xz, and this mem-replay was built without liblzma: "
             "unpack it, as by xz -dc FILE | mem-replay -";
    return NULL;
}

#define run NULL
#define end NULL

#endif /* HAVE_LIBLZMA */

const struct unpacker unpack_xz = {"\xfd"
                                   "7zXZ",
                                   6, begin, run, end};
