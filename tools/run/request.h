/*
 * request.h - what was asked for on mem-run's command line.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "failing.h"
#include "recording.h"
#include "style.h"
#include "usage.h"

#include <stdbool.h>
#include <stddef.h>

enum stats { STATS_NONE, STATS_TABLE, STATS_CSV };

/* What becomes of frees that are wrong. */
enum manner { USUAL, TOLERANT, STRICT };

struct request {
    size_t region; /* bytes; 0: as much as the system has */
    const struct style *style;
    bool exact; /* with several threads, too */
    enum stats stats;
    const char *output; /* the file for them; NULL: stderr */
    enum manner manner;
    struct recording recording;
    struct failing failing;
    char **program; /* its name and its arguments, and NULL behind the last */
};

/* Reads the command line, up to the program, and returns what is to be done. Has told the user of a
 * MISUSE. */
enum action request_parse(int argc, char **argv, struct request *r);

extern const char request_help[];

#endif /* REQUEST_H */
