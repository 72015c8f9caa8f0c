/*
 * input.c - the bytes of a file, plain or packed (unpack.h).
 *
 * Bytes of the file are read into raw. Those of a plain file are handed out from there; those of a
 * compressed one are decoded into decoded, and handed out from there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "input.h"

#include "unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Adds to raw what one read of the file gives. The place in the file is not used: processes that
 * share the descriptor read, too. */
static bool read_some(struct input *in) {
    ssize_t got;
    do
        got = pread(in->file, in->raw + in->raw_end, sizeof in->raw - in->raw_end,
                    (off_t)(in->file_start + in->file_read));
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

/* The first bytes of compressed files that another program has to unpack. */
static const struct magic {
    const char *bytes;
    size_t count;
    const char *error;
} magics[] = {
    {"BZh", 3, "compressed by bzip2: unpack it, as by bzip2 -dc FILE | mem-replay -"},
};
enum { MAGICS = sizeof magics / sizeof magics[0], MAGIC_BYTES = UNPACK_MAGIC_BYTES };

static bool read_magic(struct input *in) {
    while (in->raw_end < MAGIC_BYTES && !in->file_ended)
        if (!read_some(in))
            return false;
    return true;
}

static bool begins_with(const struct input *in, const char *bytes, size_t count) {
    return in->raw_end >= count && memcmp(in->raw, bytes, count) == 0;
}

static bool is_for_another(struct input *in) {
    for (size_t i = 0; i < MAGICS && in->error == NULL; i++)
        if (begins_with(in, magics[i].bytes, magics[i].count))
            in->error = magics[i].error;
    return in->error != NULL;
}

bool input_open_file(struct input *in, int file) {
    *in = (struct input){.file = file};
    struct stat status;
    off_t start = lseek(file, 0, SEEK_CUR);
    in->file_start = start > 0 ? (uint64_t)start : 0;
    in->next = in->end = in->raw;
    if (fstat(file, &status) == 0 && status.st_size > start)
        in->file_size = (uint64_t)(status.st_size - start);
    if (!read_magic(in) || is_for_another(in))
        return false;
    if (in->raw_end == 0)
        return true;
    in->unpacker = unpack_find(in->raw, in->raw_end);
    if (in->unpacker == NULL)
        return true;
    in->unpacking = in->unpacker->begin(&in->error);
    return in->unpacking != NULL;
}

bool input_open(struct input *in, const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0)
        return input_open_file(in, file);
    *in = (struct input){.file = -1, .error = strerror(errno)};
    return false;
}

void input_close(struct input *in) {
    if (in->unpacking != NULL)
        in->unpacker->end(in->unpacking);
    in->unpacking = NULL;
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

/* One call of the decoder may read much and write little: it is called until there is no room, or
 * the end. What came before an error is handed out first. */
static bool refill_decoded(struct input *in) {
    struct unpack_buffers b = {.out = in->decoded, .out_left = sizeof in->decoded};
    bool right = true;
    while (right && b.out_left > 0 && !in->unpacked) {
        right = refill_raw(in);
        if (!right)
            break;
        b.in = in->raw + in->raw_at;
        b.in_left = in->raw_end - in->raw_at;
        right = in->unpacker->run(in->unpacking, &b, in->file_ended, &in->unpacked, &in->error);
        in->raw_at = in->raw_end - b.in_left;
    }
    in->next = in->decoded;
    in->end = b.out;
    return right || b.out != in->decoded;
}

static bool refill(struct input *in) {
    return in->error == NULL && (in->unpacking != NULL ? refill_decoded(in) : refill_plain(in));
}

int input_refill(struct input *in) {
    if (!refill(in))
        return INPUT_ERROR;
    return in->next != in->end ? *in->next++ : INPUT_END;
}

bool input_peek(struct input *in, const unsigned char **first, size_t *count) {
    bool right = in->next != in->end || refill(in);
    *first = in->next;
    *count = (size_t)(in->end - in->next);
    return right;
}
