/*
 * plain.h - text that is safe to print on a terminal: names of files may hold any byte.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PLAIN_H
#define PLAIN_H

#include <stdbool.h>

/* Whether a character of UTF-8 turns the direction of the text behind it: U+202A to U+202E, and
 * U+2066 to U+2069. */
static inline bool plain_turns(const unsigned char *c) {
    return c[0] == 0xe2 && ((c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae) ||
                            (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9));
}

/* Replaces the control characters of a text by question marks, also those that take two bytes in
 * UTF-8 (U+0080 to U+009F), and those that turn its direction. */
static inline void plain_make(char *text) {
    for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
        if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
            *c++ = '?';
        else if (plain_turns(c)) {
            *c++ = '?';
            *c++ = '?';
        } else if (*c >= ' ' && *c != 0x7f)
            continue;
        *c = '?';
    }
}

#endif /* PLAIN_H */
