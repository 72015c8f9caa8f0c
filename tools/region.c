/*
 * region.c - reads the size of a region.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "region.h"

#include "malloc/size.h"

enum action region_parse(const char *text, size_t *bytes) {
    static const char range[] = "--region takes bytes, or a number with K, M or G, from 1 "
                                "to " HEAP_MOST_TYPED ", not";
    uint64_t value;
    if (!mem_size_parse(text, HEAP_MOST, &value))
        return misuse(range, text);
    *bytes = (size_t)value;
    return RUN;
}
