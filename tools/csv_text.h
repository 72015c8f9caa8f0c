/*
 * csv_text.h - a field of comma-separated values (RFC 4180).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CSV_TEXT_H
#define CSV_TEXT_H

#include <stdio.h>

/* Writes a text, in quotes if it needs them. */
void csv_text(FILE *out, const char *text);

#endif /* CSV_TEXT_H */
