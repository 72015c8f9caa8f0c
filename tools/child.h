/*
 * child.h - a child process ends with its parent, and tells how it has ended.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CHILD_H
#define CHILD_H

#include "complaint.h"
#include "status.h"

#include <stdbool.h>
#include <sys/types.h>

/* In a child: it is killed when its parent ends, where the system can do that. */
void child_end_with(pid_t parent);

/* Waits for a child, which should exit with one of the statuses. False when it has not, or when
 * that cannot be known: then *status is the status to use instead, and c says why. */
bool child_wait(pid_t child, enum status *status, struct complaint *c);

#endif /* CHILD_H */
