/*
 * log.c - runs a program with a log of figures, and prints what the log then says.
 *
 *     log FILE PROGRAM [ARGUMENT...]
 *
 * A line for each entry: the executable's name, its state, what limits the region, its own
 * allocations and frees, what is live, its bytes refused, fragmented, foreign, bad, and whether the
 * resident bytes are known. At the end, how many had no entry.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "variables.h"

static int make(const char *path) {
    struct mem_log header;
    mem_log_begin(&header, 0);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || posix_fallocate(file, 0, MEM_LOG_CHUNKS) != 0 ||
        pwrite(file, &header, sizeof header, 0) != (ssize_t)sizeof header)
        exit(99);
    return file;
}

static void show(const struct mem_process *process) {
    const char *slash = strrchr(process->executable, '/');
    printf("%s %s limit %u allocations %llu frees %llu live %zu refused %llu fragmented %llu "
           "foreign %llu bad %llu %s\n",
           slash != NULL ? slash + 1 : "?",
           process->state == MEM_PROCESS_EXITED ? "exited" : "live", (unsigned)process->limit,
           process->now.allocations - process->before.allocations,
           process->now.frees - process->before.frees, process->now.live_blocks,
           process->now.refused - process->before.refused, (unsigned long long)process->fragmented,
           (unsigned long long)process->foreign, (unsigned long long)process->bad,
           process->region_resident != MEM_UNKNOWN ? "known" : "unknown");
}

static void show_all(int file) {
    struct mem_log header;
    if (pread(file, &header, sizeof header, 0) != (ssize_t)sizeof header)
        exit(99);
    for (uint32_t i = 0; i < header.taken; i++) {
        struct mem_process process;
        off_t place = (off_t)mem_log_offset(&header, i);
        if (pread(file, &process, sizeof process, place) == (ssize_t)sizeof process &&
            process.state != MEM_PROCESS_NONE)
            show(&process);
    }
    printf("missed %u\n", (unsigned)header.missed);
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 99;
    int file = make(argv[1]);
    pid_t child = fork();
    if (child == 0) {
        setenv(MEM_VARIABLE_LOG, argv[1], 1);
        setenv("LD_PRELOAD", getenv("MODULE"), 1);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    int status;
    waitpid(child, &status, 0);
    show_all(file);
    return 0;
}
