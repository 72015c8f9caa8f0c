/*
 * place.c - names places in modules.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "place.h"

#include "image.h"
#include "plain.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* In the module's file, by the address that its symbols have. */
static uint64_t address_in(const char *module, uint64_t offset) {
    int file = open(module, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return offset;
    uint64_t address = image_address(file, offset);
    close(file);
    return address;
}

void place_name(char *text, size_t room, const struct mem_refusal *refusal) {
    const char *slash = strrchr(refusal->module, '/');
    uint64_t offset = refusal->caller - refusal->start + refusal->offset;
    if (refusal->module[0] == '\0')
        snprintf(text, room, "%#" PRIx64, refusal->caller);
    else
        snprintf(text, room, "%s+%#" PRIx64, slash != NULL ? slash + 1 : refusal->module,
                 address_in(refusal->module, offset));
    plain_make(text);
}
