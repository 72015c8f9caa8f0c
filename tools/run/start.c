/*
 * start.c - fork and exec.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "start.h"

#include "message.h"
#include "outcome.h"

#include "malloc/log.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is no program and names no interpreter is the shell's, as with execvp: its arguments are the
 * file and those of the program. There is room for the shell in front. */
static void execute_by_shell(const char *path, char **program, size_t count) {
    char **arguments = calloc(count + 2, sizeof *arguments);
    if (arguments == NULL)
        return;
    arguments[0] = (char *)"/bin/sh";
    arguments[1] = (char *)path;
    memcpy(arguments + 2, program + 1, count * sizeof *arguments);
    execv(arguments[0], arguments);
}

static _Noreturn void execute(const char *path, char **program) {
    size_t count = 0;
    while (program[count] != NULL)
        count++;
    execv(path, program);
    if (errno == ENOEXEC)
        execute_by_shell(path, program, count);
    _exit(fail(errno == ENOENT ? NOT_FOUND : UNEXECUTABLE, "%s: %s", program[0], strerror(errno)));
}

/* What it says when it cannot go on stands where the program's messages go. */
static void take_up(const struct start_terms *terms) {
    int32_t own = (int32_t)getpid();
    off_t place = offsetof(struct mem_log, refusal) + offsetof(struct mem_refusal, pid);
    for (int i = 0; i < 3; i++)
        if (terms->streams[i] >= 0 && dup2(terms->streams[i], i) < 0)
            _exit(fail(BROKEN, "cannot set up its streams: %s", strerror(errno)));
    if (terms->log >= 0 && pwrite(terms->log, &own, sizeof own, place) != (ssize_t)sizeof own)
        _exit(fail(BROKEN, "cannot write to the log: %s", strerror(errno)));
    if (terms->apart)
        (void)setpgid(0, 0);
    attend_undo(terms->before);
}

pid_t start(const char *path, char **program, const struct start_terms *terms) {
    pid_t child = fork();
    if (child > 0 && terms->apart)
        (void)setpgid(child, child); /* whoever of both is the first */
    if (child != 0)
        return child;
    take_up(terms);
    execute(path, program);
}
