/*
 * message.c - prints messages.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "message.h"

#include "plain.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

/* The longest tell of two paths. */
enum { TEXT = 2 * PATH_MAX + 256 };

static void print(const char *format, va_list args) {
    char text[TEXT];
    vsnprintf(text, sizeof text, format, args);
    plain_make(text);
    fprintf(stderr, "%s: %s\n", program_name, text);
}

int fail(int status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    print(format, args);
    va_end(args);
    return status;
}

void note(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print(format, args);
    va_end(args);
}
