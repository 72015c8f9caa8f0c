/*
 * round.h - sizes rounded up.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_ROUND_H
#define MEM_ROUND_H

#include <stddef.h>

/* bytes rounded up to a multiple of unit, a power of two. */
static inline size_t mem_round_up(size_t bytes, size_t unit) {
    return (bytes + unit - 1) & ~(unit - 1);
}

#endif
