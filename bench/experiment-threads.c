/*
 * experiment-threads.c - what a second thread gains.
 *
 *     churn   each thread frees and allocates objects of its own
 *     ring    one allocates, the other frees, through a ring of objects
 *
 * One thread does the same work first, before the process has ever had two, and again
 * while a second thread is there and idle, so that locks are taken. The gain is the work
 * done in a second by two threads, divided by that of the one that takes locks: 2 would be
 * perfect for churn. Two idle processors are needed to see it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "area.h"
#include "clock.h"
#include "idle.h"
#include "outcome.h"
#include "random.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

enum {
    REGION = 64 * 1048576,
    PAIRS = 400000, /* an allocation and a free each, for a thread */
    OBJECTS = 1000, /* live at a time in churn, for a thread */
    RING = 4096,    /* objects */
    SMALL_MIN = 16, /* bytes */
    SMALL_RANGE = 113,
    LINE = 64, /* bytes of a cache line */
};

static void *allocate_small(uint64_t *random) {
    return experiment_allocate(SMALL_MIN + random_below(random, SMALL_RANGE));
}

/* Churn */

struct churner {
    void **objects;
    uint64_t random;
};

static void churner_start(struct churner *c, uint64_t seed) {
    *c = (struct churner){.objects = area_take(OBJECTS * sizeof *c->objects), .random = seed};
    for (int i = 0; i < OBJECTS; i++)
        c->objects[i] = allocate_small(&c->random);
}

static void *churn(void *argument) {
    struct churner *c = argument;
    for (int i = 0; i < PAIRS; i++) {
        void **place = &c->objects[random_below(&c->random, OBJECTS)];
        adapter_release(*place);
        *place = allocate_small(&c->random);
    }
    return NULL;
}

/* The ring: both indices count on, and each has one writer. */

struct ring {
    void *objects[RING];
    _Alignas(LINE) atomic_size_t put;
    _Alignas(LINE) atomic_size_t taken;
    _Alignas(LINE) uint64_t random;
};

static struct ring ring;

/* The same ring, filled and emptied in turn by one thread. */
static void *fill_and_empty(void *argument) {
    struct ring *r = argument;
    for (int done = 0; done < PAIRS; done += RING) {
        for (int i = 0; i < RING; i++)
            r->objects[i] = allocate_small(&r->random);
        for (int i = 0; i < RING; i++)
            adapter_release(r->objects[i]);
    }
    return NULL;
}

static void *produce(void *argument) {
    struct ring *r = argument;
    for (size_t i = 0; i < PAIRS; i++) {
        while (i - atomic_load_explicit(&r->taken, memory_order_acquire) == RING)
            sched_yield();
        r->objects[i % RING] = allocate_small(&r->random);
        atomic_store_explicit(&r->put, i + 1, memory_order_release);
    }
    return NULL;
}

static void *consume(void *argument) {
    struct ring *r = argument;
    for (size_t i = 0; i < PAIRS; i++) {
        while (i == atomic_load_explicit(&r->put, memory_order_acquire))
            sched_yield();
        adapter_release(r->objects[i % RING]);
        atomic_store_explicit(&r->taken, i + 1, memory_order_release);
    }
    return NULL;
}

/* Times, in nanoseconds */

typedef void *work(void *argument);

static double time_one(work *w, void *argument) {
    w(argument); /* warms up */
    uint64_t start = clock_ns();
    w(argument);
    return (double)(clock_ns() - start);
}

/* The second thread is started within the time: that is little against the rest. */
static double time_two(work *a, void *argument_a, work *b, void *argument_b) {
    pthread_t other;
    uint64_t start = clock_ns();
    if (pthread_create(&other, NULL, b, argument_b) != 0)
        outcome_failed("no thread can be started");
    a(argument_a);
    pthread_join(other, NULL);
    return (double)(clock_ns() - start);
}

static void tell(const char *which, double one, double locked, double two, int shares) {
    outcome_figure("threads", which, "one", one / PAIRS);
    outcome_figure("threads", which, "locked", locked / PAIRS);
    outcome_figure("threads", which, "two", two / PAIRS / shares);
    outcome_figure("threads", which, "gain", locked / two * shares);
}

void experiment_threads(const char *argument, enum policy policy) {
    (void)argument;
    struct churner a, b;
    experiment_start(REGION, policy, true);
    churner_start(&a, 1);
    churner_start(&b, 2);
    double churn_one = time_one(churn, &a);
    double ring_one = time_one(fill_and_empty, &ring);
    idle_start();
    double churn_locked = time_one(churn, &a);
    double ring_locked = time_one(fill_and_empty, &ring);
    double churn_two = time_two(churn, &a, churn, &b);
    double ring_two = time_two(produce, &ring, consume, &ring);
    tell("churn", churn_one, churn_locked, churn_two, 2);
    tell("ring", ring_one, ring_locked, ring_two, 1);
}
