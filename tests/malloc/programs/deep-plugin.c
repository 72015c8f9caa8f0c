/*
 * deep-plugin.c - a library that frees what its caller allocated, and gives back what it allocated.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <stdlib.h>
#include <string.h>

char *plugin_text(char *buffer);

char *plugin_text(char *buffer) {
    free(buffer);
    return strdup("deep");
}
