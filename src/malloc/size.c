/*
 * size.c - reads sizes; see size.h.
 *
 * Calls nothing of libc: the module reads its region's size before libc is ready.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/size.h"

/* The binary logarithm of a unit, or -1. */
static int unit_shift(const char *unit) {
    if (unit[0] == '\0')
        return 0;
    if (unit[1] != '\0')
        return -1;
    switch (unit[0]) {
    case 'K':
    case 'k':
        return 10;
    case 'M':
    case 'm':
        return 20;
    case 'G':
    case 'g':
        return 30;
    default:
        return -1;
    }
}

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

bool mem_size_parse(const char *text, uint64_t most, uint64_t *bytes) {
    uint64_t value = 0;
    for (; is_digit(*text); text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    int shift = unit_shift(text);
    if (shift < 0 || value == 0 || value > most >> shift)
        return false;
    *bytes = value << shift;
    return true;
}
