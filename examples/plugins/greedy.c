/*
 * greedy.c - a plugin that wants more than it may have.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "plugin.h"

#include <stdio.h>

bool greedy(Mem_Region *region) {
    int objects = 0;
    while (Mem_RegionAlloc(region, 10000, FIRSTFIT) != NULL)
        objects++;
    printf("greedy: refused after %d objects: %s\n", objects, Mem_StrError(m_error));
    return false;
}
