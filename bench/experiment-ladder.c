/*
 * experiment-ladder.c - how the cost of operations grows with the number of free chunks.
 *
 *     churn   frees an object at random and allocates one of random small size
 *     large   allocates and frees an object that no small chunk has room for
 *     worst   allocates and frees a small object by worst fit
 *     refused is told that no chunk is large enough
 *
 * Each is done for a tenth of a second, after some operations that warm up and do
 * not count: a malloc may tidy up at the first large requests.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "cputime.h"
#include "outcome.h"
#include "random.h"
#include "rung.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    WARM_UP = 256,    /* operations, at most */
    SLICE_NS = 20000, /* operations timed together take about so long */
    SLICES_AT_A_PLACE = 64,
    LARGE_MIN = 1024, /* bytes */
    LARGE_MAX = 8192,
};

static const uint64_t WARM_UP_NS = 300000000;
static const uint64_t TIME_NS = 100000000;

typedef void operation(struct rung *r);

struct meter {
    size_t warm_up;      /* operations before */
    size_t slice;        /* operations timed together */
    uint64_t slices;     /* timed so far */
    uint64_t operations; /* in them */
    uint64_t ns;         /* that they took */
};

static void churn(struct rung *r) {
    void **place = rung_pick(r);
    adapter_release(*place);
    *place = experiment_allocate(rung_small(r));
}

static size_t large_bytes(struct rung *r) {
    return LARGE_MIN + random_below(&r->random, LARGE_MAX - LARGE_MIN);
}

static void large(struct rung *r) {
    adapter_release(experiment_allocate(large_bytes(r)));
}

static void small(struct rung *r) {
    adapter_release(experiment_allocate(rung_small(r)));
}

static void refused(struct rung *r) {
    if (adapter_allocate(r->region) != NULL)
        outcome_failed("%s has room for the whole region", adapter_version());
}

/* Warms up, and finds out how many operations to time at once: at most so many. */
static void meter_start(struct meter *m, struct rung *r, operation *o, size_t most) {
    uint64_t start = cputime_ns(), took = 0;
    size_t done = 0;
    for (; done < WARM_UP && took < WARM_UP_NS; done++) {
        o(r);
        took = cputime_ns() - start;
    }
    size_t slice = 1 + done * SLICE_NS / took;
    *m = (struct meter){.warm_up = done, .slice = slice < most ? slice : most};
}

static void meter_slice(struct meter *m, struct rung *r, operation *o) {
    uint64_t start = cputime_ns();
    for (size_t i = 0; i < m->slice; i++)
        o(r);
    m->ns += cputime_ns() - start;
    m->slices++;
    m->operations += m->slice;
}

static void meter_tell(const struct meter *m, const struct rung *r, const char *metric) {
    char name[24];
    snprintf(name, sizeof name, "%zu", r->chunks);
    double ns = (double)m->ns - (double)(m->slices * cputime_cost());
    outcome_figure("ladder", name, metric, ns / (double)m->operations);
}

/* Measures an operation that leaves the heap as it was. Its cost may depend on where the free
 * memory behind the holes begins, so an object is allocated there now and then, and stays. */
static void measure(struct rung *r, operation *o, const char *metric) {
    struct meter m;
    meter_start(&m, r, o, SIZE_MAX);
    while (m.ns < TIME_NS) {
        if (m.slices % SLICES_AT_A_PLACE == 0)
            experiment_allocate(large_bytes(r));
        meter_slice(&m, r, o);
    }
    meter_tell(&m, r, metric);
}

/* Churn changes the number of free chunks, so when it has replaced a quarter of
 * the objects, the heap is built anew: for small heaps that takes most of the time. */
static void measure_churn(struct rung *r) {
    struct meter m;
    size_t quarter = r->chunks / 4;
    meter_start(&m, r, churn, quarter);
    size_t replaced = m.warm_up;
    uint64_t end = cputime_ns() + 2 * TIME_NS;
    do {
        if (replaced + m.slice > quarter) {
            rung_clear(r);
            rung_build(r);
            replaced = 0;
        }
        meter_slice(&m, r, churn);
        replaced += m.slice;
    } while (m.ns < TIME_NS && cputime_ns() < end);
    meter_tell(&m, r, "churn");
}

void experiment_ladder(const char *chunks, enum policy policy) {
    struct rung r;
    rung_start(&r, strtoul(chunks, NULL, 10), policy);
    rung_build(&r);
    measure(&r, large, "large");
    if (policy == POLICY_WORST)
        measure(&r, small, "worst");
    if (adapter_region() != NULL)
        measure(&r, refused, "refused");
    measure_churn(&r);
}
