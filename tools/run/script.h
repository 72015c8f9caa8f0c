/*
 * script.h - the first line of a script, which names the program that reads it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/* As much of a file as Linux looks at. */
enum { SCRIPT_LINE = 256 };

struct script {
    char interpreter[SCRIPT_LINE];
    char argument[SCRIPT_LINE]; /* what follows, as one; "": nothing */
};

/* Takes the line apart as execve does, from the first bytes of a file. False if they are not "#!"
 * and a name. */
bool script_read(const char *bytes, size_t count, struct script *s);

/* For an interpreter that is env(1): which program env looks for. Writes the name to program, which
 * has room for SCRIPT_LINE bytes; false if that is not what the line is for, or if it cannot be
 * seen. */
bool script_names_program(const struct script *s, char *program);

#endif /* SCRIPT_H */
