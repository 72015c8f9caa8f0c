/*
 * process.c - reads the number of a process.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "process.h"

#include <stdlib.h>
#include <string.h>

enum action process_parse(const char *text, int32_t *process) {
    static const char digits[] = "0123456789";
    enum { MOST_DIGITS = 9 }; /* the kernel's numbers have seven at most */
    size_t length = strspn(text, digits);
    *process = length <= MOST_DIGITS ? (int32_t)strtol(text, NULL, 10) : 0;
    if (text[length] != '\0' || *process == 0)
        return misuse("--process takes the number of a process, not", text);
    return RUN;
}
