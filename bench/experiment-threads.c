/*
 * experiment-threads.c - what a second thread gains.
 *
 *     churn   each thread frees and allocates objects of its own
 *     ring    one allocates, the other frees, through a ring of objects
 *     bursts  the same, but 64 objects are handed over at a time
 *
 * One thread does the same work first, before the process has ever had two, and again
 * while a second thread is there and idle, so that locks are taken. The gain is the work
 * done in a second by two threads, divided by that of the one that takes locks: 2 would be
 * perfect for churn. Two idle processors are needed to see it.
 *
 * To hand over an object takes time itself: bare is what two threads need for the same, but
 * without an allocator, and is contained in the time of two.
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
    BURST = 64,     /* of them are handed over at a time */
    SMALL_MIN = 16, /* bytes */
    SMALL_RANGE = 113,
    LINE = 64, /* bytes of a cache line */
};

static void *allocate_small(uint64_t *random) {
    return experiment_allocate(SMALL_MIN + random_below(random, SMALL_RANGE));
}

/* Churn */

/* In lines of their own: else two threads wait for each other's line, and not for the allocator. */
struct churner {
    _Alignas(LINE) void **objects;
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

/* The ring: both indices count on, and each has one writer, who tells of a burst at a time. */

struct ring {
    void *objects[RING];
    size_t burst; /* divides RING and PAIRS */
    void *(*allocate)(uint64_t *random);
    void (*release)(void *object);
    _Alignas(LINE) atomic_size_t put;
    _Alignas(LINE) atomic_size_t taken;
    _Alignas(LINE) uint64_t random;
};

/* The same ring, filled and emptied in turn by one thread. */
static void *fill_and_empty(void *argument) {
    struct ring *r = argument;
    for (int done = 0; done < PAIRS; done += RING) {
        for (int i = 0; i < RING; i++)
            r->objects[i] = r->allocate(&r->random);
        for (int i = 0; i < RING; i++)
            r->release(r->objects[i]);
    }
    return NULL;
}

static void *produce(void *argument) {
    struct ring *r = argument;
    for (size_t i = 0; i < PAIRS;) {
        while (i - atomic_load_explicit(&r->taken, memory_order_acquire) > RING - r->burst)
            sched_yield();
        for (size_t end = i + r->burst; i < end; i++)
            r->objects[i % RING] = r->allocate(&r->random);
        atomic_store_explicit(&r->put, i, memory_order_release);
    }
    return NULL;
}

static void *consume(void *argument) {
    struct ring *r = argument;
    for (size_t i = 0; i < PAIRS;) {
        while (i == atomic_load_explicit(&r->put, memory_order_acquire))
            sched_yield();
        for (size_t end = i + r->burst; i < end; i++)
            r->release(r->objects[i % RING]);
        atomic_store_explicit(&r->taken, i, memory_order_release);
    }
    return NULL;
}

/* Instead of an allocator. */

static void *allocate_nothing(uint64_t *random) {
    return (void *)(uintptr_t)random_below(random, SMALL_RANGE);
}

static void release_nothing(void *object) {
    (void)object;
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

/* By two threads that hand over so many objects at a time. */
static double time_ring(struct ring *r, size_t burst) {
    r->burst = burst;
    r->put = 0;
    r->taken = 0;
    return time_two(produce, r, consume, r);
}

static void tell(const char *which, double one, double locked, double two, int shares) {
    outcome_figure("threads", which, "one", one / PAIRS);
    outcome_figure("threads", which, "locked", locked / PAIRS);
    outcome_figure("threads", which, "two", two / PAIRS / shares);
    outcome_figure("threads", which, "gain", locked / two * shares);
}

static void tell_ring(const char *which, double one, double locked, struct ring *r,
                      struct ring *bare, size_t burst) {
    tell(which, one, locked, time_ring(r, burst), 1);
    outcome_figure("threads", which, "bare", time_ring(bare, burst) / PAIRS);
}

void experiment_threads(const char *argument, enum policy policy) {
    (void)argument;
    static struct ring ring = {.allocate = allocate_small, .release = adapter_release};
    static struct ring bare = {.allocate = allocate_nothing, .release = release_nothing};
    struct churner a, b;
    experiment_start(REGION, policy, true);
    churner_start(&a, 1);
    churner_start(&b, 2);
    double churn_one = time_one(churn, &a);
    double ring_one = time_one(fill_and_empty, &ring);
    idle_start();
    double churn_locked = time_one(churn, &a);
    double ring_locked = time_one(fill_and_empty, &ring);
    tell("churn", churn_one, churn_locked, time_two(churn, &a, churn, &b), 2);
    tell_ring("ring", ring_one, ring_locked, &ring, &bare, 1);
    tell_ring("bursts", ring_one, ring_locked, &ring, &bare, BURST);
}
