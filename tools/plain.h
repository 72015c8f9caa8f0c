/*
 * plain.h - text that does nothing to a terminal but stand there: names of files may hold any byte.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PLAIN_H
#define PLAIN_H

/* Makes question marks of the control characters of a text, those of UTF-8 that take two bytes
 * (U+0080 to U+009F) included. */
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
