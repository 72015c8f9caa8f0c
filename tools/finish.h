/*
 * finish.h - the end of a program's output: every byte of it has to have reached its file.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef FINISH_H
#define FINISH_H

#include <stdio.h>

/* Flushes the stream, the only one that the program prints to, and returns the status; or, if
 * something could not be written to it, ever, says so by the name and returns unwritten. */
int finish_output(FILE *stream, const char *name, int status, int unwritten);

#endif /* FINISH_H */
