/*
 * outcome.c - prints what an experiment tells.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "outcome.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void outcome_figure(const char *experiment, const char *which, const char *metric, double value) {
    printf("%s,%s,%s,%.10g\n", experiment, which, metric, value);
}

static void remark(const char *format, va_list args) {
    fputs("# ", stdout);
    vprintf(format, args);
    putchar('\n');
}

void outcome_left_out(const char *format, ...) {
    va_list args;
    va_start(args, format);
    remark(format, args);
    va_end(args);
    exit(OUTCOME_LEFT_OUT);
}

void outcome_failed(const char *format, ...) {
    va_list args;
    va_start(args, format);
    remark(format, args);
    va_end(args);
    exit(OUTCOME_FAILED);
}
