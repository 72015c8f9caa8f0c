/*
 * contents.h - what the test writes into objects, to see that nobody else does
 * and that a resize keeps it.
 *
 * Some granules of an object are stamped with its id and their number: those
 * numbered 0, 1, 16, 256 and so on, and the last. That is cheap in a large
 * object, and one that has become larger or smaller has its stamps, but for the
 * last, where it had them before.
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

/* Whether an object that was stamped when it had `written` bytes is as it must be when it has been
 * resized to `size` bytes, the same or others. The bytes of its last granule beyond them are
 * nobody's. */
bool contents_are_right(const char *object, uint32_t id, size_t written, size_t size);

/* The number of the granule that is stamped next after the one of that number, in an object of
 * so many bytes; the number of its granules after the last. */
size_t contents_stamp_after(size_t granule, size_t size);

/* Whether so many bytes are all zero. */
bool contents_are_zero(const char *object, size_t size);

#endif
