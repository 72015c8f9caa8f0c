/*
 * plain.h - text that is safe to print on a terminal: names of files may hold any byte.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PLAIN_H
#define PLAIN_H

/* Replaces the control characters of a text by question marks, also those that take two bytes in
 * UTF-8 (U+0080 to U+009F). */
static inline void plain_make(char *text) {
    for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
        if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
            *c++ = '?';
        else if (*c >= ' ' && *c != 0x7f)
            continue;
        *c = '?';
    }
}

#endif /* PLAIN_H */
