/*
 * search.c - looks for the operations on which libmem does most.
 *
 *     search BYTES FIRST_SEED SEEDS
 *
 * Each seed is an adversary (adversary.h) in a region of so many bytes. The library is compiled
 * into this program with a counter of basic blocks, which costs little and follows the number of
 * instructions well enough to find where to look. For each kind of operation, the most expensive
 * operation of each seed is printed: `KIND STATE SEED NUMBER RULED BLOCKS`. The state is "plain",
 * or "ordered" after a best fit; RULED is how many chunks an alignment ruled out. measure.c counts
 * the instructions in the real library.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adversary.h"

enum { MANY = 32 }; /* chunks that an alignment rules out */

static uint64_t blocks;

/* Called by the compiler's instrumentation at the start of each basic block. */
void __sanitizer_cov_trace_pc(void);

__attribute__((no_sanitize_coverage)) void __sanitizer_cov_trace_pc(void) {
    blocks++;
}

/* The most expensive operation of a kind that a seed has. */
struct worst {
    uint64_t blocks;
    size_t ruled_out;
    uint32_t number;
    bool ordered;
};

/* Of aligned allocations with many chunks ruled out, the cost of each counts. */
static uint64_t weight(enum kind kind, uint64_t cost, size_t ruled_out) {
    if (kind != KIND_ALIGNED_MANY)
        return cost;
    return ruled_out < MANY ? 0 : cost / ruled_out;
}

static void run(size_t region, uint64_t seed, struct worst worst[KINDS]) {
    static struct adversary a;
    if (!adversary_start(&a, region, seed))
        exit(EXIT_FAILURE);
    uint32_t operations = adversary_operations(&a);
    for (uint32_t number = 0; number < operations; number++) {
        adversary_choose(&a);
        adversary_way *way = adversary_call(&a.move, false);
        uint64_t before = blocks;
        void *object = way(&a);
        uint64_t cost = blocks - before;
        enum kind kind = adversary_kind(&a, object);
        if (kind != KINDS && weight(kind, cost, a.ruled_out) > worst[kind].blocks)
            worst[kind] =
                (struct worst){weight(kind, cost, a.ruled_out), a.ruled_out, number, a.ordered};
        adversary_note(&a, object);
    }
}

/* A process can make the default region once. */
static void run_in_child(size_t region, uint64_t seed, struct worst worst[KINDS]) {
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

static void print(uint64_t seed, const struct worst worst[KINDS]) {
    for (int kind = 0; kind < KINDS; kind++)
        if (worst[kind].blocks > 0)
            printf("%s %s %" PRIu64 " %" PRIu32 " %zu %" PRIu64 "\n", adversary_kinds[kind],
                   worst[kind].ordered ? "ordered" : "plain", seed, worst[kind].number,
                   worst[kind].ruled_out, worst[kind].blocks);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: search BYTES FIRST_SEED SEEDS\n", stderr);
        return EXIT_FAILURE;
    }
    size_t region = strtoull(argv[1], NULL, 10);
    uint64_t first = strtoull(argv[2], NULL, 10);
    uint64_t seeds = strtoull(argv[3], NULL, 10);
    struct worst *worst = mmap(NULL, sizeof(struct worst[KINDS]), PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (worst == MAP_FAILED)
        return EXIT_FAILURE;
    for (uint64_t seed = first; seed < first + seeds; seed++) {
        memset(worst, 0, sizeof(struct worst[KINDS]));
        run_in_child(region, seed, worst);
        print(seed, worst);
    }
    return EXIT_SUCCESS;
}
