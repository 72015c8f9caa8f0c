/*
 * control_group.c - the memory that Linux' control groups leave this process.
 *
 * /proc/self/cgroup has a line for each hierarchy: "0::/path" for the one of version 2, and
 * "4:memory:/path" for that of version 1 that limits memory. Each folder on the path can have a
 * limit, and all of them hold. Within a container, the path may lead from the host's root, where
 * nothing can be seen: then only the folders that are there count, and the topmost always is.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/budget.h"

#include <string.h>

#include "malloc/text.h"

enum { PATH_BYTES = 1024, LIST_BYTES = 4096 };

/* A hierarchy of groups: what stands between its number and the path in its line, where its folders
 * are, and the file in each that has the limit. */
struct hierarchy {
    const char *controllers;
    const char *root;
    const char *file;
};

static const struct hierarchy hierarchies[] = {
    {"::", "/sys/fs/cgroup", "/memory.max"},
    {":memory:", "/sys/fs/cgroup/memory", "/memory.limit_in_bytes"},
};

/* The limit in a file; "max" and files that are not there set none. */
static uint64_t limit_in(const char *path) {
    char text[32];
    uint64_t bytes = 0;
    return mem_text_read(path, text, sizeof text) && mem_text_number(text, &bytes) ? bytes
                                                                                   : UINT64_MAX;
}

/* The least limit of the folder, of `length` bytes of path, and of those above it down from the
 * root, of `root` bytes. */
static uint64_t least_on_path(char *path, size_t root, size_t length, const char *file) {
    uint64_t least = UINT64_MAX;
    for (;;) {
        memcpy(path + length, file, strlen(file) + 1);
        uint64_t bytes = limit_in(path);
        least = bytes < least ? bytes : least;
        if (length <= root)
            return least;
        do
            length--;
        while (length > root && path[length] != '/');
    }
}

/* Where the path of the group in the hierarchy begins in the list, or NULL. */
static const char *group_in(const char *list, const struct hierarchy *hierarchy) {
    size_t length = strlen(hierarchy->controllers);
    for (const char *line = list; line != NULL; line = strchr(line, '\n')) {
        const char *colon = strchr(line, ':');
        if (colon == NULL)
            break;
        if (strncmp(colon, hierarchy->controllers, length) == 0)
            return colon + length;
        line = colon;
    }
    return NULL;
}

static uint64_t least_in(const char *list, const struct hierarchy *hierarchy) {
    const char *group = group_in(list, hierarchy);
    if (group == NULL)
        return UINT64_MAX;
    char path[PATH_BYTES];
    size_t root = strlen(hierarchy->root);
    size_t length = strcspn(group, "\n");
    if (length == 1) /* the root's, "/" */
        length = 0;
    if (root + length + strlen(hierarchy->file) >= sizeof path)
        length = 0;
    memcpy(path, hierarchy->root, root);
    memcpy(path + root, group, length);
    return least_on_path(path, root, root + length, hierarchy->file);
}

uint64_t mem_budget_control_group(void) {
    char list[LIST_BYTES];
    if (!mem_text_read("/proc/self/cgroup", list, sizeof list))
        return UINT64_MAX;
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < sizeof hierarchies / sizeof hierarchies[0]; i++) {
        uint64_t bytes = least_in(list, &hierarchies[i]);
        least = bytes < least ? bytes : least;
    }
    return least;
}
