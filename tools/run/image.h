/*
 * image.h - what an ELF file tells of the program in it.
 *
 * Nothing that the file says is trusted: what lies outside of it is not there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* What must be the same for two files that one process runs, as the bytes of the header have it. */
struct image_kind {
    unsigned char word;  /* ELFCLASS32 or ELFCLASS64 */
    unsigned char order; /* of the bytes */
    unsigned char machine[2];
};

/* Reads the kind of an open file; false if it is no ELF file. */
bool image_read_kind(int file, struct image_kind *kind);

bool image_same_kind(const struct image_kind *a, const struct image_kind *b);

struct image {
    char loader[PATH_MAX]; /* which links it with its libraries; "": none, it is static */
    bool is_library;       /* it has the name of one, as loaders do that are run themselves */
    bool is_sanitized;     /* a sanitizer has put its malloc into it */
};

/* Reads a file of this program's own kind; false if it is damaged, or memory is short. */
bool image_read(int file, struct image *image);

/* The loader of the process that calls; "" if it has none. */
const char *image_own_loader(void);

#endif /* IMAGE_H */
