/*
 * fit.h - how much of the heaps a page has room for: the most moments at which every object fits;
 * or, where not even the fewest do, the smallest size from which on objects and free chunks do.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_FIT_H
#define PAGE_FIT_H

#include "page/heaps.h"
#include "page/known.h"
#include "page/moments.h"
#include "page/pack.h"
#include "page/placements.h"
#include "picture/panel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What there is. */
struct supply {
    const struct moments *moments;
    const struct placements *objects; /* by style */
    const struct panel *panels;       /* likewise */
    const struct known *known;
    size_t styles;
    size_t region; /* bytes */
};

/* What fits. */
struct fit {
    struct moments moments;
    uint64_t least; /* bytes: smaller objects and free chunks are left out; 0: none is */
    struct packed packed;
};

/* In so many characters. False when memory is short; fit_end is to be called in any case. */
bool fit_find(struct fit *f, const struct supply *s, size_t room);
void fit_end(struct fit *f);

#endif /* PAGE_FIT_H */
