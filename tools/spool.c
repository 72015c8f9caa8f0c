/*
 * spool.c - copies what can be read once into what can be read again.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "spool.h"

#include "nameless.h"
#include "read/formats.h"
#include "unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 65536 };

static bool read_failed(const char **error) {
    *error = strerror(errno);
    return false;
}

static bool keep_failed(const char **error) {
    static char text[128];
    snprintf(text, sizeof text, "no copy of it can be kept in $TMPDIR or /tmp: %s",
             strerror(errno));
    *error = text;
    return false;
}

static ssize_t read_some(int from, char *bytes, size_t count) {
    ssize_t got;
    do
        got = read(from, bytes, count);
    while (got < 0 && errno == EINTR);
    return got;
}

static bool write_whole(int to, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t put = write(to, bytes, count);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            bytes += put;
            count -= (size_t)put;
        }
    }
    return true;
}

/* Input that is no trace, by its first piece, is not copied to its end, which may never come. */
static bool may_be_trace(const char *piece, size_t count) {
    return count == 0 || unpack_find(piece, count) != NULL ||
           formats_may_be((const unsigned char *)piece, count);
}

/* A pipe may give little at a time. Returns the bytes; fewer than a piece at the end only. */
static ssize_t fill_piece(int from, char *piece) {
    size_t filled = 0;
    ssize_t got;
    while (filled < PIECE && (got = read_some(from, piece + filled, PIECE - filled)) != 0) {
        if (got < 0)
            return got;
        filled += (size_t)got;
    }
    return (ssize_t)filled;
}

static bool copy(int from, int to, struct progress *p, const char **error) {
    char piece[PIECE];
    uint64_t copied = 0;
    ssize_t got = fill_piece(from, piece);
    bool goes_on = got >= 0 && may_be_trace(piece, (size_t)got);
    while (got > 0) {
        if (!write_whole(to, piece, (size_t)got))
            return keep_failed(error);
        progress_step(p, copied += (uint64_t)got, 0);
        got = goes_on ? read_some(from, piece, PIECE) : 0;
    }
    if (got < 0)
        return read_failed(error);
    return lseek(to, 0, SEEK_SET) == 0 || keep_failed(error);
}

static bool copy_input(struct input *in, int to, struct progress *p, const char **error) {
    const unsigned char *bytes;
    size_t count;
    while (input_peek(in, &bytes, &count) && count > 0) {
        if (!write_whole(to, (const char *)bytes, count))
            return keep_failed(error);
        in->next = in->end;
        progress_step(p, in->file_read, in->file_size);
    }
    *error = in->error;
    return in->error == NULL && (lseek(to, 0, SEEK_SET) == 0 || keep_failed(error));
}

/* A new file, or -1. */
static int begin_copy(const char **error) {
    int file = nameless_open();
    if (file < 0)
        keep_failed(error);
    return file;
}

/* The file, if it is a copy; else -1. */
static int end_copy(int file, bool copied) {
    if (copied)
        return file;
    close(file);
    return -1;
}

static int copy_of(int from, struct progress *p, const char **error) {
    int file = begin_copy(error);
    return file >= 0 ? end_copy(file, copy(from, file, p, error)) : -1;
}

int spool_input(struct input *in, struct progress *p, const char **error) {
    int file = begin_copy(error);
    return file >= 0 ? end_copy(file, copy_input(in, file, p, error)) : -1;
}

int spool_open(int from, struct progress *p, const char **error) {
    struct stat status;
    if (fstat(from, &status) == 0 && !S_ISREG(status.st_mode))
        return copy_of(from, p, error);
    int file = fcntl(from, F_DUPFD_CLOEXEC, 0);
    if (file < 0)
        read_failed(error);
    return file;
}
