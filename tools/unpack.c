/*
 * unpack.c - finds an unpacker.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "unpack.h"

#include <string.h>

const struct unpacker *unpack_find(const void *first, size_t count) {
    static const struct unpacker *const unpackers[] = {&unpack_xz, &unpack_gzip, &unpack_zstd};
    for (size_t i = 0; i < sizeof unpackers / sizeof unpackers[0]; i++) {
        const struct unpacker *u = unpackers[i];
        if (memcmp(first, u->magic, count < u->magic_bytes ? count : u->magic_bytes) == 0)
            return u;
    }
    return NULL;
}
