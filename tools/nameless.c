/*
 * nameless.c - makes a temporary file and removes its name at once.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "nameless.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int nameless_open(void) {
    char path[PATH_MAX];
    const char *folder = getenv("TMPDIR");
    int length = snprintf(path, sizeof path, "%s/libmem.XXXXXX",
                          folder != NULL && *folder != '\0' ? folder : "/tmp");
    if (length >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkstemp(path);
    if (file < 0)
        return -1;
    fcntl(file, F_SETFD, FD_CLOEXEC);
    unlink(path);
    return file;
}
