/*
 * idset.c - pages of bits.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "idset.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

enum { PAGE_BYTES = 4096, PAGE_BITS = 8 * PAGE_BYTES, PAGES = (1 << 16) + 1 };

static_assert(IDSET_MOST / PAGE_BITS < PAGES, "each id has a page");

bool idset_has(const struct idset *s, uint64_t id) {
    if (s->page == NULL || id > IDSET_MOST || s->page[id / PAGE_BITS] == NULL)
        return false;
    return (s->page[id / PAGE_BITS][id % PAGE_BITS / 8] >> id % 8 & 1) != 0;
}

bool idset_add(struct idset *s, uint64_t id) {
    if (s->page == NULL)
        s->page = calloc(PAGES, sizeof *s->page);
    if (s->page == NULL || id > IDSET_MOST)
        return false;
    unsigned char **page = &s->page[id / PAGE_BITS];
    if (*page == NULL)
        *page = calloc(PAGE_BYTES, 1);
    if (*page == NULL)
        return false;
    (*page)[id % PAGE_BITS / 8] |= (unsigned char)(1 << id % 8);
    return true;
}

void idset_free(struct idset *s) {
    for (size_t i = 0; s->page != NULL && i < PAGES; i++)
        free(s->page[i]);
    free(s->page);
    s->page = NULL;
}
