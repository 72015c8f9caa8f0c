/*
 * experiment-polite.c - how long a thread waits that calls rarely, as one for sound or control
 * does, while others never rest.
 *
 * It allocates and frees an object every 50 us, and the time of both is taken. Three more
 * threads, the hogs, do nothing but allocate and free, in the same heap. For comparison, the
 * same is measured with each call behind a plain mutex of the program's: that, around glibc's
 * malloc, is what a program would have instead.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "experiment.h"

#include "area.h"
#include "clock.h"
#include "median.h"
#include "outcome.h"
#include "random.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

enum {
    REGION = 4 * 1048576,
    HOGS = 3,
    OBJECTS = 64, /* live at a time, for a hog */
    HOG_MIN = 16, /* bytes */
    HOG_RANGE = 400,
    POLITE = 64,        /* bytes */
    PAUSE_NS = 50000,   /* between two pairs of calls */
    TIME_MS = 500,      /* for each of the two measurements */
    SAMPLES_MAX = 10000 /* more than there are pauses in that time */
};

struct hog {
    pthread_t thread;
    uint64_t random;
};

static struct {
    pthread_mutex_t mutex;
    bool behind_mutex;
    atomic_bool is_over;
} heap = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void enter(void) {
    if (heap.behind_mutex)
        pthread_mutex_lock(&heap.mutex);
}

static void leave(void) {
    if (heap.behind_mutex)
        pthread_mutex_unlock(&heap.mutex);
}

static void *allocate(size_t bytes) {
    enter();
    void *object = experiment_allocate(bytes);
    leave();
    return object;
}

static void release(void *object) {
    enter();
    adapter_release(object);
    leave();
}

static void *hog(void *argument) {
    struct hog *self = argument;
    void *objects[OBJECTS] = {NULL};
    while (!atomic_load_explicit(&heap.is_over, memory_order_relaxed)) {
        void **place = &objects[random_below(&self->random, OBJECTS)];
        if (*place != NULL)
            release(*place);
        *place = allocate(HOG_MIN + random_below(&self->random, HOG_RANGE));
    }
    for (int i = 0; i < OBJECTS; i++)
        if (objects[i] != NULL)
            release(objects[i]);
    return NULL;
}

/* Fills in the waits, in microseconds, and returns how many there were. */
static size_t be_polite(double *waits) {
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    uint64_t end = clock_ns() + TIME_MS * UINT64_C(1000000);
    size_t count = 0;
    while (count < SAMPLES_MAX && clock_ns() < end) {
        uint64_t start = clock_ns();
        release(allocate(POLITE));
        waits[count++] = (double)(clock_ns() - start) / 1000;
        nanosleep(&pause, NULL);
    }
    return count;
}

static size_t be_polite_among_hogs(double *waits) {
    struct hog hogs[HOGS];
    atomic_store(&heap.is_over, false);
    for (int i = 0; i < HOGS; i++) {
        hogs[i].random = (uint64_t)i + 1;
        if (pthread_create(&hogs[i].thread, NULL, hog, &hogs[i]) != 0)
            outcome_failed("no thread can be started");
    }
    size_t count = be_polite(waits);
    atomic_store(&heap.is_over, true);
    for (int i = 0; i < HOGS; i++)
        pthread_join(hogs[i].thread, NULL);
    return count;
}

static void measure(double *waits, bool behind_mutex, const char *half, const char *most) {
    heap.behind_mutex = behind_mutex;
    size_t count = be_polite_among_hogs(waits);
    outcome_figure("polite", "hogs", half, median_of(waits, count));
    outcome_figure("polite", "hogs", most, waits[(count * 99 + 99) / 100 - 1]); /* sorted now */
}

void experiment_polite(const char *argument, enum policy policy) {
    (void)argument;
    double *waits = area_take(SAMPLES_MAX * sizeof *waits);
    experiment_start(REGION, policy, true);
    measure(waits, false, "50 %", "99 %");
    measure(waits, true, "mutex 50 %", "mutex 99 %");
}
