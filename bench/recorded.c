/*
 * recorded.c - gets a recorded trace, by way of a child process if need be.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "recorded.h"

#include "area.h"
#include "outcome.h"
#include "trace_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The most operations that a trace may have: 20 times the longest that is here. */
enum { OPERATIONS_MAX = 10000000 };

struct handover {
    struct trace trace; /* its ops are those below */
    struct operation ops[OPERATIONS_MAX];
};

void recorded_read(struct trace *t, const char *path) {
    struct progress silent = {.enabled = false};
    struct complaint c;
    if (!trace_file_read(t, path, 0, OPERATIONS_MAX, &silent, &c))
        outcome_left_out("%s:%zu: %s", path, c.line, c.text);
    if (t->count > OPERATIONS_MAX)
        outcome_left_out("%s: more than %d operations", path, OPERATIONS_MAX);
}

static void hand_over(struct handover *to, const char *path) {
    struct trace read;
    recorded_read(&read, path);
    memcpy(to->ops, read.ops, read.count * sizeof *to->ops);
    to->trace = read;
    to->trace.ops = to->ops;
    trace_free(&read);
}

void recorded_fetch(struct trace *t, const char *path) {
    struct handover *handover = area_reserve(sizeof *handover);
    pid_t child = fork();
    if (child == 0) {
        hand_over(handover, path);
        exit(OUTCOME_DONE);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child)
        outcome_failed("no process can be started");
    if (status != 0) /* the child has said why */
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : OUTCOME_FAILED);
    *t = handover->trace;
}

const char *recorded_name(const char *path) {
    static char name[64];
    const char *slash = strrchr(path, '/');
    const char *start = slash != NULL ? slash + 1 : path;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(start, ".,"), start);
    return name;
}
