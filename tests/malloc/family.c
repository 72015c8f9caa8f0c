/*
 * family.c - what the tests of the malloc module share; see family.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "family.h"

#include <stdio.h>
#include <unistd.h>

volatile size_t over_most = (size_t)PTRDIFF_MAX + 1, largest = SIZE_MAX;

static bool is_preloaded(void) {
    const char *preload = getenv("LD_PRELOAD");
    return preload != NULL && strcmp(preload, MODULE) == 0;
}

int run_with_module(TCase *tests, char **argv) {
    if (!is_preloaded()) {
        setenv("LD_PRELOAD", MODULE, 1);
        setenv("LIBMEM_REGION", "64M", 1);
        execv(argv[0], argv);
        perror(argv[0]);
        return 99;
    }
    Suite *suite = suite_create("malloc");
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

void fill_bytes(void *memory, int byte, size_t size) {
    memset(memory, byte, size);
}

bool are_bytes(const void *memory, int byte, size_t size) {
    const unsigned char *bytes = memory;
    size_t i = 0;
    while (i < size && bytes[i] == (unsigned char)byte)
        i++;
    return i == size;
}
