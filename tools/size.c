/*
 * size.c - reads sizes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "size.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The binary logarithm of a unit, or -1. */
static int unit_shift(const char *unit) {
    static const char letters[] = "KMG";
    if (*unit == '\0')
        return 0;
    const char *letter = strchr(letters, toupper((unsigned char)*unit));
    return letter != NULL && unit[1] == '\0' ? 10 * (int)(letter - letters + 1) : -1;
}

bool size_parse(const char *text, uint64_t most, uint64_t *bytes) {
    if (*text < '0' || *text > '9') /* strtoull takes signs and white space too */
        return false;
    char *unit;
    errno = 0;
    uint64_t value = strtoull(text, &unit, 10);
    int shift = unit_shift(unit);
    if (errno != 0 || shift < 0 || value == 0 || value > most >> shift)
        return false;
    *bytes = value << shift;
    return true;
}
