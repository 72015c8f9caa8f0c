/*
 * rights.c - asks as Linux does when it executes a file: a set-uid program of the user's own, or
 * one in a file system mounted without such programs, gives no rights, and capabilities are none to
 * root.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "rights.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

static bool can_be_given(const char *path) {
    struct statvfs system;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
        return false;
    return statvfs(path, &system) != 0 || (system.f_flag & ST_NOSUID) == 0;
}

const char *rights_given(const char *path) {
    struct stat status;
    if (!can_be_given(path) || stat(path, &status) != 0)
        return NULL;
    if ((status.st_mode & S_ISUID) != 0 && status.st_uid != getuid())
        return "is set-user-ID";
    if ((status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0 &&
        status.st_gid != getgid())
        return "is set-group-ID";
    if (getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
        return "has file capabilities";
    return NULL;
}
