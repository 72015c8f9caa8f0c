/*
 * complaint.h - what went wrong, and in which line of the trace: filled where
 * it is noticed, printed by main alone.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef COMPLAINT_H
#define COMPLAINT_H

#include <stdbool.h>
#include <stddef.h>

struct complaint {
    size_t line; /* 0: no line in particular */
    char text[160];
};

/* Always false, so that a function that found a fault can end with
 * `return complain(...)`. */
bool complain(struct complaint *c, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* COMPLAINT_H */
