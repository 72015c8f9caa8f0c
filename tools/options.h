/*
 * options.h - what was asked for on the command line.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "style.h"
#include "usage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
    size_t region; /* bytes; 0: by the trace */
    const struct style *style;
    bool moves;      /* a resize is an allocation, a copy and a free */
    int32_t process; /* of a log; 0: the one with the most events */
    bool dump;
    bool min_region;
    char **traces; /* their paths, at least one, and NULL behind the last */
};

/* Reads the command line, and returns what is to be done. Has told the user of a MISUSE. */
enum action options_parse(int argc, char **argv, struct options *o);

extern const char options_help[];

#endif /* OPTIONS_H */
