/*
 * interposed.h - the test program's own mmap, munmap, mprotect and madvise take the place of
 * libc's. They record each call and pass it on, or let it fail when a test wants that.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef INTERPOSED_H
#define INTERPOSED_H

#include "support.h"

/* Whether that is possible: sanitizers replace these functions themselves, and on systems other
 * than Linux a library may be bound to libc's. If not, the record stays empty. */
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

/* Clears the record. Of the calls that can fail, the one of that number, from 1, must fail; none if
 * it is 0. */
void begin_record(int fail_at);

#endif /* INTERPOSED_H */
