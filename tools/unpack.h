/*
 * unpack.h - decompression, piece by piece: of .xz, .gz and .zst data, by their libraries.
 *
 * Where a library was not there when mem-replay was built, its unpacker always fails to begin.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>

/* What is left to read, and the room that is left to write to; run moves both on. */
struct unpack_buffers {
    const unsigned char *in;
    size_t in_left;
    unsigned char *out;
    size_t out_left;
};

/* Several packed files, one after the other, are one. */
struct unpacker {
    const char *magic; /* the bytes that its data begin with */
    size_t magic_bytes;

    /* The state of one, or NULL with *error saying why. */
    void *(*begin)(const char **error);

    /*
     * Unpacks until there is nothing left to read or no room left to write to. last: no more will
     * come than what is in b. *ended becomes true when the data is complete and right. False with
     * *error when it is not.
     */
    bool (*run)(void *state, struct unpack_buffers *b, bool last, bool *ended, const char **error);

    void (*end)(void *state);
};

enum { UNPACK_MAGIC_BYTES = 6 }; /* the most of any */

extern const struct unpacker unpack_xz, unpack_gzip, unpack_zstd;

/* The one for data that begin with these bytes; if they are fewer than UNPACK_MAGIC_BYTES, for
 * which they may begin. NULL: none. */
const struct unpacker *unpack_find(const void *first, size_t count);

#endif /* UNPACK_H */
