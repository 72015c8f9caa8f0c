/*
 * area.c - memory for the driver itself, by mmap.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "area.h"

#include "outcome.h"

#include <string.h>
#include <sys/mman.h>

void *area_reserve(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        outcome_failed("the system refuses %zu bytes for the driver", bytes);
    return memory;
}

void *area_take(size_t bytes) {
    return memset(area_reserve(bytes), 0, bytes);
}
