/*
 * xz.h - compression to .xz data, piece by piece, into a stream.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef XZ_H
#define XZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Whether this build can compress. */
bool xz_is_there(void);

struct xz;

/* An encoder that writes to the stream, which stays the caller's; NULL when memory is short. */
struct xz *xz_new(FILE *to);

/* Compresses bytes; the last call has last set, and may have no bytes. Errors of the stream are
 * left for its owner to find (ferror). False when memory is short. */
bool xz_put(struct xz *x, const void *bytes, size_t count, bool last);

void xz_delete(struct xz *x);

#endif /* XZ_H */
