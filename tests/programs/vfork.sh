#!/bin/sh
# vfork.sh - a program starts others by vfork and exec, and by posix_spawn.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

# The compiler may have options.
needs "${CC%% *}" strace gdb

cat >work.c <<'END'
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int finish(pid_t pid) {
    int status = -1;
    return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

int main(void) {
    char *arguments[] = {"echo", "from a child", NULL};
    for (int i = 0; i < 40; i++) {
        char *object = malloc(20000);
        if (object == NULL)
            return 3;
        pid_t pid = vfork();
        if (pid == 0) {
            execvp(arguments[0], arguments);
            _exit(4);
        }
        if (finish(pid) != 0)
            return 5;
        if (posix_spawnp(&pid, arguments[0], NULL, NULL, arguments, environ) != 0 || finish(pid) != 0)
            return 6;
        free(object);
    }
    puts("done");
}
END
$CC -O1 -fno-builtin -w work.c -o work-program || exit 99

task() {
    "$@" "$work/work-program" | cat
}
examined vfork
finish
