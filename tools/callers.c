/*
 * callers.c - keeps callers beyond the reading of a recording.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "callers.h"

#include <stdlib.h>
#include <string.h>

static bool add_code(struct callers *c, const struct code *code) {
    struct code *grown = realloc(c->code, (c->code_count + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    c->code = grown;
    grown[c->code_count] = *code;
    grown[c->code_count].file = strdup(code->file);
    return grown[c->code_count++].file != NULL;
}

bool callers_take(struct callers *c, const struct lives *addresses, const struct format *format,
                  const void *reader) {
    struct code code;
    *c = (struct callers){.count = addresses->last};
    if (c->count == 0)
        return true;
    c->address = malloc(((size_t)c->count + 1) * sizeof *c->address);
    if (c->address == NULL)
        return false;
    memcpy(c->address, addresses->place, ((size_t)c->count + 1) * sizeof *c->address);
    for (size_t i = 0; format->code != NULL && format->code(reader, i, &code); i++)
        if (!add_code(c, &code))
            return false;
    return true;
}

void callers_end(struct callers *c) {
    for (size_t i = 0; i < c->code_count; i++)
        free((char *)c->code[i].file);
    free(c->code);
    free(c->address);
    *c = (struct callers){.count = 0};
}

const struct code *callers_code(const struct callers *c, uint32_t number) {
    for (size_t i = c->code_count; i-- > 0;)
        if (c->address[number] - c->code[i].start < c->code[i].bytes)
            return &c->code[i];
    return NULL;
}
