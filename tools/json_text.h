/*
 * json_text.h - a string of JSON (RFC 8259).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <stdio.h>

/* Writes a text in quotes. Bytes that are no UTF-8 become U+FFFD. */
void json_text(FILE *out, const char *text);

#endif /* JSON_TEXT_H */
