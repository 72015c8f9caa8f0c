/*
 * refusals.h - a list of refused requests, kept in a file that has no name: a replay may have any
 * number of them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REFUSALS_H
#define REFUSALS_H

#include "complaint.h"
#include "replay.h"

#include <stdbool.h>
#include <stdio.h>

struct refusals {
    int file; /* that all processes share, or -1: none are kept */
    FILE *to; /* by which this process adds some */
};

/* False when there is no file; refusals_end is to be called in either case. */
bool refusals_begin(struct refusals *r, struct complaint *c);
void refusals_end(struct refusals *r);

/* Adds those that the listener hears; false when they could not be kept. */
bool refusals_open(struct refusals *r, struct replay_listener *listener, struct complaint *c);
bool refusals_close(struct refusals *r, struct complaint *c);

/* The one of that number, from 0 on; false behind the last. */
bool refusals_get(const struct refusals *r, size_t number, struct replay_refusal *refusal);

#endif /* REFUSALS_H */
