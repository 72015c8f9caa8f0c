/*
 * valgrind.h - reads what valgrind --trace-malloc=yes writes.
 *
 * A line a call: `--PID-- FUNCTION(ARGUMENTS) = RESULT`, without a result if it is a free; whatever
 * else the program and Valgrind write stands in between. A resize to 0 is one line,
 * `realloc(OLD,0)free(OLD)`, and its result stands in the next of that process.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_VALGRIND_H
#define READ_VALGRIND_H

#include "read/reader.h"

extern const struct format valgrind_format;

#endif /* READ_VALGRIND_H */
