/*
 * support.c - what the tests of the public interface share; see support.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

char *region;
size_t region_size;

/* ---- suites ---- */

/* The seconds after which a test counts as hung. No test gets near it, unless the machine is busy
 * with much else. */
enum { PATIENCE = 600 };

TCase *new_case(const char *subject) {
    TCase *tests = tcase_create(subject);
    tcase_set_timeout(tests, PATIENCE);
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

#if SANITIZED || !defined(HAVE_VALGRIND_MEMCHECK_H)
bool watched(void) {
    return SANITIZED;
}
#else
#include <valgrind/valgrind.h>
bool watched(void) {
    return RUNNING_ON_VALGRIND != 0;
}
#endif

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

void meet(int threads) {
    static atomic_int arrived;
    atomic_fetch_add(&arrived, 1);
    while (atomic_load(&arrived) < threads)
        sched_yield();
}

size_t page(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

bool can_map(size_t bytes) {
    const size_t size = bytes + bytes / 16;
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    return memory != MAP_FAILED && munmap(memory, size) == 0;
}

bool can_map_int_max(void) {
    return can_map(INT_MAX);
}

void with_little_memory(void (*body)(void)) {
    struct rlimit all, little;
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &all), 0);
    little = all;
    little.rlim_cur = (rlim_t)1 << 30;
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &little), 0);
    body();
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &all), 0);
}

/* ---- what calls are given ---- */

const int styles[STYLES] = {BESTFIT, WORSTFIT, FIRSTFIT};
const int bad_sizes[BAD] = {0, -1, -2, -15, -16, -4096, INT_MIN + 1, INT_MIN};
const int bad_styles[BAD] = {-1, -2, 3, 4, 99, 256, INT_MAX, INT_MIN};

int whole_granules(int size) {
    return (size + GRANULE - 1) / GRANULE * GRANULE;
}

size_t rounded(size_t size) {
    return (size + GRANULE - 1) / GRANULE * GRANULE;
}

/* ---- the default region ---- */

void init_region(int size) {
    ck_assert_int_eq(Mem_Init(size), 0);
    region = (char *)Mem_FreeList();
    region_size = ((size_t)size + page() - 1) / page() * page();
    ck_assert_ptr_nonnull(region);
}

int offset_of(const void *object) {
    return object == NULL ? NOWHERE : (int)((const char *)object - region);
}

int place(int size, int style) {
    return offset_of(Mem_Alloc(size, style));
}

int release(int offset) {
    return Mem_Free(region + offset);
}

void *address(intptr_t offset) {
    return (void *)((uintptr_t)region + (uintptr_t)offset);
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

void leave_free(const struct chunk *chunks, size_t count) {
    int end = 0;
    for (size_t i = 0; i < count; i++) {
        must(end == chunks[i].offset || place(chunks[i].offset - end, FIRSTFIT) == end);
        must(place(chunks[i].size, FIRSTFIT) == chunks[i].offset);
        end = chunks[i].offset + chunks[i].size;
    }
    must(end == (int)region_size || place((int)region_size - end, FIRSTFIT) == end);
    for (size_t i = 0; i < count; i++)
        must(release(chunks[i].offset) == 0);
    assert_list_is(chunks, count);
}

/* ---- the free list ---- */

/* A list of nodes, and where they can be. */
struct list {
    MemNodePtr head;
    const char *start;
    size_t size;
};

/* Whether a node can be read there: a wild link must fail a test, not crash it. */
static bool can_hold_node(const struct list *list, MemNodePtr node) {
    uintptr_t offset = (uintptr_t)node - (uintptr_t)list->start;
    return offset < list->size && offset % GRANULE == 0;
}

/* The type as a byte: one that was overwritten need not be a valid _Bool. */
static unsigned type_of(MemNodePtr node) {
    return *(unsigned char *)&node->type;
}

static bool node_is(const struct list *list, MemNodePtr node, struct chunk chunk) {
    return node != NULL && can_hold_node(list, node) &&
           (char *)node == list->start + chunk.offset && node->size == chunk.size &&
           type_of(node) == 1;
}

enum { FAULT_LENGTH = 200 };

/* Writes how the node differs from that chunk. */
static void tell_fault(char *text, const struct list *list, size_t number, MemNodePtr node,
                       struct chunk chunk) {
    const int n =
        snprintf(text, FAULT_LENGTH, "node %zu must be offset %d, size %d, type 1, but is ", number,
                 chunk.offset, chunk.size);
    const size_t left = FAULT_LENGTH - (size_t)n;
    if (node == NULL)
        snprintf(text + n, left, "missing");
    else if (!can_hold_node(list, node))
        snprintf(text + n, left, "at the wild address %p", (void *)node);
    else
        snprintf(text + n, left, "offset %td, size %d, type %u", (char *)node - list->start,
                 node->size, type_of(node));
}

static const char *fault_of(const struct list *list, const struct chunk *expected, size_t count) {
    static char text[FAULT_LENGTH];
    MemNodePtr node = list->head;
    for (size_t i = 0; i < count; i++) {
        if (!node_is(list, node, expected[i])) {
            tell_fault(text, list, i, node, expected[i]);
            return text;
        }
        node = node->next;
    }
    if (node == NULL)
        return NULL;
    snprintf(text, sizeof text, "it must end after %zu nodes, but goes on to %p", count,
             (void *)node);
    return text;
}

const char *list_fault(const struct chunk *expected, size_t count) {
    const struct list list = {Mem_FreeList(), region, region_size};
    return fault_of(&list, expected, count);
}

const char *list_fault_in(Mem_Region *of, const char *start, const struct chunk *expected,
                          size_t count) {
    const struct list list = {Mem_RegionFreeList(of), start, figures(of).region_bytes};
    return fault_of(&list, expected, count);
}

/* ---- any region ---- */

Mem_Region *make_region(int kind) {
    static char memory[REGION - 500];
    Mem_Region *made = NULL;
    if (kind == CREATED)
        made = Mem_RegionCreate(REGION);
    else if (kind == PLACED)
        made = Mem_RegionPlace(memory, sizeof memory);
    else if (Mem_Init(REGION) == 0)
        made = Mem_DefaultRegion();
    ck_assert_ptr_nonnull(made);
    return made;
}

/* Every byte is wrong before the call, so what is returned must have come from it. */
struct Mem_Stats figures(Mem_Region *of) {
    struct Mem_Stats stats;
    memset(&stats, 0xa5, sizeof stats);
    must(Mem_RegionGetStats(of, &stats) == 0);
    return stats;
}

int go_on(const struct Mem_Block *block, void *context) {
    (void)block;
    (void)context;
    return 0;
}

/* ---- contents ---- */

static unsigned char letter(int key, size_t i) {
    return (unsigned char)((size_t)key + i * 7 + (i >> 8) * 3);
}

void fill(void *memory, size_t size, int key) {
    unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        bytes[i] = letter(key, i);
}

bool holds(const void *memory, size_t size, int key) {
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != letter(key, i))
            return false;
    return true;
}

bool is_all(const void *memory, int byte, size_t size) {
    const unsigned char *bytes = memory;
    return size == 0 || (bytes[0] == byte && memcmp(bytes, bytes + 1, size - 1) == 0);
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
