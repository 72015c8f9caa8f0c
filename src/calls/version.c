/*
 * version.c - Mem_Version: which library the program runs with, whichever header it was compiled
 * with.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/public.h"

const char *Mem_Version(void) {
    return MEM_VERSION_STRING;
}
