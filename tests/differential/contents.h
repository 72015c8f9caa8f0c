/*
 * contents.h - what the test writes into objects, to see that nobody else does
 * and that a resize keeps it.
 *
 * Some granules of an object are stamped with its id and their number: those numbered 0, 1, 16, 256
 * and so on, and the last. This is cheap in a large object, and after a resize all stamps but the
 * last are where they must be.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CONTENTS_H
#define CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stamps an object of so many bytes. */
void contents_write(char *object, uint32_t id, size_t size);

/* Whether an object that was stamped with `written` bytes has the right contents after a resize to
 * `size` bytes, perhaps the same. Bytes behind those, in the last granule, do not count. */
bool contents_are_right(const char *object, uint32_t id, size_t written, size_t size);

/* The number of the next stamped granule after this one, in an object of so many bytes; after the
 * last, the number of its granules. */
size_t contents_stamp_after(size_t granule, size_t size);

/* Whether so many bytes are all zero. */
bool contents_are_zero(const char *object, size_t size);

#endif
