/*
 * style.c - knows the styles.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "style.h"

#include <mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct style styles[STYLES] = {
    {"first", FIRSTFIT},
    {"worst", WORSTFIT},
    {"best", BESTFIT},
};

static const struct style *find(const char *name, size_t length) {
    for (size_t i = 0; i < STYLES; i++)
        if (strncmp(name, styles[i].name, length) == 0 && styles[i].name[length] == '\0')
            return &styles[i];
    return NULL;
}

const struct style *style_find(const char *name) {
    return find(name, strlen(name));
}

enum action style_parse(const char *text, const struct style **style) {
    *style = style_find(text);
    return *style != NULL ? RUN : misuse("--style takes first, worst or best, not", text);
}

static bool has(const struct styles *list, const struct style *style) {
    for (size_t i = 0; i < list->count; i++)
        if (list->of[i] == style)
            return true;
    return false;
}

enum action style_parse_list(const char *text, struct styles *list) {
    list->count = 0;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        const struct style *style = find(at, length);
        if (style == NULL || has(list, style))
            return misuse("--style takes first, worst or best, or several, not", text);
        list->of[list->count++] = style;
        at += length;
        if (*at == '\0')
            return RUN;
    }
}
