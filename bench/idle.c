/*
 * idle.c - the thread waits for a mutex that is never released.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "idle.h"

#include "outcome.h"

#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t until_the_end = PTHREAD_MUTEX_INITIALIZER;

static void *idle(void *argument) {
    pthread_mutex_lock(&until_the_end);
    pthread_mutex_unlock(&until_the_end);
    return argument;
}

void idle_start(void) {
    pthread_t other;
    pthread_mutex_lock(&until_the_end);
    if (pthread_create(&other, NULL, idle, NULL) != 0)
        outcome_failed("no thread can be started");
}
