/*
 * message.c - prints messages.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "message.h"

#include <stdarg.h>
#include <stdio.h>

enum status fail(enum status status, const char *format, ...) {
    va_list args;
    fputs("mem-replay: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return status;
}
