/*
 * experiment-trace.c - the time of an operation, on average over a replay.
 *
 * The operations stand ready in memory and nothing fills the objects, so the
 * time is the allocator's and some 4 ns of the driver's own. A first replay warms up
 * the allocator and the caches; the middle one of those that follow counts. A short trace has more
 * of them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "cputime.h"
#include "median.h"
#include "outcome.h"
#include "recorded.h"

/* Five replays, fewer when they take long, and more when five are over in no time: the processor's
 * clock, and whatever else the machine does, would show. */
enum { REPLAYS = 5, REPLAYS_MAX = 1000 };

static const double ENOUGH_NS = 1e9, LEAST_NS = 5e7;

static bool is_enough(size_t count, double sum) {
    return count == REPLAYS_MAX || sum >= ENOUGH_NS || (count >= REPLAYS && sum >= LEAST_NS);
}

static double replay(struct replaying *r) {
    uint64_t start = cputime_ns();
    while (replaying_slice(r, adapter_allocate, adapter_release))
        ;
    uint64_t end = cputime_ns();
    replaying_reset(r, adapter_release);
    return (double)(end - start);
}

static double middle_replay(struct replaying *r) {
    double times[REPLAYS_MAX], sum = 0;
    size_t count = 0;
    do {
        times[count] = replay(r);
        sum += times[count++];
    } while (!is_enough(count, sum));
    return median_of(times, count);
}

void experiment_trace(const char *path, enum policy policy) {
    struct trace trace;
    struct replaying r;
    recorded_fetch(&trace, path);
    replaying_start(&r, &trace);
    experiment_start_for(&trace, policy);
    experiment_warm_up(&r);
    outcome_figure("trace", recorded_name(path), "ns", middle_replay(&r) / (double)trace.count);
}
