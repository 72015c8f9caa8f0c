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

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool start_preload(const char *module) {
    const char *others = getenv("LD_PRELOAD");
    if (others == NULL || *others == '\0')
        return setenv("LD_PRELOAD", module, 1) == 0;
    size_t room = strlen(module) + strlen(":") + strlen(others) + 1;
    char *both = malloc(room);
    if (both == NULL)
        return false;
    snprintf(both, room, "%s:%s", module, others);
    bool set = setenv("LD_PRELOAD", both, 1) == 0;
    free(both);
    return set;
}

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

pid_t start(const char *path, char **program, const struct attention *before) {
    pid_t child = fork();
    if (child != 0)
        return child;
    attend_undo(before);
    execute(path, program);
}
