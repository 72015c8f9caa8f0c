/*
 * version-tcmalloc.c - names the tcmalloc that the program is linked with.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <gperftools/tcmalloc.h>
#include <stddef.h>

const char *adapter_version(void) {
    return tc_version(NULL, NULL, NULL);
}
