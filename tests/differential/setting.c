/*
 * setting.c - the table of settings, and settings as options; see setting.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "setting.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "mem.h"
#include "report.h"

#define KIB(n) ((n)*1024)
#define MIB(n) ((n)*1024 * 1024)
#define GIB(n) ((uint64_t)(n) << 30)

/* Regions of 1, 16, 256 ... segments of 1 KiB and their neighbours stand here
 * because a tree of 16-fold nodes changes its height there. */
const struct setting_row setting_table[] = {
    /* region, style, sizes, objects, regions, vandal; share */
    {{1, FIRSTFIT, SIZES_MIXED, 300, 1, false}, 125},
    {{1, WORSTFIT, SIZES_MIXED, 300, 1, false}, 125},
    {{1, BESTFIT, SIZES_MIXED, 300, 1, false}, 125},
    {{1, STYLE_MIXED, SIZES_MIXED, 300, 8, false}, 125},
    {{4096, STYLE_MIXED, SIZES_GRANULE, 300, 1, false}, 80},
    {{4096, STYLE_MIXED, SIZES_MIXED, 300, 1, false}, 125},
    {{4096, STYLE_MIXED, SIZES_MIXED, 300, 1, true}, 125},
    {{4097, FIRSTFIT, SIZES_SMALL, 300, 2, false}, 125},
    {{4097, STYLE_MIXED, SIZES_MIXED, 600, 1, false}, 125},
    {{KIB(12), STYLE_MIXED, SIZES_SEGMENT, 100, 1, false}, 125},
    {{KIB(16), STYLE_MIXED, SIZES_MIXED, 200, 3, false}, 125},
    {{KIB(20), STYLE_MIXED, SIZES_MIXED, 200, 1, false}, 125},
    {{KIB(64), FIRSTFIT, SIZES_SMALL, 500, 1, false}, 125},
    {{KIB(64), WORSTFIT, SIZES_SMALL, 500, 1, false}, 125},
    {{KIB(64), BESTFIT, SIZES_SMALL, 500, 1, false}, 125},
    {{KIB(64), FIRSTFIT, SIZES_SEGMENT, 60, 2, false}, 125},
    {{KIB(64), STYLE_MIXED, SIZES_POWERS, 200, 4, false}, 125},
    {{KIB(64), STYLE_MIXED, SIZES_MIXED, 300, 1, false}, 125},
    {{KIB(64), FIRSTFIT, SIZES_SMALL, 500, 1, true}, 125},
    {{KIB(64), STYLE_MIXED, SIZES_MIXED, 300, 4, true}, 125},
    {{KIB(252), STYLE_MIXED, SIZES_EVEN, 300, 1, false}, 125},
    {{KIB(256), FIRSTFIT, SIZES_PAGE, 100, 3, false}, 125},
    {{KIB(260), STYLE_MIXED, SIZES_EVEN, 300, 1, false}, 125},
    {{MIB(1) - 123, FIRSTFIT, SIZES_PROGRAM, 500, 1, false}, 125},
    {{MIB(1), FIRSTFIT, SIZES_PAGE, 300, 1, false}, 125},
    {{MIB(1), WORSTFIT, SIZES_SEGMENT, 500, 3, false}, 125},
    {{MIB(1), STYLE_MIXED, SIZES_PROGRAM, 500, 1, true}, 125},
    {{MIB(1), STYLE_MIXED, SIZES_MIXED, 300, 4, false}, 125},
    {{MIB(4), STYLE_MIXED, SIZES_EVEN, 400, 1, false}, 125},
    {{MIB(4) + 1, STYLE_MIXED, SIZES_MIXED, 400, 2, false}, 125},
    {{MIB(16), FIRSTFIT, SIZES_MIXED, 400, 1, false}, 125},
    {{MIB(16), WORSTFIT, SIZES_MIXED, 400, 3, false}, 125},
    {{MIB(16), BESTFIT, SIZES_MIXED, 400, 1, false}, 125},
    {{MIB(16), STYLE_MIXED, SIZES_LARGE, 40, 4, false}, 125},
    {{MIB(16), FIRSTFIT, SIZES_PROGRAM, 20000, 1, false}, 90},
    {{MIB(16), STYLE_MIXED, SIZES_SMALL, 20000, 2, false}, 90},
    {{MIB(16), STYLE_MIXED, SIZES_MIXED, 400, 2, true}, 80},
    {{MIB(64), STYLE_MIXED, SIZES_MIXED, 400, 3, false}, 80},
    {{MIB(64) + 1, STYLE_MIXED, SIZES_EVEN, 400, 1, false}, 80},
    {{MIB(1024), FIRSTFIT, SIZES_MIXED, 400, 1, false}, 80},
    {{MIB(1024), WORSTFIT, SIZES_POWERS, 400, 1, false}, 80},
    {{MIB(1024), STYLE_MIXED, SIZES_LARGE, 100, 2, false}, 80},
    {{MIB(1024), STYLE_MIXED, SIZES_EVEN, 20000, 1, false}, 60},
    {{INT_MAX, FIRSTFIT, SIZES_MIXED, 400, 1, false}, 80},
    {{INT_MAX, WORSTFIT, SIZES_EVEN, 400, 1, false}, 80},
    {{INT_MAX, BESTFIT, SIZES_LARGE, 100, 1, false}, 80},
    {{INT_MAX, STYLE_MIXED, SIZES_MIXED, 400, 2, false}, 80},
    {{INT_MAX, STYLE_MIXED, SIZES_MIXED, 400, 1, true}, 80},
    {{GIB(6), STYLE_MIXED, SIZES_MIXED, 400, 3, false}, 80},
    {{GIB(20) + 1, STYLE_MIXED, SIZES_EVEN, 300, 2, true}, 60},
    {{GIB(32), STYLE_MIXED, SIZES_LARGE, 100, 3, false}, 80},
};

const size_t setting_rows = sizeof setting_table / sizeof setting_table[0];

const struct setting setting_usual = {KIB(64), STYLE_MIXED, SIZES_MIXED, 300, 1, false};

/* ---- As options ---- */

static const char *const sizes_options[SIZES_COUNT] = {
    "mixed", "granule", "small", "segment", "page", "large", "powers", "even", "program",
};

static const struct {
    int style;
    const char *option;
} styles[] = {{FIRSTFIT, "first"}, {WORSTFIT, "worst"}, {BESTFIT, "best"}, {STYLE_MIXED, "mixed"}};

enum { STYLES = sizeof styles / sizeof styles[0] };

static const char *style_option(int style) {
    size_t i = 0;
    while (styles[i].style != style)
        i++;
    return styles[i].option;
}

void setting_describe(char *text, size_t size, const struct setting *setting) {
    snprintf(text, size,
             "--region %" PRIu64 " --style %s --sizes %s --objects %" PRIu32 " --regions %u%s",
             setting->region, style_option(setting->style), sizes_options[setting->sizes],
             setting->objects, setting->regions, setting->vandal ? " --vandal" : "");
}

bool setting_parse_number(const char *text, uint64_t most, uint64_t *number) {
    char *end;
    *number = strtoull(text, &end, 0);
    return end != text && *end == '\0' && *text != '-' && *number <= most;
}

static bool parse_style(const char *text, int *style) {
    for (size_t i = 0; i < STYLES; i++) {
        *style = styles[i].style;
        if (strcmp(text, styles[i].option) == 0)
            return true;
    }
    return false;
}

static bool parse_sizes(const char *text, enum sizes *sizes) {
    for (int i = 0; i < SIZES_COUNT; i++) {
        *sizes = (enum sizes)i;
        if (strcmp(text, sizes_options[i]) == 0)
            return true;
    }
    return false;
}

bool setting_parse(struct setting *setting, int option, const char *text) {
    uint64_t number = 0;
    bool right;
    switch (option) {
    case 'r':
        right = setting_parse_number(text, REGION_MOST, &number);
        setting->region = number;
        return right && number > 0;
    case 'y':
        return parse_style(text, &setting->style);
    case 'z':
        return parse_sizes(text, &setting->sizes);
    case 'o':
        right = setting_parse_number(text, 1000000, &number);
        setting->objects = (uint32_t)number;
        return right && number > 0;
    case 'g':
        right = setting_parse_number(text, REGIONS_MOST, &number);
        setting->regions = (unsigned)number;
        return right && number > 0;
    case 'v':
        setting->vandal = true;
        return true;
    default:
        return false;
    }
}
