/*
 * replacement.h - a file that takes the place of another one when it is whole, and not before.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REPLACEMENT_H
#define REPLACEMENT_H

#include "complaint.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct replacement {
    const char *path;
    char temporary[PATH_MAX]; /* beside it */
    FILE *file;
};

/* Whether such a file can be made, and could take its place; c says why not. Nothing is left of it.
 */
bool replacement_try(const char *path, struct complaint *c);

/* Begins one. If true is returned, replacement_end is to be called. */
bool replacement_begin(struct replacement *r, const char *path, struct complaint *c);

/* Closes the file, and has it replace the other; or nothing is left of it, if something could not
 * be written. */
bool replacement_end(struct replacement *r, struct complaint *c);

/* Takes away what was begun, instead of replacement_end. */
void replacement_drop(struct replacement *r);

#endif /* REPLACEMENT_H */
