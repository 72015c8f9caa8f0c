/*
 * axis.c - round numbers.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/axis.h"

#include <inttypes.h>
#include <stdio.h>

/* Bytes go by powers of two. */
struct axis axis_of_bytes(uint64_t most, unsigned marks) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
    struct axis a = {.most = most > 0 ? most : 1, .step = 1};
    size_t unit = 0;
    while (a.most / a.step > marks)
        a.step *= 2;
    for (; unit < 3 && a.step >> (a.shift + 10) > 0; unit++)
        a.shift += 10;
    a.unit = units[unit];
    return a;
}

/* 1, 2, 5, 10, 20 and so on. */
struct axis axis_of_numbers(uint64_t most, unsigned marks) {
    struct axis a = {.most = most > 0 ? most : 1, .step = 1, .unit = ""};
    for (uint64_t ten = 1; a.most / a.step > marks; ten *= 10) {
        a.step = 2 * ten;
        if (a.most / a.step > marks)
            a.step = 5 * ten;
        if (a.most / a.step > marks)
            a.step = 10 * ten;
    }
    return a;
}

void axis_group(uint64_t value, char *label) {
    char digits[AXIS_LABEL];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *label++ = ',';
        *label++ = digits[i];
    }
    *label = '\0';
}

void axis_label(const struct axis *a, uint64_t value, char *label) {
    char number[AXIS_LABEL];
    axis_group(value >> a->shift, number);
    if (value == 0 || *a->unit == '\0')
        snprintf(label, AXIS_LABEL, "%s", number);
    else
        snprintf(label, AXIS_LABEL, "%.27s %s", number, a->unit);
}
