/*
 * measure.c - counts the instructions of one operation of an adversary.
 *
 *     measure BYTES SEED NUMBER
 *
 * The child does all operations up to that one with the real library, and then lets
 * itself be traced: the parent has the processor stop after each instruction from there to
 * the end of the call, and counts. So the figure is exact, and the same in each run.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adversary.h"

/* The child sets it before and after the call that is counted, and the parent reads it by ptrace: a
 * signal would add instructions of libc. */
static volatile int stage;

__attribute__((noinline)) static void *nothing(const struct adversary *a) {
    (void)a;
    return NULL;
}

typedef void *call(const struct adversary *a);

__attribute__((noinline)) static void *real(const struct adversary *a) {
    return adversary_call(a);
}

static void count(call *c, struct adversary *a) {
    stage = 1;
    void *object = c(a);
    stage = 0;
    adversary_note(a, object);
}

static void be_traced(size_t region, uint64_t seed, uint32_t number) {
    static struct adversary a;
    static struct adversary none = {.move = MOVE_FIRST};
    if (!adversary_start(&a, region, seed))
        _exit(EXIT_FAILURE);
    for (uint32_t i = 0; i < number; i++) {
        adversary_choose(&a);
        adversary_note(&a, adversary_call(&a));
    }
    adversary_choose(&a);
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    count(nothing, &none);
    count(real, &a);
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

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: measure BYTES SEED NUMBER\n", stderr);
        return EXIT_FAILURE;
    }
    pid_t child = fork();
    if (child == 0)
        be_traced(strtoull(argv[1], NULL, 10), strtoull(argv[2], NULL, 10),
                  (uint32_t)strtoul(argv[3], NULL, 10));
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) {
        fputs("measure: the operations failed\n", stderr);
        return EXIT_FAILURE;
    }
    uint64_t of_nothing = steps_of_call(child);
    uint64_t of_call = steps_of_call(child);
    kill(child, SIGKILL);
    if (of_call == 0) {
        fputs("measure: this system does not let a process be traced\n", stderr);
        return EXIT_FAILURE;
    }
    printf("%" PRIu64 "\n", of_call - of_nothing);
    return EXIT_SUCCESS;
}
