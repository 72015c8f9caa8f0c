/*
 * trace_file.c - finds a trace and reads it.
 *
 * Standard input is copied before it is read, so that the bar knows its size.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "trace_file.h"

#include "input.h"
#include "log.h"
#include "plain.h"
#include "spool.h"
#include "trace_log.h"

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

static bool open_trace(struct input *in, const char *path, struct progress *p) {
    if (!trace_file_is_input(path))
        return input_open(in, path);
    const char *error = NULL;
    int file = spool_open(STDIN_FILENO, p, &error);
    if (file >= 0)
        return input_open_file(in, file);
    *in = (struct input){.file = -1, .error = error};
    return false;
}

static bool read_opened(struct trace *t, struct input *in, int32_t process, struct progress *p,
                        struct complaint *c) {
    if (log_is_log(in->raw, in->raw_end))
        return trace_log_read(t, in->file, process, p, c);
    if (process != 0)
        return complain(c, 0, "--process is for logs of mem-run, and this is none");
    return trace_read(t, in, p, c);
}

bool trace_file_read(struct trace *t, const char *path, int32_t process, struct progress *p,
                     struct complaint *c) {
    static struct input input; /* static: it is large */
    *t = (struct trace){0};
    progress_stage(p, "reading");
    bool right = open_trace(&input, path, p) ? read_opened(t, &input, process, p, c)
                                             : complain(c, 0, "%s", input.error);
    input_close(&input);
    return right;
}
