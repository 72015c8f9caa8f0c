/*
 * complaint.c - writes down what went wrong.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "complaint.h"

#include <stdarg.h>
#include <stdio.h>

bool complain(struct complaint *c, size_t line, const char *format, ...) {
    c->line = line;
    va_list args;
    va_start(args, format);
    vsnprintf(c->text, sizeof c->text, format, args);
    va_end(args);
    return false;
}
