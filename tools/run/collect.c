/*
 * collect.c - makes, reads and removes the log.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "collect.h"

#include "complaint.h"
#include "descriptor.h"
#include "log.h"
#include "message.h"
#include "outcome.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Its first bytes */

/* The arguments, each ended by 0, as many of them as there is room for. */
static void put_command(struct mem_log *header, char **arguments) {
    size_t room = sizeof header->command - 1;
    for (char *at = header->command; *arguments != NULL && room > 0; arguments++) {
        size_t length = strlen(*arguments) + 1;
        size_t shown = length < room ? length : room;
        memcpy(at, *arguments, shown);
        at += shown;
        room -= shown;
    }
}

static void fill_header(struct mem_log *header, const struct request *r) {
    uint32_t flags = r->recording.kind != RECORDING_NONE ? MEM_LOG_RECORDING : 0;
    uint64_t bytes = r->recording.bytes;
    mem_log_begin(header, flags | (bytes > 0 ? MEM_LOG_WHOLE : 0));
    if (bytes > 0)
        header->most = (uint32_t)((bytes - MEM_LOG_CHUNKS) / header->chunk);
    header->region = r->region;
    header->style = r->style->value;
    header->refusal.kind = r->failing.kind;
    header->refusal.number = r->failing.number;
    put_command(header, r->program);
}

static bool write_header(int file, const struct request *r) {
    struct mem_log header;
    uint64_t bytes = r->recording.bytes > 0 ? r->recording.bytes : MEM_LOG_CHUNKS;
    fill_header(&header, r);
    errno = posix_fallocate(file, 0, (off_t)bytes);
    return errno == 0 && pwrite(file, &header, sizeof header, 0) == (ssize_t)sizeof header;
}

static void remove_file(struct collection *c) {
    int error = errno;
    unlink(c->path);
    close(c->file);
    c->file = -1;
    errno = error;
}

/* The file */

/* The path must be absolute: processes may be elsewhere when they open it. name: with six X at its
 * end. */
static int make_in(const char *folder, const char *name, char *path) {
    char whole[PATH_MAX];
    if (realpath(folder, whole) == NULL)
        return -1;
    if (snprintf(path, PATH_MAX, "%s/%s", strcmp(whole, "/") == 0 ? "" : whole, name) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return descriptor_above(mkostemp(path, O_CLOEXEC));
}

/* With its header; nothing is left of a file for which there is no room. */
static bool make_log(struct collection *c, const char *folder, const char *name,
                     const struct request *r) {
    c->file = make_in(folder, name, c->path);
    if (c->file < 0)
        return false;
    if (write_header(c->file, r))
        return true;
    remove_file(c);
    return false;
}

/* /dev/shm before /tmp: what processes write there goes to no disk. It may be small, or full. */
static bool make_temporary(struct collection *c, const struct request *r) {
    static const char name[] = "mem-run.XXXXXX";
    const char *folder = getenv("TMPDIR");
    if (folder != NULL && *folder != '\0')
        return make_log(c, folder, name, r);
    return make_log(c, "/dev/shm", name, r) || make_log(c, "/tmp", name, r);
}

/* Splits a path into its folder and the file's name in it. */
static const char *split(const char *path, char *folder, size_t room) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        snprintf(folder, room, ".");
    else
        snprintf(folder, room, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    return slash != NULL ? slash + 1 : path;
}

/* What is no file must not be replaced by one; nor a log that another mem-run still has, and has
 * locked, since processes find their log by its name. */
static bool may_replace(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        return true;
    if (!S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        return false;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool is_free = file < 0 || flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    if (file >= 0)
        close(file);
    errno = EBUSY;
    return is_free;
}

/* A new file that takes the place of the old: other processes may still write that. */
static bool make_named(struct collection *c, const struct request *r) {
    const char *path = r->recording.path;
    char folder[PATH_MAX], name[NAME_MAX + 1], temporary[PATH_MAX];
    const char *last = split(path, folder, sizeof folder);
    if ((size_t)snprintf(name, sizeof name, "%s.XXXXXX", last) >= sizeof name) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (!may_replace(path) || !make_log(c, folder, name, r))
        return false;
    (void)flock(c->file,
                LOCK_EX | LOCK_NB); /* file systems without locks have none to find, either */
    snprintf(temporary, sizeof temporary, "%s", c->path);
    c->path[strlen(c->path) - strlen(".XXXXXX")] = '\0';
    if (rename(temporary, c->path) == 0)
        return true;
    snprintf(c->path, sizeof c->path, "%s", temporary);
    remove_file(c);
    return false;
}

static int cannot_make(const char *path) {
    return fail(BROKEN, "%s: %s", path,
                errno == EBUSY ? "another mem-run records in it" : strerror(errno));
}

int collect_begin(struct collection *c, const struct request *r) {
    c->kept = r->recording.path != NULL;
    if (c->kept)
        return make_named(c, r) ? (int)STARTED : cannot_make(r->recording.path);
    if (make_temporary(c, r))
        return STARTED;
    return fail(BROKEN, "cannot make a file in $TMPDIR, /dev/shm or /tmp: %s", strerror(errno));
}

void collect_name(const struct collection *c, char name[COLLECT_NAME]) {
    struct stat status;
    if (fstat(c->file, &status) == 0)
        snprintf(name, COLLECT_NAME, "%ju:%s", (uintmax_t)status.st_ino, c->path);
    else
        snprintf(name, COLLECT_NAME, "%s", c->path);
}

void collect_end(struct collection *c) {
    if (!c->kept)
        remove_file(c);
}

void collect_cancel(struct collection *c) {
    remove_file(c);
}

/* Its rows */

static bool add_rows(const struct log *l, struct rows *rows) {
    struct mem_process image;
    for (uint32_t i = 0; i < l->count; i++)
        if (log_image(l, i, &image) && !rows_add(rows, &image))
            return false;
    rows->missed = l->header.missed;
    rows->refusal = l->header.refusal;
    rows_settle(rows);
    return true;
}

bool collect_rows(const struct collection *c, struct rows *rows) {
    struct log log;
    struct complaint complaint;
    *rows = (struct rows){.first = NULL};
    bool good = log_open(&log, c->file, &complaint) && add_rows(&log, rows);
    log_close(&log);
    return good;
}
