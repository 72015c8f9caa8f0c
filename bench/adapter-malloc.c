/*
 * adapter-malloc.c - the malloc of the process, which the linker chooses.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <stdlib.h>

bool adapter_start(size_t bytes, enum policy policy, bool threads) {
    (void)bytes;
    (void)threads;
    return policy == POLICY_OWN;
}

void *adapter_region(void) {
    return NULL;
}

void *adapter_allocate(size_t bytes) {
    return malloc(bytes);
}

void adapter_release(void *object) {
    free(object);
}
