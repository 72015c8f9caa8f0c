/*
 * passes.h - one bar for several passes over a trace, and memory for what comes of them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PASSES_H
#define PASSES_H

#include "complaint.h"
#include "progress.h"
#include "replay.h"
#include "trace.h"

#include <stddef.h>
#include <stdint.h>

struct passes {
    struct progress *progress;
    uint64_t operations; /* of the trace */
    uint64_t done, all;  /* passes */
};

/* Moves the bar; the one who works counts the passes that are done. */
struct replay_watcher passes_watcher(struct passes *p);

/* Memory, all zero, that this process shares with those that it starts; NULL: c says why. */
void *passes_share(size_t bytes, struct complaint *c);
void passes_unshare(void *memory, size_t bytes);

#endif /* PASSES_H */
