/*
 * style.h - the styles of allocation, by their names.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef STYLE_H
#define STYLE_H

#include "usage.h"

#include <stddef.h>

struct style {
    const char *name;
    int value; /* as mem.h has it */
};

/* NULL when there is none of that name. */
const struct style *style_find(const char *name);

/* Reads the value of an option --style; says so if there is no such style. */
enum action style_parse(const char *text, const struct style **style);

enum { STYLES = 3 };

struct styles {
    const struct style *of[STYLES]; /* none twice */
    size_t count;
};

/* The same for one style or several, with commas in between. */
enum action style_parse_list(const char *text, struct styles *styles);

#endif /* STYLE_H */
