/*
 * answer_print.h - answers as text for people, and in two forms for programs.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ANSWER_PRINT_H
#define ANSWER_PRINT_H

#include "answer.h"
#include "holders/print.h"

#include <stdio.h>

/* Where the holders of one style were found. */
struct holders_of answer_holders_of(const struct answers *a, const struct answer *one);

/* A line in words, a table, what was refused, the budget, and who holds free memory apart. */
void answer_text(FILE *out, const struct answers *a);

/* The answer in words, without a newline. */
void answer_words(FILE *out, const struct answers *a);

/* What is known of the recording, a line each; nothing of formats that know nothing. */
void answer_origin(FILE *out, const struct trace *t);

/* The requests that one style refused, a line each. */
void answer_refusals(FILE *out, const struct refusals *r, const char *unit);

/* One table: the budget or the holders if there are any, or else what was refused if it was kept,
 * or else a row for each style. header: with the names of the columns first. */
void answer_csv(FILE *out, const struct answers *a, bool header);

/* An object in a line. */
void answer_json(FILE *out, const struct answers *a);

#endif /* ANSWER_PRINT_H */
