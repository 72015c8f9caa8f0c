/*
 * segments.h - the segments of an ELF file: which of its bytes a process has at which addresses.
 *
 * Nothing that the file says is trusted: what lies outside of it is not there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SEGMENTS_H
#define SEGMENTS_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As this program's own kind has them. */
typedef ElfW(Phdr) segments_header;

struct segments {
    int file;
    segments_header *first; /* NULL: the file has none that can be read */
    size_t count;
};

/* Those of an open file of this program's own kind; to be freed by segments_end. */
struct segments segments_begin(int file);
void segments_end(struct segments *s);

/* Reads bytes at an offset of a file; false if they are not all there. */
bool segments_read(int file, uint64_t at, void *bytes, size_t count);

/* A piece of a file, to be freed by free(), with a NUL behind it; NULL if it is not all there, or
 * memory is short. */
void *segments_piece(int file, uint64_t at, uint64_t count);

/* The address by which the symbols of a file name the byte at an offset of it; the offset itself if
 * that is not known. */
uint64_t segments_address(const char *path, uint64_t offset);

/* The same for an address that is counted from where the file was loaded. */
uint64_t segments_based(const char *path, uint64_t address);

#endif /* SEGMENTS_H */
