/*
 * input.c - the bytes of a file, plain or compressed by xz.
 *
 * Bytes go from the file into raw. A plain file hands them out from there; of
 * a compressed one they go through the decoder into decoded first.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "input.h"

#include "unxz.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Adds to raw what one read of the file gives. */
static bool read_some(struct input *in) {
    ssize_t got;
    do
        got = read(in->file, in->raw + in->raw_end, sizeof in->raw - in->raw_end);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        in->error = strerror(errno);
        return false;
    }
    in->raw_end += (size_t)got;
    in->file_read += (uint64_t)got;
    in->file_ended = got == 0;
    return true;
}

/* A pipe may give its first bytes one by one. */
static bool read_magic(struct input *in) {
    while (in->raw_end < UNXZ_MAGIC_BYTES && !in->file_ended)
        if (!read_some(in))
            return false;
    return true;
}

bool input_open(struct input *in, const char *path) {
    *in = (struct input){.file = open(path, O_RDONLY | O_CLOEXEC)};
    if (in->file < 0) {
        in->error = strerror(errno);
        return false;
    }
    struct stat status;
    if (fstat(in->file, &status) == 0 && S_ISREG(status.st_mode))
        in->file_size = (uint64_t)status.st_size;
    if (!read_magic(in))
        return false;
    if (in->raw_end < UNXZ_MAGIC_BYTES || memcmp(in->raw, UNXZ_MAGIC, UNXZ_MAGIC_BYTES) != 0)
        return true;
    in->xz = unxz_new(&in->error);
    return in->xz != NULL;
}

void input_close(struct input *in) {
    unxz_delete(in->xz);
    in->xz = NULL;
    if (in->file >= 0)
        close(in->file);
    in->file = -1;
}

static bool refill_raw(struct input *in) {
    if (in->raw_at < in->raw_end || in->file_ended)
        return true;
    in->raw_at = in->raw_end = 0;
    return read_some(in);
}

static bool refill_plain(struct input *in) {
    if (!refill_raw(in))
        return false;
    in->next = in->raw + in->raw_at;
    in->end = in->raw + in->raw_end;
    in->raw_at = in->raw_end;
    return true;
}

/* One call of the decoder may read much and write nothing: it is called until
 * there is something to hand out, or the end. */
static bool refill_decoded(struct input *in) {
    struct unxz_buffers b = {.out = in->decoded, .out_left = sizeof in->decoded};
    while (b.out == in->decoded && !in->xz_ended) {
        if (!refill_raw(in))
            return false;
        b.in = in->raw + in->raw_at;
        b.in_left = in->raw_end - in->raw_at;
        if (!unxz_run(in->xz, &b, in->file_ended, &in->xz_ended, &in->error))
            return false;
        in->raw_at = in->raw_end - b.in_left;
    }
    in->next = in->decoded;
    in->end = b.out;
    return true;
}

int input_refill(struct input *in) {
    if (in->error != NULL || !(in->xz != NULL ? refill_decoded(in) : refill_plain(in)))
        return INPUT_ERROR;
    return in->next != in->end ? *in->next++ : INPUT_END;
}
