/*
 * version-libc.c - names the C library, whose malloc is measured.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#include <stdio.h>

const char *adapter_version(void) {
    static char text[32];
    snprintf(text, sizeof text, "glibc %s", gnu_get_libc_version());
    return text;
}
#else
const char *adapter_version(void) {
    return "the malloc of this C library, which is not glibc";
}
#endif
