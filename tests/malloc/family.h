/*
 * family.h - what the tests of the malloc module share: a program whose malloc is the module's.
 *
 * It is no library to link with, so a program begins again with the module preloaded.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TESTS_MALLOC_FAMILY_H
#define TESTS_MALLOC_FAMILY_H

#include "config.h"

#include <check.h>
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Runs the case in a program with the module, and returns its exit status. */
int run_with_module(TCase *tests, char **argv);

/* Sizes that no region has, but that need not overflow. Volatile: a compiler would warn of them. */
extern volatile size_t over_most, largest;

/* Whether all bytes are as set, or, first, sets them. */
void fill_bytes(void *memory, int byte, size_t size);
bool are_bytes(const void *memory, int byte, size_t size);

static inline bool is_aligned(const void *object, size_t alignment) {
    return (uintptr_t)object % alignment == 0;
}

/* The call gives NULL, and errno is error. */
#define assert_refuses(error, call)                                                                \
    do {                                                                                           \
        errno = 0;                                                                                 \
        ck_assert_ptr_null((call));                                                                \
        ck_assert_int_eq(errno, (error));                                                          \
    } while (0)

#endif
