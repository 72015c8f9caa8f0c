/*
 * test_realloc_pointers.c - Mem_Realloc and Mem_RegionRealloc refuse every pointer that is not the
 * start of a live object, whatever size it is to have, and change nothing.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "pointers.h"

#include <limits.h>

/* Sizes to shrink to, to stay, to grow to, and for which there is no space. */
static const int any_sizes[] = {
    1, 16, 48, 64, 1040, TAIL - E, REGION - TAIL, REGION - TAIL + 1, INT_MAX};

static bool has_failed(const void *result) {
    return result == NULL && m_error == E_BAD_POINTER;
}

static bool is_refused(void *pointer) {
    bool always = true;
    for (size_t i = 0; i < COUNT(any_sizes); i++) {
        m_error = 0;
        always &= has_failed(Mem_Realloc(pointer, any_sizes[i], styles[i % STYLES]));
    }
    return always;
}

static bool is_refused_by_region(void *pointer) {
    Mem_Region *own = Mem_DefaultRegion();
    bool always = true;
    for (size_t i = 0; i < COUNT(any_sizes); i++) {
        const size_t size = (size_t)any_sizes[i];
        m_error = 0;
        always &= has_failed(Mem_RegionRealloc(own, pointer, size, styles[i % STYLES]));
    }
    return always;
}

int main(void) {
    TCase *tests = new_case("realloc: pointers");

    add_tests_of_pointers(tests, is_refused, is_refused_by_region);
    return run_case(tests);
}
