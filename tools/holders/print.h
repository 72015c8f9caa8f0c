/*
 * print.h - holders as text for people, and in two forms for programs.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HOLDERS_PRINT_H
#define HOLDERS_PRINT_H

#include "holders/holders.h"

#include <stddef.h>
#include <stdio.h>

/* Where and how the holders were found. */
struct holders_of {
    const char *trace; /* its name */
    const char *style;
    const char *unit; /* what lines count: "line" or "call" */
    size_t region;    /* bytes */
};

/* A line that tells of the moment, and a table. */
void holders_text(FILE *out, const struct holders *h, const struct holders_of *of);

/* Rows, and before them, the names of the columns. */
void holders_csv_header(FILE *out);
void holders_csv(FILE *out, const struct holders *h, const struct holders_of *of);

/* An object. */
void holders_json(FILE *out, const struct holders *h);

#endif /* HOLDERS_PRINT_H */
