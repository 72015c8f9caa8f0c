/*
 * measure.c - counts the instructions of one operation of an adversary.
 *
 *     measure BYTES SEED NUMBER
 *
 * A child does all operations up to that one with the real library, and then lets
 * itself be traced: the parent has the processor stop after each instruction from there to
 * the end of the call, and counts. So the figure is exact, and the same in each run.
 *
 * It prints two figures: for a process with one thread, and with an idle second thread, so that
 * the lock is taken. Each is that of the function for any region, or of its twin for the default
 * one: of the two, that which takes more.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adversary.h"
#include "idle.h"

/* What is to be measured, and how. */
struct task {
    size_t bytes;
    uint64_t seed;
    uint32_t number;
    bool twin;
    bool thread;
};

/* The child sets it before and after the call that is counted, and the parent reads it by ptrace: a
 * signal would add instructions of libc. */
static volatile int stage;

static void *nothing(const struct adversary *a) {
    (void)a;
    return NULL;
}

/* What way is taken must not be known to the compiler: it would leave out a call that does nothing,
 * and what is subtracted has to be a call like the other. */
__attribute__((noinline)) static void count(adversary_way *volatile way,
                                            const struct adversary *a) {
    stage = 1;
    way(a);
    stage = 0;
}

static void be_traced(const struct task *task) {
    static struct adversary a;
    if (!adversary_start(&a, task->bytes, task->seed))
        _exit(EXIT_FAILURE);
    for (uint32_t i = 0; i < task->number; i++) {
        adversary_choose(&a);
        adversary_note(&a, adversary_call(&a.move, false)(&a));
    }
    adversary_choose(&a);
    adversary_way *way = adversary_call(&a.move, task->twin);
    if (task->thread)
        idle_start();
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    count(nothing, &a);
    count(way, &a);
    _exit(EXIT_SUCCESS);
}

/* Steps until the child's stage is what is wanted; the steps, or 0 when the child has ended. */
static uint64_t steps_until(pid_t child, int wanted) {
    uint64_t steps = 0;
    int status;
    do {
        if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) != 0 || waitpid(child, &status, 0) < 0 ||
            !WIFSTOPPED(status))
            return 0;
        steps++;
    } while ((int)ptrace(PTRACE_PEEKDATA, child, (void *)(uintptr_t)&stage, NULL) != wanted);
    return steps;
}

static uint64_t steps_of_call(pid_t child) {
    return steps_until(child, 1) == 0 ? 0 : steps_until(child, 0);
}

static void fail(const char *message) {
    fprintf(stderr, "measure: %s\n", message);
    exit(EXIT_FAILURE);
}

static uint64_t instructions(const struct task *task) {
    pid_t child = fork();
    if (child == 0)
        be_traced(task);
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status))
        fail("the operations failed");
    uint64_t of_nothing = steps_of_call(child);
    uint64_t of_call = steps_of_call(child);
    kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    if (of_call == 0)
        fail("this system does not let a process be traced");
    return of_call - of_nothing;
}

/* Of both twins, that which takes more. */
static uint64_t most(struct task task) {
    uint64_t of_region = instructions(&task);
    if (task.bytes > INT_MAX)
        return of_region;
    task.twin = true;
    uint64_t of_default = instructions(&task);
    return of_region > of_default ? of_region : of_default;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: measure BYTES SEED NUMBER\n", stderr);
        return EXIT_FAILURE;
    }
    struct task task = {strtoull(argv[1], NULL, 10), strtoull(argv[2], NULL, 10),
                        (uint32_t)strtoul(argv[3], NULL, 10), false, false};
    uint64_t alone = most(task);
    task.thread = true;
    printf("%" PRIu64 " %" PRIu64 "\n", alone, most(task));
    return EXIT_SUCCESS;
}
