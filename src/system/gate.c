/*
 * gate.c - the one lock of the process, beside those of its regions; see gate.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/gate.h"

#include <pthread.h>

MEM_THREAD_LOCAL unsigned mem_gate_forks;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

/* Whether the thread holds the gate by mem_gate_enter. */
static MEM_THREAD_LOCAL bool is_inside;

void mem_gate_take(void) {
    pthread_mutex_lock(&gate);
}

void mem_gate_drop(void) {
    pthread_mutex_unlock(&gate);
}

bool mem_gate_enter(void) {
    if (mem_gate_forks > 0 || is_inside)
        return false;
    mem_gate_take();
    is_inside = true;
    return true;
}

void mem_gate_leave(bool entered) {
    if (!entered)
        return;
    is_inside = false;
    mem_gate_drop();
}
