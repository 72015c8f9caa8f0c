/*
 * tables.h - the tables of a page, as HTML.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_TABLES_H
#define PAGE_TABLES_H

#include "answer.h"

#include <stdio.h>

/* A row for each style, and one for the least that any allocator can do with. */
void tables_styles(FILE *out, const struct answers *a);

/* A row for each region of the budget. */
void tables_budget(FILE *out, const struct answers *a, const struct budget *b);

#endif /* PAGE_TABLES_H */
