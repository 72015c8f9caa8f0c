/*
 * code_name.c - names places in code.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "code_name.h"

#include "plain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void code_name(char *text, size_t room, const char *file, uint64_t address) {
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;
    if (file == NULL)
        snprintf(text, room, "%#" PRIx64, address);
    else
        snprintf(text, room, "%s+%#" PRIx64, slash != NULL ? slash + 1 : file, address);
    plain_make(text);
}
