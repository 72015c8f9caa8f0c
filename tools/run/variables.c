/*
 * variables.c - sets the variables of the module.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "variables.h"

#include "malloc/variables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL: nothing, whatever was there. */
static bool set_variable(const char *name, const char *value) {
    return (value != NULL ? setenv(name, value, 1) : unsetenv(name)) == 0;
}

bool variables_set(const struct request *r, const char *log) {
    static const char *const manners[] = {
        [USUAL] = NULL, [TOLERANT] = "tolerant", [STRICT] = "strict"};
    char region[32];
    snprintf(region, sizeof region, "%zu", r->region);
    return set_variable(MEM_VARIABLE_REGION, r->region > 0 ? region : NULL) &&
           set_variable(MEM_VARIABLE_STYLE, r->style->name) &&
           set_variable(MEM_VARIABLE_EXACT, r->exact ? "1" : NULL) &&
           set_variable(MEM_VARIABLE_MISUSE, manners[r->manner]) &&
           set_variable(MEM_VARIABLE_LOG, log);
}

bool variables_set_module(const char *module) {
    const char *others = getenv("LD_PRELOAD");
    if (others == NULL || *others == '\0')
        return setenv("LD_PRELOAD", module, 1) == 0;
    size_t room = strlen(module) + strlen(":") + strlen(others) + 1;
    char *both = malloc(room);
    if (both == NULL)
        return false;
    snprintf(both, room, "%s:%s", module, others);
    bool set = setenv("LD_PRELOAD", both, 1) == 0;
    free(both);
    return set;
}
