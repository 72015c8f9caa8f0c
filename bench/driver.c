/*
 * driver.c - runs one experiment on the allocator that it is linked with:
 *
 *     with-glibc version
 *     with-glibc trace traces/perl.rep.xz
 *     with-libmem --policy worst ladder 1000
 *
 * bench/run runs all of them, this by itself is for a closer look.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "cputime.h"
#include "outcome.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS_MAX = 120 }; /* something hangs that takes longer */

struct named {
    const char *name;
    experiment *run;
};

static void print_version(const char *argument, enum policy policy) {
    (void)argument;
    (void)policy;
    puts(adapter_version());
}

static const struct named experiments[] = {
    {"version", print_version},
    {"trace", experiment_trace},
    {"memory", experiment_memory},
    {"ladder", experiment_ladder},
    {"threads", experiment_threads},
    {"latency", experiment_latency},
    {"polite", experiment_polite},
    {"count", experiment_count},
    {"count-locked", experiment_count_locked},
};

static const char *const policies[] = {
    [POLICY_OWN] = "own",
    [POLICY_FIRST] = "first",
    [POLICY_WORST] = "worst",
    [POLICY_BEST] = "best",
};

void experiment_start(size_t bytes, enum policy policy, bool threads) {
    if (!adapter_start(bytes, policy, threads))
        outcome_failed("%s does not start with %zu bytes and policy %s", adapter_version(), bytes,
                       policies[policy]);
}

void experiment_start_for(const struct trace *t, enum policy policy) {
    size_t bytes = 4 * (size_t)t->peak;
    experiment_start(bytes < INT_MAX ? bytes : INT_MAX, policy, false);
}

void *experiment_allocate(size_t bytes) {
    void *object = adapter_allocate(bytes);
    if (object == NULL)
        outcome_failed("%s refuses %zu bytes", adapter_version(), bytes);
    return object;
}

void experiment_check_time(uint64_t end) {
    if (cputime_ns() > end)
        outcome_left_out("a replay takes too long");
}

void experiment_check_refused(const struct replaying *r) {
    if (r->refused > 0)
        outcome_left_out("%zu requests are refused", r->refused);
}

void experiment_warm_up(struct replaying *r) {
    uint64_t end = cputime_ns() + EXPERIMENT_LIMIT_NS;
    while (replaying_slice(r, adapter_allocate, adapter_release))
        experiment_check_time(end);
    experiment_check_refused(r);
    replaying_reset(r, adapter_release);
}

static enum policy find_policy(const char *name) {
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (strcmp(name, policies[i]) == 0)
            return (enum policy)i;
    outcome_failed("no policy '%s'", name);
}

static experiment *find_experiment(const char *name) {
    for (size_t i = 0; i < sizeof experiments / sizeof *experiments; i++)
        if (strcmp(name, experiments[i].name) == 0)
            return experiments[i].run;
    outcome_failed("no experiment '%s'", name);
}

int main(int argc, char **argv) {
    enum policy policy = POLICY_OWN;
    alarm(SECONDS_MAX);
    if (argc > 2 && strcmp(argv[1], "--policy") == 0) {
        policy = find_policy(argv[2]);
        argv += 2;
        argc -= 2;
    }
    if (argc < 2)
        outcome_failed("usage: PROGRAM [--policy own|first|worst|best] EXPERIMENT [ARGUMENT]");
    find_experiment(argv[1])(argc > 2 ? argv[2] : "", policy);
    return OUTCOME_DONE;
}
