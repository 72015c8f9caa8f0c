/*
 * hints.c - knows programs with heaps of their own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "hints.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const struct own_heap hints_own_heaps[HINTS_OWN_HEAPS] = {
    {"python3", "PYTHONMALLOC", "malloc", "PYTHONMALLOC=malloc"},
    {"php", "USE_ZEND_ALLOC", "0", "USE_ZEND_ALLOC=0"},
};

static bool begins_with(const char *text, const char *beginning) {
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

const struct own_heap *hints_own_heap(const struct row *row) {
    const char *program = rows_program(row);
    for (size_t i = 0; i < HINTS_OWN_HEAPS; i++) {
        const struct own_heap *own = &hints_own_heaps[i];
        const char *value = getenv(own->variable);
        if (begins_with(program, own->program))
            return value != NULL && begins_with(value, own->value) ? NULL : own;
    }
    return NULL;
}

/* Below the least, code and stacks may be all that is resident. */
static bool is_elsewhere(uint64_t peak, uint64_t resident_kib) {
    enum { LEAST_KIB = 16384, SHARE = 8 };
    return resident_kib >= LEAST_KIB && peak / 1024 < resident_kib / SHARE;
}

const char *hints_whole(const struct report *r) {
    uint64_t allocations = 0;
    uint64_t peak = 0;
    for (size_t i = 0; i < r->rows->count; i++) {
        const struct row *row = &r->rows->first[i];
        allocations += row->allocations;
        peak = row->peak > peak ? row->peak : peak;
    }
    if (r->rows->count > 0 && allocations == 0)
        return "no call arrived: the program has a heap of its own or needs none";
    if (r->rows->count > 0 && is_elsewhere(peak, (uint64_t)r->ending->usage.ru_maxrss))
        return "few calls arrived: most memory was not in a heap but mapped otherwise";
    return NULL;
}
