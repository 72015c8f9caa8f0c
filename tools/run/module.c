/*
 * module.c - finds the module. No variable of the environment has a say in it: what is loaded into
 * programs is what was installed with mem-run.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "module.h"

#include "message.h"
#include "outcome.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MODULE_NAME "libmem-malloc.so"

/* The folder of the program that runs, without links. */
static bool own_folder(char *folder, size_t room) {
    ssize_t length = readlink("/proc/self/exe", folder, room - 1);
    if (length <= 0)
        return false;
    folder[length] = '\0';
    *strrchr(folder, '/') = '\0';
    return true;
}

/* The part of a path behind the folders that both have, without a slash in front. */
static const char *behind_common(const char *path, const char *other) {
    const char *behind = path;
    while (*path != '\0' && *path == *other) {
        path++;
        other++;
        if ((*path == '/' || *path == '\0') && (*other == '/' || *other == '\0'))
            behind = path;
    }
    return behind + strspn(behind, "/");
}

/* From one folder to another, "../lib/libmem" say; both are absolute. */
static void make_way(char *way, size_t room, const char *from, const char *to) {
    const char *rest = behind_common(to, from);
    size_t length = 0;
    way[0] = '\0';
    for (const char *up = behind_common(from, to); *up != '\0'; up += strspn(up, "/")) {
        up += strcspn(up, "/");
        length += (size_t)snprintf(way + length, room - length, "../");
    }
    snprintf(way + length, room - length, "%s", rest);
}

/* Whether the file FOLDER/WAY/libmem-malloc.so is there and is a library; takes its path down. */
static bool is_module(struct module *m, const char *folder, const char *way) {
    if ((size_t)snprintf(m->path, sizeof m->path, "%s/%s/" MODULE_NAME, folder, way) >=
        sizeof m->path)
        return false;
    int file = open(m->path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    bool is_library = image_read_kind(file, &m->kind);
    close(file);
    return is_library;
}

static bool find(struct module *m) {
    char folder[PATH_MAX];
    char way[sizeof BINDIR * 2 + sizeof PKGLIBDIR];
    make_way(way, sizeof way, BINDIR, PKGLIBDIR);
    if (own_folder(folder, sizeof folder) &&
        (is_module(m, folder, ".libs") || is_module(m, folder, way)))
        return true;
    return is_module(m, PKGLIBDIR, ".");
}

/* LD_PRELOAD is split at blanks and colons, and the loader replaces words that begin with a dollar
 * sign. */
int module_find(struct module *m) {
    if (!find(m))
        return fail(BROKEN, "there is no " MODULE_NAME " in " PKGLIBDIR);
    if (strpbrk(m->path, " \t\n:$") != NULL)
        return fail(BROKEN, "%s cannot be loaded: its path has a blank, a colon or a dollar sign",
                    m->path);
    return STARTED;
}
