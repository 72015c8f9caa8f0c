/*
 * hints.c - knows programs with heaps of their own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "hints.h"

#include <stdlib.h>
#include <string.h>

/* A program, by how its name begins, and the setting that makes it call malloc. */
struct own_heap {
    const char *program;
    const char *variable;
    const char *value;
    const char *setting;
};

static const struct own_heap own_heaps[] = {
    {"python3", "PYTHONMALLOC", "malloc", "PYTHONMALLOC=malloc"},
    {"php", "USE_ZEND_ALLOC", "0", "USE_ZEND_ALLOC=0"},
};

const char *hints_variable(const struct row *row) {
    const char *program = rows_program(row);
    for (size_t i = 0; i < sizeof own_heaps / sizeof own_heaps[0]; i++) {
        const struct own_heap *own = &own_heaps[i];
        const char *value = getenv(own->variable);
        if (strncmp(program, own->program, strlen(own->program)) == 0)
            return value != NULL && strcmp(value, own->value) == 0 ? NULL : own->setting;
    }
    return NULL;
}

/* Below the least, code and stacks may be all that is resident. */
bool hints_elsewhere(const struct report *r) {
    enum { LEAST_KIB = 16384, SHARE = 8 };
    uint64_t resident = (uint64_t)r->ending->usage.ru_maxrss; /* KiB */
    uint64_t peak = 0;
    for (size_t i = 0; i < r->rows->count; i++)
        peak = r->rows->first[i].peak > peak ? r->rows->first[i].peak : peak;
    return resident >= LEAST_KIB && peak / 1024 < resident / SHARE;
}
