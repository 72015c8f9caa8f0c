/*
 * support.c - what the tests of the public interface share; see support.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

char *region;
size_t region_size;

/* ---- suites ---- */

/* The time a test may take before it counts as hung. No test gets near it. */
enum { PATIENCE = 60, SLOW = 10 };

TCase *new_case(const char *subject) {
    TCase *tests = tcase_create(subject);
    tcase_set_timeout(tests, light() ? PATIENCE * SLOW : PATIENCE);
    return tests;
}

int run_case(TCase *tests) {
    Suite *suite = suite_create("libmem");
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK); /* whatever the environment says */
    srunner_run_all(runner, CK_ENV);
    bool passed = srunner_ntests_failed(runner) == 0 && srunner_ntests_run(runner) > 0;
    srunner_free(runner);
    return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool light(void) {
    return SANITIZED || getenv("MEM_TEST_LIGHT") != NULL;
}

int rounds(int usual) {
    return light() && usual >= 10 ? usual / 10 : usual;
}

uint64_t random_seed(uint64_t own) {
    const char *named = getenv("MEM_TEST_SEED");
    uint64_t seed = named != NULL ? strtoull(named, NULL, 0) : own;
    printf("MEM_TEST_SEED=%" PRIu64 "\n", seed);
    fflush(stdout);
    return seed;
}

pthread_t start_thread(void *(*body)(void *), void *argument) {
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, body, argument), 0);
    return thread;
}

void join_thread(pthread_t thread) {
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

size_t page(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

bool can_map_int_max(void) {
    const size_t size = (size_t)INT_MAX + INT_MAX / 16;
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory != MAP_FAILED && munmap(memory, size) == 0;
}

/* ---- heaps ---- */

void init_region(int size) {
    ck_assert_int_eq(Mem_Init(size), 0);
    region = (char *)Mem_FreeList();
    region_size = ((size_t)size + page() - 1) / page() * page();
    ck_assert_ptr_nonnull(region);
}

int place(int size, int style) {
    char *object = Mem_Alloc(size, style);
    return object == NULL ? NOWHERE : (int)(object - region);
}

int release(int offset) {
    return Mem_Free(region + offset);
}

void cut_chunks(struct chunk *chunks, size_t count) {
    for (size_t i = 0; i < count; i++) {
        chunks[i].offset = place(chunks[i].size, FIRSTFIT);
        int wall = place(GRANULE, FIRSTFIT);
        must(chunks[i].offset != NOWHERE);
        must(wall == chunks[i].offset + chunks[i].size);
    }
    if (Mem_FreeList() != NULL)
        must(place(Mem_FreeList()->size, FIRSTFIT) != NOWHERE);
    must(Mem_FreeList() == NULL);
    for (size_t i = 0; i < count; i++)
        must(release(chunks[i].offset) == 0);
    assert_list_is(chunks, count);
}

/* ---- the free list ---- */

/* Whether a node can be read there: a wild link must fail a test, not end it. */
static bool holds_node(MemNodePtr node) {
    uintptr_t offset = (uintptr_t)node - (uintptr_t)region;
    return offset < region_size && offset % GRANULE == 0;
}

/* The type as a byte: one that was overwritten need not be a valid _Bool. */
static unsigned type_of(MemNodePtr node) {
    return *(unsigned char *)&node->type;
}

static bool node_is(MemNodePtr node, struct chunk chunk) {
    return (char *)node == region + chunk.offset && node->size == chunk.size && type_of(node) == 1;
}

const char *list_fault(const struct chunk *expected, size_t count) {
    static char text[200];
    MemNodePtr node = Mem_FreeList();

    for (size_t i = 0; i < count; i++) {
        if (node != NULL && holds_node(node) && node_is(node, expected[i])) {
            node = node->next;
            continue;
        }
        int n = snprintf(text, sizeof text, "node %zu must be offset %d, size %d, type 1, but is ",
                         i, expected[i].offset, expected[i].size);
        if (node == NULL)
            snprintf(text + n, sizeof text - (size_t)n, "missing");
        else if (!holds_node(node))
            snprintf(text + n, sizeof text - (size_t)n, "at the wild address %p", (void *)node);
        else
            snprintf(text + n, sizeof text - (size_t)n, "offset %td, size %d, type %u",
                     (char *)node - region, node->size, type_of(node));
        return text;
    }
    if (node == NULL)
        return NULL;
    snprintf(text, sizeof text, "it must end after %zu nodes, but goes on to %p", count,
             (void *)node);
    return text;
}

/* ---- output ---- */

static char *whole_file(int fd) {
    off_t size = lseek(fd, 0, SEEK_END);
    ck_assert_int_ge(size, 0);
    char *text = malloc((size_t)size + 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(pread(fd, text, (size_t)size, 0), size);
    text[size] = '\0';
    return text;
}

char *captured(void (*writer)(void)) {
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    ck_assert_int_ne(dup2(fileno(file), STDOUT_FILENO), -1);
    writer();
    fflush(stdout);
    ck_assert_int_ne(dup2(saved, STDOUT_FILENO), -1);
    close(saved);
    char *text = whole_file(fileno(file));
    fclose(file);
    return text;
}
