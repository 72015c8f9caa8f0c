/*
 * experiment-count.c - the calls of a trace once, for a tool that counts what
 * happens within them: count.sh runs it under callgrind.
 *
 * All of it happens in this one process, and nothing is random: each run does
 * the same. A second thread, where there is one, is idle, and only has the lock taken.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "idle.h"
#include "outcome.h"
#include "recorded.h"

static size_t allocations, frees;

static void *allocate(size_t bytes) {
    allocations++;
    return adapter_allocate(bytes);
}

static void release(void *object) {
    frees++;
    adapter_release(object);
}

static void replay_once(struct replaying *r) {
    while (replaying_slice(r, allocate, release))
        ;
    replaying_reset(r, release);
}

static void tell(const char *path, const struct replaying *r) {
    const char *name = recorded_name(path);
    outcome_figure("count", name, "allocations", (double)allocations);
    outcome_figure("count", name, "frees", (double)frees);
    outcome_figure("count", name, "refused", (double)r->refused);
}

void experiment_count(const char *path, enum policy policy) {
    struct trace trace;
    struct replaying r;
    recorded_read(&trace, path);
    replaying_start(&r, &trace);
    /* A quarter more than the peak. Other sizes give other figures: a tree over the region has
     * more levels or fewer. */
    experiment_start((size_t)(trace.peak + trace.peak / 4), policy, false);
    replay_once(&r);
    tell(path, &r);
}

void experiment_count_locked(const char *path, enum policy policy) {
    idle_start();
    experiment_count(path, policy);
}
