/*
 * interposed.h - the test program stands between the library and the system: its mmap, munmap,
 * mprotect and madvise are found before libc's. They keep a record, pass the calls on, and make one
 * of them fail when a test wants it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef INTERPOSED_H
#define INTERPOSED_H

#include "support.h"

/* Whether that is possible: a sanitizer stands there already, and elsewhere than on Linux the calls
 * of a library may be bound to libc for good. Where it is not, the record stays empty. */
#if defined __linux__ && !SANITIZED
#define INTERPOSED 1
#else
#define INTERPOSED 0
#endif

struct mapping {
    char *start;
    size_t size;
    int protection, flags;
};

struct record {
    struct mapping mappings[16]; /* the first that were made */
    int made;
    size_t mapped, unmapped; /* bytes */
    int calls;               /* of any kind */
    int can_fail;            /* calls that can */
    int fail_at;             /* which of them must fail, from 1 */
    int unmappings;          /* calls of munmap */
    int keep_at;             /* which of them must fail, from 1 */
};

/* What was called since the record began. */
extern struct record record;

/* Begins it anew. The call of that number, of those that can fail, must fail; of number 0, none. */
void begin_record(int fail_at);

#endif /* INTERPOSED_H */
