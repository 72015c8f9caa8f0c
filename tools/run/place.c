/*
 * place.c - names places in modules.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "place.h"

#include "code_name.h"
#include "segments.h"

void place_name(char *text, size_t room, const struct mem_refusal *refusal) {
    uint64_t offset = refusal->caller - refusal->start + refusal->offset;
    if (refusal->module[0] == '\0')
        code_name(text, room, NULL, refusal->caller);
    else
        code_name(text, room, refusal->module, segments_address(refusal->module, offset));
}
