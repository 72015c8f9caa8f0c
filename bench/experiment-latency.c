/*
 * experiment-latency.c - how long single calls take, and the slowest of them.
 *
 * Each allocation and each free is a sample. What reading the clock takes
 * is subtracted. The slowest ones contain what the system does in between, too.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "area.h"
#include "cycles.h"
#include "outcome.h"
#include "recorded.h"
#include "rung.h"

#include <string.h>

enum {
    CHURN_CHUNKS = 10000,
    CHURN_CALLS = 200000,
    CALLS_PER_LOOK = 1024, /* between two looks at the time */
};

/* Global, since the functions that fill it are called like an allocator's. */
static struct {
    double *at;
    size_t count;
    uint64_t overhead;
} samples;

static void sample(uint64_t cycles) {
    samples.at[samples.count++] =
        cycles > samples.overhead ? (double)(cycles - samples.overhead) : 0;
}

static void *timed_allocate(size_t bytes) {
    uint64_t start = cycles_begin();
    void *object = adapter_allocate(bytes);
    sample(cycles_end() - start);
    return object;
}

static void timed_release(void *object) {
    uint64_t start = cycles_begin();
    adapter_release(object);
    sample(cycles_end() - start);
}

static void samples_start(size_t most) {
    samples.at = area_take(most * sizeof *samples.at);
    samples.count = 0;
    samples.overhead = cycles_overhead();
}

/* The smallest sample that so many in a thousand do not exceed. The samples are sorted. */
static double quantile(unsigned thousandths) {
    return samples.at[(samples.count * thousandths + 999) / 1000 - 1];
}

static void tell(const char *which) {
    median_of(samples.at, samples.count);
    outcome_figure("latency", which, "50 %", quantile(500));
    outcome_figure("latency", which, "99 %", quantile(990));
    outcome_figure("latency", which, "99.9 %", quantile(999));
    outcome_figure("latency", which, "slowest", quantile(1000));
}

static void sample_trace(const char *path, enum policy policy) {
    struct trace trace;
    struct replaying r;
    recorded_fetch(&trace, path);
    replaying_start(&r, &trace);
    samples_start(2 * trace.count); /* a resize is two calls */
    experiment_start_for(&trace, policy);
    experiment_warm_up(&r);
    while (replaying_slice(&r, timed_allocate, timed_release))
        ;
    tell(recorded_name(path));
}

static void sample_churn(enum policy policy) {
    struct rung r;
    samples_start(CHURN_CALLS);
    rung_start(&r, CHURN_CHUNKS, policy);
    rung_build(&r);
    uint64_t end = clock_ns() + EXPERIMENT_LIMIT_NS;
    while (samples.count < CHURN_CALLS) {
        void **place = rung_pick(&r);
        timed_release(*place);
        *place = timed_allocate(rung_small(&r));
        if (samples.count % CALLS_PER_LOOK == 0 && clock_ns() > end)
            break;
    }
    tell("churn");
}

void experiment_latency(const char *argument, enum policy policy) {
    if (strcmp(argument, "churn") == 0)
        sample_churn(policy);
    else
        sample_trace(argument, policy);
}
