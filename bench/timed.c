/*
 * timed.c - runs a command, and notes how long it took and how much memory was resident.
 *
 *     timed FILE COMMAND [ARGUMENT...]
 *
 * Writes two numbers into the file: nanoseconds from the start of the command to its end, and the
 * most bytes that were resident of the command or of one of the processes that it waited for;
 * nothing when the command fails. The exit status is that of the command, or 99.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "clock.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 99 };

static bool note(const char *path, uint64_t ns, const struct rusage *usage) {
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    fprintf(file, "%" PRIu64 " %" PRIu64 "\n", ns, (uint64_t)usage->ru_maxrss * 1024);
    return fclose(file) == 0;
}

int main(int argc, char **argv) {
    struct rusage usage;
    int status;
    if (argc < 3)
        return FAILED;
    uint64_t start = clock_ns();
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        _exit(FAILED);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status))
        return FAILED;
    if (WEXITSTATUS(status) != 0)
        return WEXITSTATUS(status);
    return note(argv[1], clock_ns() - start, &usage) ? 0 : FAILED;
}
