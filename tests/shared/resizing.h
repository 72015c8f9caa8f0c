/*
 * resizing.h - what the tests of Mem_Realloc and Mem_RegionRealloc share: the two calls, and a heap
 * of four objects and three free chunks.
 *
 *     0      96    160    208    320    336          1376         65536
 *     [ low  ][ A  ][ B  ][ hole ][ wall ][    far   ][    last   ]
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RESIZING_H
#define RESIZING_H

#include "support.h"

enum { LOW = 0, A = 96, B = 160, HOLE = 208, WALL = 320, FAR = 336, LAST = 1376 };

extern const struct chunk resizing_holes[3];

/* A region of another size, for larger objects. */
enum { SPACE = 1 << 20 };

/* ---- the two calls ---- */

enum { CALLS = 2 };
extern void *(*const calls[CALLS])(void *ptr, int size, int style);

/* The one that the test is about; make_heap_for_resizing sets it. */
extern void *(*resize)(void *ptr, int size, int style);

/* Resizes the object at the offset; returns its new offset, or NOWHERE. */
int resize_at(int offset, int size, int style);

/* Asserts that the object at offset `from` is at offset `to` after the resize, and that m_error
 * stays as it was. */
#define assert_resized(from, to, size, style)                                                      \
    do {                                                                                           \
        m_error = 4711;                                                                            \
        ck_assert_int_eq(resize_at((from), (size), (style)), (to));                                \
        ck_assert_int_eq(m_error, 4711);                                                           \
    } while (0)

/* ---- the heap ---- */

/* Makes the heap, and sets `resize` to the call of that number. Each object is filled with its
 * offset as the key. */
void make_heap_for_resizing(int call);

/* Whether the object that was at offset `from`, and is at offset `to` now, still holds the first
 * `size` bytes of its contents. */
bool kept(int from, int to, int size);

/* All objects but the one at the offset hold what they held. */
void assert_others_kept(int offset);

/* Nothing has changed: each object has its contents, and can be freed once. */
void assert_heap_unchanged(void);

#endif /* RESIZING_H */
