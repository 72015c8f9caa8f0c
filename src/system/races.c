/*
 * races.c - what Helgrind and DRD are told; see races.h.
 *
 * Like memcheck (watch.c), they are told by client requests, which do nothing outside Valgrind, and
 * are compiled in where its headers are installed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/races.h"

#ifdef HAVE_VALGRIND_MEMCHECK_H

#include <valgrind/drd.h>
#include <valgrind/helgrind.h>

/* Each tool is recognized by a request that no other answers: Helgrind by that for the state of a
 * byte, DRD by that for the thread's number. */
bool mem_races_are_sought(void) {
    char byte = 0;
    char state = 0;
    return VALGRIND_HG_GET_ABITS(&byte, &state, 1) == 1 || DRD_GET_VALGRIND_THREADID != 0;
}

/* To both tools, the lock is a reader-writer lock taken for writing. Helgrind understands these
 * requests of DRD's. */
#define TELL(request, lock, writing)                                                               \
    VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_RWLOCK_##request, lock, writing, 0,   \
                                    0, 0)

void mem_races_made(struct mem_lock *lock) {
    TELL(CREATE, lock, 0);
}

void mem_races_taken(struct mem_lock *lock) {
    TELL(ACQUIRED, lock, 1);
}

void mem_races_dropping(struct mem_lock *lock) {
    TELL(RELEASED, lock, 1);
}

void mem_races_watch(const void *memory, size_t bytes) {
    VALGRIND_HG_ENABLE_CHECKING(memory, bytes);
}

void mem_races_allow(const int *variable) {
    VALGRIND_HG_DISABLE_CHECKING(variable, sizeof *variable);
    VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_START_SUPPRESSION, variable, sizeof *variable,
                                    0, 0, 0);
}

#else

bool mem_races_are_sought(void) {
    return false;
}

void mem_races_made(struct mem_lock *lock) {
    (void)lock;
}

void mem_races_taken(struct mem_lock *lock) {
    (void)lock;
}

void mem_races_dropping(struct mem_lock *lock) {
    (void)lock;
}

void mem_races_watch(const void *memory, size_t bytes) {
    (void)memory;
    (void)bytes;
}

void mem_races_allow(const int *variable) {
    (void)variable;
}

#endif
