/*
 * lines.h - lines of text, and what stands in them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_LINES_H
#define READ_LINES_H

#include "complaint.h"
#include "input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINES_ROOM = 4096 };

struct lines {
    struct input *input;
    size_t most; /* bytes of a line: more are an error if it is strict, and else left away */
    bool is_strict;
    size_t number; /* of the line in text, from 1 */
    char text[LINES_ROOM];
};

enum lines_next { LINES_READ, LINES_END, LINES_BAD };

/* Before the first line. most: below LINES_ROOM. */
void lines_begin(struct lines *l, struct input *in, size_t most, bool is_strict);

/* Reads the next line, without its end, which may be LF or CR LF; LINES_BAD: c says what is wrong.
 * A NUL byte is wrong if it is strict, and else read as a question mark. */
enum lines_next lines_read(struct lines *l, struct complaint *c);

/* Whether some line of these bytes, which may end amid one, is liked. */
bool lines_any(const unsigned char *bytes, size_t count, bool (*likes)(const char *line));

/* Each of these moves on behind what it reads, and leaves the place alone if that is not there. */
bool lines_take(const char **at, const char *literal);
bool lines_decimal(const char **at, uint64_t *value); /* false also if it has more than 64 bits */
bool lines_hex(const char **at, uint64_t *value);     /* with or without 0x in front */
bool lines_address(const char **at, uint64_t *value); /* the same, or (nil) */

#endif /* READ_LINES_H */
