/*
 * replacement.c - writes a file of another name, and renames it.
 *
 * The file has the rights that any new file has, or those of the one that it replaces.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cannot(struct complaint *c) {
    return complain(c, 0, "%s", strerror(errno));
}

/* The rights that the file is to have; false if what is there is no file, which must not be
 * replaced by one. */
static bool find_rights(const char *path, mode_t *rights) {
    struct stat status;
    if (stat(path, &status) != 0) {
        mode_t mask = umask(0);
        umask(mask);
        *rights = 0666 & ~mask;
        return true;
    }
    *rights = status.st_mode & 0777;
    errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    return S_ISREG(status.st_mode);
}

/* A descriptor, or -1. */
static int make(struct replacement *r, const char *path) {
    mode_t rights;
    if (!find_rights(path, &rights))
        return -1;
    r->path = path;
    int length = snprintf(r->temporary, sizeof r->temporary, "%s.XXXXXX", path);
    if (length >= (int)sizeof r->temporary) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkostemp(r->temporary, O_CLOEXEC);
    if (file >= 0)
        (void)fchmod(file, rights); /* else they are the owner's alone */
    return file;
}

bool replacement_try(const char *path, struct complaint *c) {
    struct replacement r;
    int file = make(&r, path);
    if (file < 0)
        return cannot(c);
    close(file);
    unlink(r.temporary);
    return true;
}

bool replacement_begin(struct replacement *r, const char *path, struct complaint *c) {
    int file = make(r, path);
    if (file < 0)
        return cannot(c);
    r->file = fdopen(file, "w");
    if (r->file != NULL)
        return true;
    cannot(c);
    close(file);
    unlink(r->temporary);
    return false;
}

bool replacement_end(struct replacement *r, struct complaint *c) {
    bool written = fflush(r->file) == 0 && !ferror(r->file);
    int error = errno;
    if (fclose(r->file) != 0 && written) {
        written = false;
        error = errno;
    }
    if (written && rename(r->temporary, r->path) == 0)
        return true;
    error = written ? errno : error;
    unlink(r->temporary);
    errno = error;
    return cannot(c);
}

void replacement_drop(struct replacement *r) {
    fclose(r->file);
    unlink(r->temporary);
}
