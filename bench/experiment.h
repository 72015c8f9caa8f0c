/*
 * experiment.h - what can be measured of an allocator, each in a process of its
 * own, which starts the adapter, prints figures (outcome.h) and ends.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef EXPERIMENT_H
#define EXPERIMENT_H

#include "adapter.h"
#include "replaying.h"
#include "trace.h"

#include <stdint.h>

/* How long a replay may take: an allocator that needs longer is left out. */
#define EXPERIMENT_LIMIT_NS UINT64_C(2000000000)

/* An argument is what the command line says after the experiment's name. */
typedef void experiment(const char *argument, enum policy policy);

experiment experiment_trace;        /* TRACE: the time of an operation, over all of it */
experiment experiment_memory;       /* TRACE: the most memory that the process has resident */
experiment experiment_ladder;       /* N: the time of some operations among N free chunks */
experiment experiment_threads;      /* -: what a second thread gains */
experiment experiment_latency;      /* TRACE or "churn": the times of single calls */
experiment experiment_polite;       /* -: how long a thread waits that calls rarely */
experiment experiment_count;        /* TRACE: nothing but the calls; another tool counts */
experiment experiment_count_locked; /* TRACE: the same beside an idle thread */

/* Starts the adapter, or ends the process. */
void experiment_start(size_t bytes, enum policy policy, bool threads);

/* The same for a trace: in four times the bytes that it suggests. Worst fit gets by in that, too,
 * with all recorded programs but gawk. */
void experiment_start_for(const struct trace *t, enum policy policy);

/* An allocation that has to succeed. */
void *experiment_allocate(size_t bytes);

/* Replays a trace once, and leaves the experiment out when that takes too long
 * or requests are refused. */
void experiment_warm_up(struct replaying *r);

/* Leave the experiment out if the time (cputime.h) is past end; if requests were refused. */
void experiment_check_time(uint64_t end);
void experiment_check_refused(const struct replaying *r);

#endif
