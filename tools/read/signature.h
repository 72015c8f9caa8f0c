/*
 * signature.h - a call as it is written in C, `FUNCTION(ARGUMENTS)`, and its result.
 *
 * Two formats have it: logalloc and Valgrind.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_SIGNATURE_H
#define READ_SIGNATURE_H

#include "read/reader.h"

#include <stdbool.h>

enum signature { SIGNATURE_BROKEN, SIGNATURE_CALL, SIGNATURE_OTHER };

/*
 * Reads the function and its arguments, up to the parenthesis that ends them; BROKEN when they are
 * not all there, OTHER when the function neither allocates nor frees: then only its name is read.
 * Leaves the call without its place, but for a free, and whether a result follows.
 */
enum signature signature_take(const char **at, struct call *call, bool *has_result);

/* Makes the result, an address, part of the call. */
void signature_finish(struct call *call, uint64_t result);

#endif /* READ_SIGNATURE_H */
