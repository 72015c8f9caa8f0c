/*
 * message.h - what a program says on stderr.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MESSAGE_H
#define MESSAGE_H

/* The name of the program; the file with its main defines it. */
extern const char program_name[];

/* Prints a line that begins with the name of the program. Returns the status, so that a function
 * can end with `return fail(...)`. */
int fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints such a line about what is no failure. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* MESSAGE_H */
