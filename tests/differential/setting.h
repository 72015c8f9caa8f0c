/*
 * setting.h - what can be chosen of a random run, and the choices of a pass.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SETTING_H
#define SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STYLE_MIXED = -1 };

enum sizes {
    SIZES_MIXED,   /* each phase draws one of those below */
    SIZES_GRANULE, /* one granule */
    SIZES_SMALL,   /* up to 256 bytes */
    SIZES_SEGMENT, /* around multiples of 1 KiB, 64 granules */
    SIZES_PAGE,    /* around 4 KiB, 256 granules */
    SIZES_LARGE,   /* all orders of magnitude, up to the whole region */
    SIZES_POWERS,  /* powers of two, one less, one more */
    SIZES_EVEN,    /* such that the objects just about fill the region */
    SIZES_PROGRAM, /* a few sizes again and again, some others, few large */
    SIZES_COUNT,
};

struct setting {
    uint64_t
        region; /* bytes; more than an int holds are those of created ones, beside the default */
    int style;  /* of Mem_Alloc and its kin, or STYLE_MIXED */
    enum sizes sizes;
    uint32_t objects; /* about so many live at a time in a region, at most */
    unsigned regions; /* at once, the default one included; REGIONS_MOST at most */
    bool vandal;      /* overwrite nodes of the free list between operations */
};

struct setting_row {
    struct setting setting;
    unsigned share; /* of the operations, in thousands of a pass */
};

/* The runs of a pass. */
extern const struct setting_row setting_table[];
extern const size_t setting_rows;

/* What a run gets if nothing else is chosen. */
extern const struct setting setting_usual;

/* The options that choose a setting, as getopt_long knows them, are the letters r, y, z, o, g
 * and v: region, style, sizes, objects, regions, vandal. Takes one; false if its text is
 * wrong. */
bool setting_parse(struct setting *setting, int option, const char *text);

/* The options that choose the setting, as text. */
void setting_describe(char *text, size_t size, const struct setting *setting);

/* Reads a number no larger than most; false if the text is none. */
bool setting_parse_number(const char *text, uint64_t most, uint64_t *number);

#endif
