/*
 * trace_file.c - finds a trace and reads it.
 *
 * Standard input and pipes are copied before they are read, since a trace is read several times.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "trace_file.h"

#include "input.h"
#include "plain.h"
#include "read/formats.h"
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool trace_file_is_input(const char *path) {
    return strcmp(path, "-") == 0;
}

const char *trace_file_name(const char *path) {
    static char name[PATH_MAX];
    if (trace_file_is_input(path))
        return "standard input";
    snprintf(name, sizeof name, "%s", path);
    plain_make(name);
    return name;
}

/* A descriptor of a regular file; -1 with *error. */
static int open_regular(const char *path, struct progress *p, const char **error) {
    if (trace_file_is_input(path))
        return spool_open(STDIN_FILENO, p, error);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        *error = strerror(errno);
        return -1;
    }
    int regular = spool_open(file, p, error);
    close(file);
    return regular;
}

/* Whether the file is packed, and its reader needs it unpacked. The input is to be closed. */
static bool is_to_be_unpacked(struct input *in, int file) {
    const unsigned char *first;
    size_t count;
    return input_open_file(in, fcntl(file, F_DUPFD_CLOEXEC, 0)) && input_peek(in, &first, &count) &&
           in->unpacking != NULL && formats_find(first, count)->seeks;
}

/* The unpacked file, or -1, takes the place of one that is to be unpacked. What else is wrong with
 * the file, its reader will see. */
static int unpack(int file, struct progress *p, const char **error) {
    static struct input input; /* static: it is large */
    int unpacked = file;
    if (is_to_be_unpacked(&input, file)) {
        unpacked = spool_input(&input, p, error);
        close(file);
    }
    input_close(&input);
    return unpacked;
}

bool trace_file_read(struct trace *t, const char *path, int32_t process, size_t keep,
                     struct progress *p, struct complaint *c) {
    const char *error = NULL;
    *t = (struct trace){.file = -1};
    progress_stage(p, "reading");
    int file = open_regular(path, p, &error);
    if (file >= 0)
        file = unpack(file, p, &error);
    if (file < 0)
        return complain(c, 0, "%s", error);
    return trace_read(t, file, process, keep, p, c);
}
