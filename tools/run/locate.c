/*
 * locate.c - goes through the folders of PATH.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "locate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What execve would say of the file, as far as that can be known before. */
static int executable(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return EACCES;
    return access(path, X_OK) == 0 ? 0 : errno;
}

/* Joins the folder, of so many bytes, with the name; an empty one is the current folder. */
static int try_folder(const char *folder, size_t length, const char *name, char *path,
                      size_t room) {
    const char *slash = length > 0 ? "/" : "";
    if ((size_t)snprintf(path, room, "%.*s%s%s", (int)length, folder, slash, name) >= room)
        return ENAMETOOLONG;
    return executable(path);
}

/* Where execvp looks when there is no PATH. */
static const char *usual_folders(void) {
    static char folders[256];
    size_t length = confstr(_CS_PATH, folders, sizeof folders);
    return length > 0 && length <= sizeof folders ? folders : "/bin:/usr/bin";
}

static int search(const char *folders, const char *name, char *path, size_t room) {
    int result = ENOENT;
    for (;; folders++) {
        size_t length = strcspn(folders, ":");
        int error = try_folder(folders, length, name, path, room);
        if (error == 0)
            return 0;
        if (error == EACCES)
            result = EACCES;
        folders += length;
        if (*folders == '\0')
            return result;
    }
}

int locate(const char *name, char *path, size_t room) {
    const char *folders = getenv("PATH");
    if (*name == '\0')
        return ENOENT;
    if (strchr(name, '/') != NULL)
        return try_folder("", 0, name, path, room);
    return search(folders != NULL ? folders : usual_folders(), name, path, room);
}
