/*
 * misuses.h - what a program can do to its heap that it must not.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MISUSES_H
#define MISUSES_H

#include <stdbool.h>
#include <stddef.h>

enum { ROW = 8, AREA = 512 };

/* What a misuse writes. */
enum filling { ZEROS, ONES, NOISE, ADDRESSES, FILLINGS };

/* What a misuse finds. */
struct setting {
    size_t bytes;   /* of the objects */
    char *row[ROW]; /* objects, in the order of their addresses */
    enum filling filling;
    /* AREA bytes each that no heap has given: */
    char *on_stack;
    char *in_static; /* and the chosen address is in the middle of this */
    char *foreign;   /* of another region, or of mmap */
};

/* What a library that defends itself can make of a misuse. */
enum kind {
    BAD_CALL,   /* it can be refused */
    WRITE_FREE, /* it writes where no object is live: the heap can stay sound */
    WRITE_LIVE, /* it writes into a live object, whose bytes are lost */
    UNKNOWABLE, /* a call that a correct program can make, too */
};

struct misuse {
    const char *name;
    enum kind kind;
    bool (*commit)(struct setting *s); /* false when the heap refused */
};

extern const struct misuse misuses[];
extern const int misuse_count;

#endif
