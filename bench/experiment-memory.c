/*
 * experiment-memory.c - how much memory a program's work takes with an allocator.
 *
 * The trace is replayed once and each object is written to as a whole. The process
 * is looked at after every slice, and the most that was resident counts:
 * the objects, all that the allocator keeps beside them and holds back, and
 * some 0.1 MiB of the process itself. The trace and the table of objects lie in
 * shared memory, which does not count.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "cputime.h"
#include "outcome.h"
#include "recorded.h"
#include "resident.h"

/* Filling the objects and looking at the process take their time, too. */
static const uint64_t LIMIT_NS = 2 * EXPERIMENT_LIMIT_NS;

static void *filled_allocate(size_t bytes) {
    void *object = adapter_allocate(bytes);
    return object != NULL ? memset(object, 1, bytes) : NULL;
}

/* The most bytes that the program itself has live at a time, as it asked for them. */
static size_t live_peak(const struct replaying *r) {
    size_t live = 0, peak = 0;
    for (size_t i = 0; i < r->trace->count; i++) {
        const struct operation *op = &r->trace->ops[i];
        live += op->bytes - r->objects[op->slot].bytes;
        r->objects[op->slot].bytes = op->bytes;
        peak = live > peak ? live : peak;
    }
    memset(r->objects, 0, r->trace->slots * sizeof *r->objects);
    return peak;
}

static size_t resident_peak(struct replaying *r) {
    uint64_t end = cputime_ns() + LIMIT_NS;
    size_t peak = resident_bytes();
    while (replaying_slice(r, filled_allocate, adapter_release)) {
        size_t now = resident_bytes();
        peak = now > peak ? now : peak;
        experiment_check_time(end);
    }
    experiment_check_refused(r);
    return peak;
}

void experiment_memory(const char *path, enum policy policy) {
    struct trace trace;
    struct replaying r;
    recorded_fetch(&trace, path);
    replaying_start(&r, &trace);
    size_t live = live_peak(&r);
    experiment_start_for(&trace, policy);
    if (resident_bytes() == 0)
        outcome_left_out("this system does not tell what is resident");
    size_t peak = resident_peak(&r);
    const char *name = recorded_name(path);
    outcome_figure("memory", name, "live", (double)live);
    outcome_figure("memory", name, "resident", (double)peak);
    outcome_figure("memory", name, "share", (double)peak / (double)live);
    if (adapter_region() == NULL)
        return;
    size_t region = resident_part(adapter_region(), 4 * (size_t)trace.peak);
    outcome_figure("memory", name, "region", (double)region);
    outcome_figure("memory", name, "beside", (double)(resident_bytes() - region));
}
