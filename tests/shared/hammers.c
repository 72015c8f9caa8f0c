/*
 * hammers.c - threads that never rest; see hammers.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "hammers.h"

#include <sched.h>
#include <stdatomic.h>

static struct hammer {
    pthread_t thread;
    int (*strike)(int i);
    int troubles;
} hammers[8];

static int started;
static atomic_int at_work;
static atomic_bool stop;

static void *hammer(void *argument) {
    struct hammer *self = argument;
    atomic_fetch_add(&at_work, 1);
    for (int i = 0; !atomic_load(&stop); i++)
        self->troubles += self->strike(i);
    return NULL;
}

void start_hammer(int (*strike)(int i)) {
    must(started < (int)COUNT(hammers));
    struct hammer *next = &hammers[started++];
    *next = (struct hammer){.strike = strike};
    next->thread = start_thread(hammer, next);
    while (atomic_load(&at_work) < started)
        sched_yield();
}

void start_hammers(int count, int (*strike)(int i)) {
    for (int i = 0; i < count; i++)
        start_hammer(strike);
}

void stop_hammers(void) {
    atomic_store(&stop, true);
    for (int i = 0; i < started; i++) {
        join_thread(hammers[i].thread);
        ck_assert_int_eq(hammers[i].troubles, 0);
    }
    started = 0;
    atomic_store(&at_work, 0);
    atomic_store(&stop, false);
}
