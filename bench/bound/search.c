/*
 * search.c - looks for the operations on which libmem does most.
 *
 *     search BYTES FIRST_SEED SEEDS
 *
 * Each seed is an adversary (adversary.h) in a region of so many bytes. The library is compiled
 * into this program with a counter of basic blocks, which costs little and follows the number of
 * instructions well enough to find where to look. For each kind of operation, the most expensive
 * operations of the best seeds are printed: `KIND SEED NUMBER BLOCKS`. measure.c counts their
 * instructions in the real library.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adversary.h"

enum { OPERATIONS = 60000 }; /* of one adversary */

static uint64_t blocks;

/* Called by the compiler's instrumentation at the start of each basic block. */
void __sanitizer_cov_trace_pc(void);

__attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_pc(void) {
    blocks++;
}

/* The most expensive operation of a kind that a seed has. */
struct worst {
    uint64_t blocks;
    uint32_t number;
};

static void run(size_t region, uint64_t seed, struct worst worst[MOVES]) {
    static struct adversary a;
    if (!adversary_start(&a, region, seed))
        exit(EXIT_FAILURE);
    for (uint32_t number = 0; number < OPERATIONS; number++) {
        adversary_choose(&a);
        uint64_t before = blocks;
        void *object = adversary_call(&a);
        uint64_t cost = blocks - before;
        if (cost > worst[a.move].blocks)
            worst[a.move] = (struct worst){cost, number};
        adversary_note(&a, object);
    }
}

/* A process can make the default region once. */
static void run_in_child(size_t region, uint64_t seed, struct worst worst[MOVES]) {
    pid_t child = fork();
    if (child == 0) {
        run(region, seed, worst);
        _exit(EXIT_SUCCESS);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
        fprintf(stderr, "search: the run with seed %" PRIu64 " failed\n", seed);
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: search BYTES FIRST_SEED SEEDS\n", stderr);
        return EXIT_FAILURE;
    }
    static const char *const names[MOVES] = {"first", "worst", "free"};
    size_t region = strtoull(argv[1], NULL, 10);
    uint64_t first = strtoull(argv[2], NULL, 10);
    uint64_t seeds = strtoull(argv[3], NULL, 10);
    struct worst *worst = mmap(NULL, sizeof(struct worst[MOVES]), PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (worst == MAP_FAILED)
        return EXIT_FAILURE;
    for (uint64_t seed = first; seed < first + seeds; seed++) {
        for (int move = 0; move < MOVES; move++)
            worst[move] = (struct worst){0, 0};
        run_in_child(region, seed, worst);
        for (int move = 0; move < MOVES; move++)
            printf("%s %" PRIu64 " %" PRIu32 " %" PRIu64 "\n", names[move], seed,
                   worst[move].number, worst[move].blocks);
    }
    return EXIT_SUCCESS;
}
