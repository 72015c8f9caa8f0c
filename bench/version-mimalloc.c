/*
 * version-mimalloc.c - names the mimalloc that the program is linked with.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <mimalloc.h>
#include <stdio.h>

/* Three digits: major, minor, patch. */
const char *adapter_version(void) {
    static char text[32];
    int version = mi_version();
    snprintf(text, sizeof text, "mimalloc %d.%d.%d", version / 100, version / 10 % 10,
             version % 10);
    return text;
}
