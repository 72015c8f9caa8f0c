/*
 * input.h - the bytes of a file, which is plain or packed: its first bytes tell, not its name.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_BUFFER = 65536 };

/* Returned instead of a byte. */
enum { INPUT_END = -1, INPUT_ERROR = -2 };

struct unpacker;

struct input {
    const unsigned char *next; /* the bytes at hand: [next, end) */
    const unsigned char *end;
    const char *error; /* what is wrong, after INPUT_ERROR */

    int file;
    bool file_ended;
    size_t raw_at; /* the bytes of the file not yet used: raw[raw_at, raw_end) */
    size_t raw_end;
    uint64_t file_start; /* where the file stood when it was opened */
    uint64_t file_read;  /* bytes, for the progress bar */
    uint64_t file_size;  /* 0: not known */

    const struct unpacker *unpacker;
    void *unpacking; /* its state; NULL: a plain file */
    bool unpacked;   /* to the end */

    unsigned char raw[INPUT_BUFFER];
    unsigned char decoded[INPUT_BUFFER];
};

/* Opens a regular file, which is read from where it stands; false with in->error when that fails.
 * in is to be closed in either case. */
bool input_open(struct input *in, const char *path);

/* The same with a file that is open already, which input_close closes. */
bool input_open_file(struct input *in, int file);

void input_close(struct input *in);

/* Gets more bytes when none are at hand; returns the first, or INPUT_END or
 * INPUT_ERROR. */
int input_refill(struct input *in);

/* Tells the bytes at hand, which stay to be read; none at the end. False with in->error. */
bool input_peek(struct input *in, const unsigned char **first, size_t *count);

/* The next byte, or INPUT_END or INPUT_ERROR. */
static inline int input_byte(struct input *in) {
    return in->next != in->end ? *in->next++ : input_refill(in);
}

#endif /* INPUT_H */
