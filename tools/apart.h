/*
 * apart.h - work in a process of its own, which a heap that fails may end.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef APART_H
#define APART_H

#include "complaint.h"
#include "replay.h"
#include "status.h"

#include <stddef.h>

enum { APART_RESULT = 256 }; /* the most bytes of a result */

/* In that process. The watcher is to be told how far the work has come; the result is empty, and
 * counts when SERVED or REFUSED is returned. */
typedef enum status apart_work(const void *terms, const struct replay_watcher *watcher,
                               void *result, struct complaint *c);

/*
 * Has the work done, with a result of so many bytes. The watcher is called in this process. Other
 * statuses than those of the work: UNUSABLE, if there is no process, and FAILED, if it was killed;
 * then c says so.
 */
enum status apart_do(apart_work *work, const void *terms, const struct replay_watcher *watcher,
                     void *result, size_t bytes, struct complaint *c);

#endif /* APART_H */
