/*
 * trial.c - misuses, each in a process of its own; see trial.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "aftermath.h"
#include "heap.h"
#include "own.h"
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The status of a process that the system gives no memory. */
enum { NO_MEMORY = 3 };

/* A trial takes milliseconds of processor time. The second limit is for one that waits for ever. */
enum { PROCESSOR_SECONDS = 3, PATIENCE_SECONDS = 60 };

/* In most allocators, an object of the first size ends where its chunk does. */
static const size_t sizes[TRIALS / FILLINGS] = {104, 2000, 20000};

static void set_limits(void) {
    const struct rlimit none = {0, 0}, time = {PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1};
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_CPU, &time);
    alarm(PATIENCE_SECONDS);
}

/* What allocators say when they abort is not for the table. */
static void be_quiet(void) {
    const int null = open("/dev/null", O_WRONLY);
    if (null >= 0)
        dup2(null, STDERR_FILENO);
}

static int by_address(const void *a, const void *b) {
    char *const *one = a, *const *other = b;
    return (*one > *other) - (*one < *other);
}

static void make_row(struct setting *s) {
    for (int i = 0; i < ROW; i++) {
        s->row[i] = heap_allocate(s->bytes);
        own_object(s->row[i], s->bytes);
    }
    qsort(s->row, ROW, sizeof *s->row, by_address);
}

static void own_areas(struct setting *s) {
    own_memory(s->on_stack, AREA);
    own_memory(s->in_static, AREA);
    own_memory(s->foreign, AREA);
}

/* All of it happens within this function, because on_stack has to exist to the end. */
static void undergo(const struct misuse *misuse, int number) {
    static _Alignas(64) char in_static[AREA];
    _Alignas(64) char on_stack[AREA];
    struct setting s = {
        .bytes = sizes[number / FILLINGS],
        .filling = (enum filling)(number % FILLINGS),
        .on_stack = on_stack,
        .in_static = in_static,
    };
    if (!heap_start() || (s.foreign = heap_foreign(AREA)) == NULL)
        _exit(NO_MEMORY);
    own_areas(&s);
    make_row(&s);
    if (misuse->commit(&s))
        verdict_note(SOUND);
    aftermath(s.bytes, (uint64_t)number);
}

static void fail(const char *what) {
    fprintf(stderr, "no %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static pid_t start(const struct misuse *misuse, int number) {
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        set_limits();
        be_quiet();
        undergo(misuse, number);
        _exit(EXIT_SUCCESS);
    }
    return child;
}

enum verdict trial_one(const struct misuse *misuse, int number) {
    static bool shared;
    int status = 0;
    if (!shared && !verdict_share())
        fail("memory");
    shared = true;
    verdict_clear();
    const pid_t child = start(misuse, number);
    if (child < 0 || waitpid(child, &status, 0) != child)
        fail("process");
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_MEMORY)
        fail("memory");
    return verdict_of(status);
}

enum verdict trial_worst(const struct misuse *misuse) {
    enum verdict worst = REFUSED;
    for (int i = 0; i < TRIALS; i++) {
        const enum verdict one = trial_one(misuse, i);
        worst = one > worst ? one : worst;
    }
    return worst;
}
