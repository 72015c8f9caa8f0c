/*
 * version-jemalloc.c - names the jemalloc that the program is linked with.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <jemalloc/jemalloc.h>
#include <stdio.h>
#include <string.h>

/* The hash of a commit follows the version. */
const char *adapter_version(void) {
    static char text[32];
    const char *version = "";
    size_t size = sizeof version;
    mallctl("version", &version, &size, NULL, 0);
    snprintf(text, sizeof text, "jemalloc %.*s", (int)strcspn(version, "-"), version);
    return text;
}
