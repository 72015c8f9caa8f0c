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

enum form { FORM_TEXT, FORM_CSV, FORM_JSON };

struct options {
    size_t region;        /* bytes; 0: by the trace */
    struct styles styles; /* at least one */
    bool moves;           /* a resize is an allocation, a copy and a free */
    int32_t process;      /* of a log; 0: the one with the most events */
    bool dump;
    bool min_region;
    bool refusals; /* list them */
    bool budget;
    bool holders;
    enum form form;
    const char *svg;  /* the file of a picture, or NULL */
    const char *html; /* the file of a page, or NULL */
    char **traces;    /* their paths, at least one, and NULL behind the last */
};

/* Whether styles are compared, or what is known of one is told in the same form. */
bool options_want_table(const struct options *o);

/* Reads the command line, and returns what is to be done. Has told the user of a MISUSE. */
enum action options_parse(int argc, char **argv, struct options *o);

extern const char options_help[];

#endif /* OPTIONS_H */
