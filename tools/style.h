/*
 * style.h - the styles of allocation, by their names.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef STYLE_H
#define STYLE_H

#include "usage.h"

struct style {
    const char *name;
    int value; /* as mem.h has it */
};

/* NULL when there is none of that name. */
const struct style *style_find(const char *name);

/* Reads the value of an option --style; says so if there is no such style. */
enum action style_parse(const char *text, const struct style **style);

#endif /* STYLE_H */
