/*
 * code.h - numbers as bytes: seven bits in each, the lowest first, and the eighth says that more
 * follow. Numbers that are close to the one before are told by the difference.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_CODE_H
#define PAGE_CODE_H

#include <stdint.h>
#include <stdio.h>

static inline void code_number(FILE *out, uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        putc((int)(number & 0x7f) | 0x80, out);
    putc((int)number, out);
}

/* The difference from the number before, which becomes this one: its sign is the lowest bit. */
static inline void code_step(FILE *out, uint64_t *before, uint64_t number) {
    code_number(out, number >= *before ? (number - *before) << 1 : (*before - number) << 1 | 1);
    *before = number;
}

#endif /* PAGE_CODE_H */
