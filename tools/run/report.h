/*
 * report.h - what --stats prints: what each process made of its heap, and what the whole took.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REPORT_H
#define REPORT_H

#include "attend.h"
#include "rows.h"

#include <stdio.h>

struct report {
    const char *program; /* as it was asked for */
    const char *style;
    struct rows *rows; /* may be brought into another order */
    const struct ending *ending;
};

/* For people: a line for each of the twenty largest, and one for the rest. */
void report_table(FILE *out, const struct report *r);

/* For programs: a line for each process, and one, the last, for the whole. */
void report_csv(FILE *out, const struct report *r);

/* What both share: the figures of a row, in the order of their columns. */

enum { REPORT_FIGURES = 11 };

struct figure {
    const char *name;  /* a word */
    const char *title; /* a short one, for people */
    size_t at;         /* the member of struct row, an uint64_t */
};

extern const struct figure report_figures[REPORT_FIGURES];

/* Words for people and programs alike: how a row stands, and what decided its region's size. */
const char *report_standing(const struct row *row);
const char *report_limit(const struct row *row);

uint64_t report_figure(const struct row *row, size_t which);

#endif /* REPORT_H */
