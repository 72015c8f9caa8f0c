/*
 * usage.h - what is wrong with a command line that getopt_long reads, in the same words for
 * each program.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef USAGE_H
#define USAGE_H

/* What is to be done. */
enum action { RUN, SHOW_HELP, SHOW_VERSION, MISUSE };

/* The short options are their letters; the values of long ones begin here. */
enum { USAGE_LONG = 256 };

/* Each of these prints one line, which names the option --help, and returns MISUSE. */

/* "WHAT 'WHICH'". */
enum action misuse(const char *what, const char *which);

/* The program needs an argument that is not there. */
enum action misuse_of_none(const char *what);

/* getopt_long, just called with argv, has returned '?'. letters are the short options. */
enum action misuse_of_option(char **argv, const char *letters);

#endif /* USAGE_H */
