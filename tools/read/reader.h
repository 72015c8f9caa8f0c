/*
 * reader.h - what the readers of all formats have in common: the calls that a recorded program
 * made, one after the other.
 *
 * An object goes by its place, a number that no other object has while it lives: its address in the
 * recorded program, or, where the format has none, what stands for it. Each reader checks that what
 * it reads is of its format; whether the calls make sense together is for others to see
 * (operations.h).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_READER_H
#define READ_READER_H

#include "complaint.h"
#include "input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum call_kind {
    CALL_ALLOC,
    CALL_RESIZE, /* realloc, whether the object moved or not */
    CALL_FREE,
    CALL_REFUSED /* a request that the program's own heap refused: it has no place */
};

struct call {
    enum call_kind kind;
    unsigned alignment; /* the logarithm of the one that was asked for; 0: none was */
    uint64_t place;     /* of the object, after the call if it resizes; 0: free(NULL) */
    uint64_t from;      /* of a resize: the place before; 0: there was none, as in realloc(NULL) */
    uint64_t bytes;     /* asked for */
    uint64_t caller;    /* the return address of the call, or what stands for it; 0: not known */
    uint64_t line;      /* where it stands: counted from 1 */
};

/* The logarithm of an alignment that was asked for, rounded up to a power of two. */
static inline unsigned reader_alignment(uint64_t alignment) {
    return alignment > 1 ? 64 - (unsigned)__builtin_clzll(alignment - 1) : 0;
}

/* The bytes of `count` objects: as many as there can be if they are too many for a number. */
static inline uint64_t reader_product(uint64_t count, uint64_t size) {
    uint64_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? UINT64_MAX : bytes;
}

/* A file of code that callers lie in. */
struct code {
    uint64_t start, bytes; /* callers of this range */
    uint64_t first;        /* what stands for `start` in the file */
    bool by_offset;        /* first: an offset; else counted from where the file was loaded */
    const char *file;
};

enum reader_next { READER_CALL, READER_END, READER_BAD };

/* What a recording knows of itself, beyond the calls. */
struct origin {
    long pid;         /* of the process that was recorded; 0: not known */
    char program[64]; /* empty: not known */
    bool knows_missing;
    uint64_t missing; /* calls that were made but are not recorded */
};

/* The states are the readers' own. */
struct format {
    const char *unit; /* what `line` counts: "line" or "call" */

    bool seeks;         /* it is read by its descriptor, and so has to be unpacked before */
    bool has_processes; /* it may be of several */

    /* The recording may have begun late: then objects are freed whose beginning is not known. In
     * other formats, that is wrong. */
    bool begins_late;

    /* Whether data that begin with these bytes are of the format. */
    bool (*is)(const unsigned char *first, size_t count);

    /* Begins to read the input, which lasts until the end. process: which one, of formats that have
     * several; 0: the reader chooses. NULL: c says what is wrong. */
    void *(*begin)(struct input *in, int32_t process, struct complaint *c);

    /* READER_BAD: c says what is wrong. */
    enum reader_next (*next)(void *state, struct call *call, struct complaint *c);

    /* After begin or, to know what is missing, later. NULL: the format knows nothing. */
    void (*tell)(const void *state, struct origin *origin);

    /* The file of that number, from 0 on, which stays as long as the state; false behind the last.
     * It is asked for after the last call. NULL: the format knows none. */
    bool (*code)(const void *state, size_t number, struct code *code);

    void (*end)(void *state);
};

#endif /* READ_READER_H */
