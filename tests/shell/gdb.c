/*
 * gdb.c - a program with regions, which gdb.sh stops at stop(). Its argument says what it has:
 *
 *     regions    a default region, a mapped one, and one that is placed in an object of that
 *     node       the same, with a node of the free list overwritten
 *     large      a region of 32 GiB
 *     malloc     objects of malloc, of which one was freed in a process with two threads
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mem.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void stop(void);

Mem_Region *made, *placed;
MemNodePtr node;
char *first, *hole, *last, *large, *outer, *inner;
pthread_barrier_t barrier;

__attribute__((noinline)) void stop(void) {
    __asm__ volatile("" ::: "memory");
}

static void make_regions(void) {
    Mem_Init(65536);
    first = Mem_Alloc(100, FIRSTFIT);
    hole = Mem_Alloc(200, FIRSTFIT);
    last = Mem_Alloc(5000, FIRSTFIT);
    Mem_Free(hole);
    Mem_Free(hole);
    Mem_Alloc(65536, WORSTFIT);
    node = Mem_FreeList();
    made = Mem_RegionCreate(1 << 20);
    outer = Mem_RegionAlloc(made, 300000, BESTFIT);
    placed = Mem_RegionPlace(outer, 8192);
    inner = Mem_RegionAlloc(placed, 32, WORSTFIT);
}

/* As `mem regions 1` prints them. */
#define PRINT(member) printf("  %-15s  %llu\n", #member, (unsigned long long)stats.member)
static void print_stats(void) {
    struct Mem_Stats stats;
    if (Mem_GetStats(&stats) != 0)
        return;
    PRINT(region_bytes);
    PRINT(index_bytes);
    PRINT(live_bytes);
    PRINT(live_blocks);
    PRINT(peak_live_bytes);
    PRINT(free_bytes);
    PRINT(free_chunks);
    PRINT(largest_free);
    PRINT(allocations);
    PRINT(frees);
    PRINT(refused);
    PRINT(bad_frees);
}

static void make_large(void) {
    made = Mem_RegionCreate((size_t)((uint64_t)32 << 30));
    if (made == NULL)
        exit(1);
    first = Mem_RegionAlloc(made, (size_t)((uint64_t)20 << 30), FIRSTFIT);
    large = Mem_RegionAlloc(made, (size_t)1 << 30, FIRSTFIT);
    last = Mem_RegionAlloc(made, 100, FIRSTFIT);
    Mem_RegionFree(made, large);
}

static void *wait(void *argument) {
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return argument;
}

static void use_malloc(void) {
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, wait, NULL);
    pthread_barrier_wait(&barrier);
    first = malloc(100);
    hole = malloc(200);
    last = malloc(100);
    free(hole);
    stop();
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "malloc") == 0) {
        use_malloc();
        return 0;
    }
    if (strcmp(what, "large") == 0)
        make_large();
    else
        make_regions();
    Mem_Dump();
    print_stats();
    fflush(stdout);
    if (strcmp(what, "node") == 0)
        memset(node, 'A', 8);
    stop();
    (void)Mem_Check();
    return 0;
}
