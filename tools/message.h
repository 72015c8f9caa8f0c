/*
 * message.h - what mem-replay says on stderr.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "status.h"

/* Prints a line that begins with the name of the program. Returns the status, so that a function
 * can end with `return fail(...)`. */
enum status fail(enum status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif /* MESSAGE_H */
