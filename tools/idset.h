/*
 * idset.h - a set of ids, each a bit, in pages that are made when they are needed: so it takes
 * memory by the ids that are in it, and not by the largest.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef IDSET_H
#define IDSET_H

#include <stdbool.h>
#include <stdint.h>

/* Ids are from 0 to that. */
#define IDSET_MOST (UINT64_C(1) << 31)

/* All zero is empty. */
struct idset {
    unsigned char **page;
};

bool idset_has(const struct idset *s, uint64_t id);

/* False when memory is short. */
bool idset_add(struct idset *s, uint64_t id);

void idset_free(struct idset *s);

#endif /* IDSET_H */
