/*
 * experiment-count.c - the calls of a trace once, for a tool that counts what
 * happens within them: count.sh runs it under callgrind.
 *
 * All of it happens in this one process, and nothing is random: each run does
 * the same.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "outcome.h"
#include "recorded.h"

static size_t calls;

static void *allocate(size_t bytes) {
    calls++;
    return adapter_allocate(bytes);
}

static void release(void *object) {
    calls++;
    adapter_release(object);
}

void experiment_count(const char *path, enum policy policy) {
    struct trace trace;
    struct replaying r;
    recorded_read(&trace, path);
    replaying_start(&r, &trace);
    /* A quarter more than the peak. Other sizes give other figures: a tree over the region has
     * more levels or fewer. */
    experiment_start((size_t)(trace.peak + trace.peak / 4), policy, false);
    while (replaying_slice(&r, allocate, release))
        ;
    replaying_reset(&r, release);
    outcome_figure("count", recorded_name(path), "calls", (double)calls);
    outcome_figure("count", recorded_name(path), "refused", (double)r.refused);
}
