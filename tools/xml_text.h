/*
 * xml_text.h - text in XML 1.0.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef XML_TEXT_H
#define XML_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Writes at most so many characters of a text, as content or in quotes; an ellipsis stands for what
 * is left out. Bytes that are no UTF-8, and characters that XML does not have, become U+FFFD. */
void xml_text(FILE *out, const char *text, size_t most);

#endif /* XML_TEXT_H */
