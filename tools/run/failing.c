/*
 * failing.c - reads the options of refusals.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "failing.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>

/* More than any program asks for. */
#define MOST (UINT64_C(1000000000000000))

/* Reads a number of at most MOST; returns what follows it, or NULL. */
static const char *read_number(const char *text, uint64_t *number) {
    if (!isdigit((unsigned char)*text))
        return NULL;
    for (*number = 0; isdigit((unsigned char)*text); text++) {
        *number = *number * 10 + (uint64_t)(*text - '0');
        if (*number > MOST)
            return NULL;
    }
    return text;
}

enum action failing_parse_after(const char *text, struct failing *f) {
    const char *end = read_number(text, &f->number);
    if (end == NULL || *end != '\0')
        return misuse("--fail-after takes a number of allocations, not", text);
    f->kind = MEM_REFUSING_LATER;
    return RUN;
}

enum action failing_parse_sweep(const char *text, struct failing *f) {
    f->sweep = true;
    f->first = 1;
    f->last = 0;
    if (text == NULL)
        return RUN;
    const char *end = read_number(text, &f->first);
    if (end != NULL && *end == '-')
        end = read_number(end + 1, &f->last);
    if (end == NULL || *end != '\0' || f->first == 0 || f->last < f->first)
        return misuse("--fail-sweep takes FROM-TO, two numbers from 1 on, not", text);
    return RUN;
}

enum action failing_check(const struct failing *f) {
    if (f->by_caller && !f->sweep)
        return misuse("--by-caller goes only with", "--fail-sweep");
    if (f->sweep && f->kind != MEM_REFUSING_NONE)
        return misuse("--fail-sweep does not go with", "--fail-after");
    return RUN;
}
