/*
 * usage.c - says what is wrong with a command line.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "usage.h"

#include "message.h"

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum action misuse(const char *what, const char *which) {
    return (enum action)fail(MISUSE, "%s '%s' (see %s --help)", what, which, program_name);
}

enum action misuse_of_none(const char *what) {
    return (enum action)fail(MISUSE, "no %s is given (see %s --help)", what, program_name);
}

/* optopt is the letter of an unknown short option, or the value of a long option that takes no
 * argument and was given one. It is negative for a byte that is not ASCII, a part of a letter: then
 * getopt has not yet moved past the argument. */
enum action misuse_of_option(char **argv, const char *letters) {
    if (optopt < 0 && argv[optind] != NULL)
        return misuse("wrong option", argv[optind]);
    char letter[] = {'-', (char)optopt, '\0'};
    bool is_letter = optopt > 0 && optopt < USAGE_LONG && strchr(letters, optopt) == NULL;
    return misuse("wrong option", is_letter ? letter : argv[optind - 1]);
}
