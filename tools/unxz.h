/*
 * unxz.h - decompression of .xz data, piece by piece.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef UNXZ_H
#define UNXZ_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes that .xz data begins with. */
#define UNXZ_MAGIC                                                                                 \
    "\xfd"                                                                                         \
    "7zXZ"
enum { UNXZ_MAGIC_BYTES = 6 }; /* the final zero is one of them */

struct unxz;

/* What is left to read, and the room that is left to write to; unxz_run moves
 * both on. */
struct unxz_buffers {
    const unsigned char *in;
    size_t in_left;
    unsigned char *out;
    size_t out_left;
};

/* A decoder, or NULL with *error saying why. */
struct unxz *unxz_new(const char **error);

/*
 * Decodes until there is nothing left to read or no room left to write to.
 * last: no more will come than what is in b. *ended becomes true when the data
 * is complete and right. False with *error when it is not.
 */
bool unxz_run(struct unxz *x, struct unxz_buffers *b, bool last, bool *ended, const char **error);

void unxz_delete(struct unxz *x);

#endif /* UNXZ_H */
