/*
 * ending.h - how the name of a file ends.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ENDING_H
#define ENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Whether a path ends so, and the name of the file is more than that. */
static inline bool ending_is(const char *path, const char *ending) {
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0 &&
           path[length - tail - 1] != '/';
}

#endif /* ENDING_H */
