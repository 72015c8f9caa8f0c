/*
 * collect.c - makes, reads and removes the file of figures.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "collect.h"

#include "malloc/figures.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file */

/* The path must be absolute: processes may be elsewhere when they open it. */
static int make_in(const char *folder, char *path) {
    char whole[PATH_MAX];
    if (realpath(folder, whole) == NULL)
        return -1;
    if (snprintf(path, PATH_MAX, "%s/mem-run.XXXXXX", whole) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return mkostemp(path, O_CLOEXEC);
}

static bool write_header(int file) {
    struct mem_figures header;
    mem_figures_begin(&header);
    errno = posix_fallocate(file, 0, MEM_FIGURES_TABLE);
    return errno == 0 && pwrite(file, &header, sizeof header, 0) == (ssize_t)sizeof header;
}

static void remove_file(struct collection *c) {
    int error = errno;
    unlink(c->path);
    close(c->file);
    errno = error;
}

/* With its header; nothing is left of a file for which there is no room. */
static bool begin_in(struct collection *c, const char *folder) {
    c->file = make_in(folder, c->path);
    if (c->file < 0)
        return false;
    if (write_header(c->file))
        return true;
    remove_file(c);
    return false;
}

/* /dev/shm before /tmp: what processes write there goes to no disk. It may be small, or full. */
bool collect_begin(struct collection *c) {
    const char *folder = getenv("TMPDIR");
    if (folder != NULL && *folder != '\0')
        return begin_in(c, folder);
    return begin_in(c, "/dev/shm") || begin_in(c, "/tmp");
}

/* Its rows */

static bool read_whole(int file, void *bytes, size_t count, uint64_t at) {
    ssize_t got = pread(file, bytes, count, (off_t)at);
    if (got >= 0 && (size_t)got < count)
        errno = EIO; /* it was cut */
    return got == (ssize_t)count;
}

/* An entry that has no memory may lie behind the end of the file. */
static bool read_rows(int file, struct rows *rows) {
    struct mem_figures header;
    struct mem_process process;
    if (!read_whole(file, &header, sizeof header, 0))
        return false;
    uint32_t count =
        header.processes < MEM_FIGURES_PROCESSES ? header.processes : MEM_FIGURES_PROCESSES;
    for (uint32_t i = 0; i < count; i++)
        if (read_whole(file, &process, sizeof process, mem_figures_offset(i)) &&
            process.state != MEM_PROCESS_NONE && !rows_add(rows, &process))
            return false;
    rows->missed = header.missed;
    rows_settle(rows);
    return true;
}

bool collect_end(struct collection *c, struct rows *rows) {
    *rows = (struct rows){NULL, 0, 0, 0};
    bool good = read_rows(c->file, rows);
    remove_file(c);
    return good;
}
