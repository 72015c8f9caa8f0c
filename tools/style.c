/*
 * style.c - knows the styles.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "style.h"

#include <mem.h>
#include <stddef.h>
#include <string.h>

static const struct style styles[] = {
    {"first", FIRSTFIT},
    {"worst", WORSTFIT},
    {"best", BESTFIT},
};
enum { STYLES = sizeof styles / sizeof styles[0] };

const struct style *style_find(const char *name) {
    for (size_t i = 0; i < STYLES; i++)
        if (strcmp(name, styles[i].name) == 0)
            return &styles[i];
    return NULL;
}

enum action style_parse(const char *text, const struct style **style) {
    *style = style_find(text);
    return *style != NULL ? RUN : misuse("--style takes first, worst or best, not", text);
}
