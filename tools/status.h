/*
 * status.h - how a replay ends, which is how the program exits.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef STATUS_H
#define STATUS_H

/* Exit statuses; of several traces the highest counts. */
enum status {
    SERVED = 0,
    REFUSED = 1,  /* a request, for want of space */
    UNUSABLE = 2, /* bad usage, input or environment */
    FAILED = 3,   /* the heap did something wrong, or the replay was killed */
};

#endif /* STATUS_H */
