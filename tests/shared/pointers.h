/*
 * pointers.h - every kind of pointer that is not the start of a live object, given to a call that
 * must refuse it; and the heap for that: three objects and three free chunks.
 *
 *     0    48     112            1152  1168         5264         65536
 *     [ A ][ hole ][      C      ][hole][     E     ][    tail    ]
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef POINTERS_H
#define POINTERS_H

#include "support.h"

enum { A = 0, HOLE = 48, C = 112, SLIT = 1152, E = 1168, TAIL = 5264 };

extern const struct chunk pointer_holes[3];

/* Makes the heap, and fills its objects. */
void make_heap_for_pointers(void);

/* Asserts that the three objects are live, with the same sizes and contents, and can be freed once
 * each. Frees them. */
void assert_objects_live(void);

/* Adds the tests that give bad pointers to a call, without a region and with the default region.
 * Each function makes the call, with whatever other arguments it needs, and returns whether it
 * refused the pointer with E_BAD_POINTER. */
void add_tests_of_pointers(TCase *tests, bool (*without_region)(void *pointer),
                           bool (*with_region)(void *pointer));

#endif /* POINTERS_H */
