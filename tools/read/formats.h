/*
 * formats.h - the formats that are read, each by a file of its own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_FORMATS_H
#define READ_FORMATS_H

#include "read/reader.h"

/* The format of data that begin with these bytes: if none knows them, the one of text files that
 * begin with a number, whose reader says what is wrong. */
const struct format *formats_find(const unsigned char *first, size_t count);

/* Whether the data are, or may be, of any format; count may be small. */
bool formats_may_be(const unsigned char *first, size_t count);

#endif /* READ_FORMATS_H */
