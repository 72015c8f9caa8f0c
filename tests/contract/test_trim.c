/*
 * test_trim.c - Mem_Trim and Mem_RegionTrim: the free pages go back to the system, but remain a
 * part of the region; live objects are not touched.
 *
 * These are the whole pages within a free chunk, except the one that holds its node.
 *
 *     |    page    |    page    |    page    |    page    |
 *     [ object ][ node .........................][ object ]
 *                  | given back | given back |
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "random.h"

/* ---- pages ---- */

enum { PAGES = 64 };

/* Whether the page at the address is in memory. */
static bool is_resident(const char *address) {
    unsigned char in_core = 0;
    const int result = mincore((char *)(uintptr_t)address, page(), (void *)&in_core);
    return result == 0 && (in_core & 1) != 0;
}

/* Whether the system tells which pages are in memory: some say that all are. */
static bool can_see_residency(void) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *memory = mmap(NULL, page(), PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    const bool before = is_resident(memory);
    *(volatile char *)memory = 1;
    const bool after = is_resident(memory);
    return munmap(memory, page()) == 0 && !before && after;
}

/* Whether this user may lock so many pages in memory, and they really are locked: sanitizers lock
 * none. */
static bool can_lock(size_t count) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *memory = mmap(NULL, count * page(), PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    const bool locked =
        mlock(memory, count * page()) == 0 && madvise(memory, count * page(), MADV_DONTNEED) != 0;
    return munmap(memory, count * page()) == 0 && locked;
}

static size_t whole_pages(uintptr_t from, uintptr_t to) {
    const uintptr_t first = (from + page() - 1) / page(), end = to / page();
    return end > first ? (end - first) * page() : 0;
}

/* The bytes that a trim must tell of, by the free list. */
static size_t trimmable(Mem_Region *of) {
    size_t bytes = 0;
    for (MemNodePtr node = Mem_RegionFreeList(of); node != NULL; node = node->next)
        bytes += whole_pages((uintptr_t)node + GRANULE, (uintptr_t)node + (size_t)node->size);
    return bytes;
}

/* As many whole pages as a test needs, and every byte of them written once. */
static void init_dirty_region(void) {
    init_region(PAGES * (int)page());
    assert_placed(0, PAGES * (int)page(), FIRSTFIT);
    memset(region, 0xa5, region_size);
    assert_succeeds(release(0));
}

static int pages(int count) {
    return count * (int)page();
}

#define assert_trims(bytes)                                                                        \
    do {                                                                                           \
        m_error = 4711;                                                                            \
        ck_assert_uint_eq(Mem_Trim(), (bytes));                                                    \
        ck_assert_int_eq(m_error, 4711);                                                           \
        assert_sound();                                                                            \
    } while (0)

/* ---- no region ---- */

START_TEST(test_no_region_is_E_BAD_ARGS) {
    m_error = 0;
    ck_assert_uint_eq(Mem_Trim(), 0);
    ck_assert_int_eq(m_error, E_BAD_ARGS);
    init_dirty_region();
    m_error = 0;
    ck_assert_uint_eq(Mem_RegionTrim(NULL), 0);
    ck_assert_int_eq(m_error, E_BAD_ARGS);
}
END_TEST

/* ---- how many bytes ---- */

START_TEST(test_fresh_region_has_all_pages_but_the_first) {
    init_region(pages(PAGES));
    assert_trims((size_t)pages(PAGES - 1));
    assert_list({0, pages(PAGES)});
}
END_TEST

/* Pages count whether they were in use or not. */
START_TEST(test_second_trim_returns_the_same) {
    init_dirty_region();
    assert_trims((size_t)pages(PAGES - 1));
    assert_trims((size_t)pages(PAGES - 1));
    region[pages(PAGES / 2)] = 0; /* which a program should not do */
    assert_trims((size_t)pages(PAGES - 1));
}
END_TEST

START_TEST(test_2_GiB_are_returned_in_full) {
    init_region(INT_MAX);
    assert_trims((size_t)INT_MAX + 1 - page());
    assert_placed(0, pages(1), FIRSTFIT);
    assert_trims((size_t)INT_MAX + 1 - 2 * page());
}
END_TEST

START_TEST(test_nothing_free_is_0) {
    init_dirty_region();
    assert_placed(0, pages(PAGES), FIRSTFIT);
    assert_trims(0);
}
END_TEST

/* An object of `before` bytes, a chunk up to `end`, and an object over the rest. */
static void make_chunk(int before, int end) {
    init_dirty_region();
    if (before > 0)
        assert_placed(0, before, FIRSTFIT);
    assert_placed(before, end - before, FIRSTFIT);
    assert_placed(end, pages(PAGES) - end, FIRSTFIT);
    assert_succeeds(release(before));
    assert_list({before, end - before});
}

START_TEST(test_whole_pages_of_a_chunk_count_but_for_that_of_its_node) {
    const int p = (int)page();
    const struct {
        int before, end, bytes;
    } chunks[] = {
        {0, 2 * p, p},                  /* the node's page and another */
        {0, p, 0},                      /* the node's page alone */
        {p, 2 * p, 0},                  /* the same, elsewhere */
        {p, 3 * p, p},                  /* the same, and another */
        {p - 16, 2 * p, p},             /* a node at the end of its page */
        {p - 16, 2 * p - 16, 0},        /* a granule too little */
        {p - 16, 2 * p + 16, p},        /* a granule too many */
        {16, p, 0},                     /* less than a page */
        {16, 2 * p, p},                 /* one whole page */
        {p + 16, 2 * p, 0},             /* none, up to a page's end */
        {p + 16, 10 * p + 2048, 8 * p}, /* neither end at a page's */
        {p / 2, p + p / 2, 0},          /* a page's bytes, and no page */
        {0, PAGES * p, (PAGES - 1) * p},
    };
    make_chunk(chunks[_i].before, chunks[_i].end - (chunks[_i].end == PAGES * p ? 16 : 0));
    if (chunks[_i].end == PAGES * p)
        assert_succeeds(release(PAGES * p - 16));
    assert_trims((size_t)chunks[_i].bytes);
    ck_assert_uint_eq(trimmable(Mem_DefaultRegion()), (size_t)chunks[_i].bytes);
}
END_TEST

START_TEST(test_chunks_are_added_up) {
    init_dirty_region();
    for (int i = 0; i < PAGES; i += 4)
        assert_placed(pages(i), pages(4), FIRSTFIT);
    for (int i = 0; i < PAGES; i += 8)
        assert_succeeds(release(pages(i)));
    assert_trims((size_t)pages(3 * (PAGES / 8)));
    for (int i = 4; i < PAGES; i += 8)
        ck_assert_ptr_eq(Mem_Realloc(region + pages(i), 16, FIRSTFIT), region + pages(i));
    assert_trims((size_t)pages((3 + 3) * (PAGES / 8) + PAGES / 8 - 1));
    ck_assert_uint_eq(trimmable(Mem_DefaultRegion()), pages(7 * (PAGES / 8) - 1));
}
END_TEST

/* ---- what becomes of the pages ---- */

static bool may_be_resident[PAGES];

/* Objects and nodes keep their pages in memory. */
static void find_pages_in_use(void) {
    memset(may_be_resident, true, sizeof may_be_resident);
    for (MemNodePtr node = Mem_FreeList(); node != NULL; node = node->next) {
        const size_t first = ((size_t)((char *)node - region) + GRANULE + page() - 1) / page();
        const size_t end = (size_t)((char *)node - region + node->size) / page();
        for (size_t i = first; i < end; i++)
            may_be_resident[i] = false;
    }
}

static void assert_residency(void) {
    find_pages_in_use();
    for (int i = 0; i < PAGES; i++)
        if (is_resident(region + pages(i)) != may_be_resident[i])
            ck_abort_msg("page %d is %s", i, may_be_resident[i] ? "gone" : "in memory still");
}

START_TEST(test_pages_are_gone_from_memory) {
    init_dirty_region();
    ck_assert(is_resident(region + pages(5)));
    assert_trims((size_t)pages(PAGES - 1));
    assert_residency();
}
END_TEST

START_TEST(test_no_other_page_is_gone) {
    init_dirty_region();
    for (int i = 0; i < PAGES; i += 8)
        assert_placed(pages(i), pages(8), FIRSTFIT);
    for (int i = 8; i < PAGES; i += 16)
        assert_succeeds(release(pages(i)));
    for (int i = 0; i < PAGES; i += 16)
        ck_assert_ptr_eq(Mem_Realloc(region + pages(i), pages(7) - 16 * i, FIRSTFIT),
                         region + pages(i));
    assert_trims(trimmable(Mem_DefaultRegion()));
    assert_residency();
}
END_TEST

enum { LOCKED = 3 };

/* The system refuses a range of pages when one of them is locked. */
START_TEST(test_locked_pages_stay_and_all_others_are_gone) {
    const int sets[][LOCKED] = {{1, 2, 3}, {0, 31, 63}, {20, 32, 33}, {61, 62, 63}, {7, 8, 40}};
    size_t taken = PAGES - 1;
    init_dirty_region();
    for (int i = 0; i < LOCKED; i++) {
        ck_assert_int_eq(mlock(region + pages(sets[_i][i]), page()), 0);
        taken -= sets[_i][i] != 0; /* the page of the node stays anyhow */
    }
    assert_trims(taken * page());
    for (int i = 0; i < PAGES; i++) {
        const int *set = sets[_i];
        const bool stays = i == 0 || i == set[0] || i == set[1] || i == set[2];
        ck_assert_msg(is_resident(region + pages(i)) == stays, "page %d", i);
    }
    ck_assert_int_eq(munlock(region, region_size), 0);
    assert_trims((size_t)pages(PAGES - 1));
}
END_TEST

/* All bytes of the object are this one. */
static void assert_bytes(const char *object, size_t size, int byte) {
    for (size_t i = 0; i < size; i++)
        if (object[i] != (char)byte)
            ck_abort_msg("byte %zu is %#x", i, object[i]);
}

/* Whoever allocates them finds zeros; only the page of the node was kept. */
START_TEST(test_pages_read_as_zero) {
    init_dirty_region();
    assert_trims((size_t)pages(PAGES - 1));
    assert_placed(0, pages(PAGES), FIRSTFIT);
    assert_bytes(region + pages(1), (size_t)pages(PAGES - 1), 0);
}
END_TEST

START_TEST(test_pages_can_be_used_again) {
    init_dirty_region();
    for (int i = 1; i <= 3; i++) {
        assert_trims((size_t)pages(PAGES - 1));
        assert_placed(0, pages(PAGES), FIRSTFIT);
        memset(region, i, region_size);
        assert_bytes(region, region_size, i);
        assert_trims(0);
        assert_bytes(region, region_size, i);
        assert_succeeds(release(0));
    }
    for (int i = 0; i < PAGES; i++)
        assert_placed(pages(i), (int)page(), FIRSTFIT);
    assert_nothing_free();
}
END_TEST

START_TEST(test_calloc_clears_what_was_written_after_a_trim) {
    init_dirty_region();
    assert_trims((size_t)pages(PAGES - 1));
    assert_placed(0, pages(PAGES / 2), FIRSTFIT);
    memset(region, 0xff, (size_t)pages(PAGES / 2));
    assert_succeeds(release(0));
    ck_assert_ptr_eq(Mem_Calloc(PAGES, (int)page(), FIRSTFIT), region);
    assert_bytes(region, region_size, 0);
}
END_TEST

/* ---- what stays ---- */

START_TEST(test_objects_and_list_survive) {
    const int p = (int)page(), sizes[] = {1, 16, p - 16, p, p + 16, 3 * p, 3 * p + 100, 5 * p};
    char *objects[COUNT(sizes)];
    init_dirty_region();
    for (size_t i = 0; i < COUNT(sizes); i++) { /* each behind a chunk of 2 pages */
        char *between = Mem_Alloc(2 * p, FIRSTFIT);
        objects[i] = Mem_Alloc(sizes[i], FIRSTFIT);
        ck_assert_ptr_nonnull(objects[i]);
        memset(objects[i], (int)i + 1, (size_t)sizes[i]);
        if (i % 2 == 0)
            assert_succeeds(Mem_Free(between));
    }
    const struct Mem_Stats before = figures(Mem_DefaultRegion());
    assert_trims(trimmable(Mem_DefaultRegion()));
    const struct Mem_Stats after = figures(Mem_DefaultRegion());
    ck_assert_int_eq(memcmp(&before, &after, sizeof before), 0);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_bytes(objects[i], (size_t)sizes[i], (int)i + 1);
        assert_succeeds(Mem_Free(objects[i]));
    }
}
END_TEST

/* The index tells what is free, not the nodes. */
START_TEST(test_nodes_that_were_overwritten_mislead_no_trim) {
    make_chunk(pages(2), pages(10));
    const struct __list_t node = *Mem_FreeList();
    memset(region + pages(2), 0xff, GRANULE);
    ck_assert_uint_eq(Mem_Trim(), (size_t)pages(7));
    assert_bytes(region + GRANULE, (size_t)pages(2) - GRANULE, 0xa5); /* behind former nodes */
    assert_bytes(region + pages(10) + GRANULE, (size_t)pages(PAGES - 10) - GRANULE, 0xa5);
    memcpy(region + pages(2), &node, GRANULE);
    assert_sound();
}
END_TEST

/* Random heaps, with the pages of each checked against its free list. */
START_TEST(test_random_heaps_lose_their_free_pages_and_nothing_else) {
    static struct {
        char *start;
        size_t size;
        int byte;
    } objects[40];
    const bool sees = can_see_residency();
    uint64_t seed = (uint64_t)_i;
    printf("seed %d\n", _i);
    init_dirty_region();
    for (int i = 0; i < rounds(500); i++) {
        const size_t o = random_below(&seed, COUNT(objects));
        must(Mem_Free(objects[o].start) == 0);
        objects[o].size = 1 + random_below(&seed, 6 * (uint32_t)page());
        objects[o].byte = (int)random_below(&seed, 128);
        objects[o].start = Mem_Alloc((int)objects[o].size, (int)random_below(&seed, 3));
        if (objects[o].start != NULL)
            memset(objects[o].start, objects[o].byte, objects[o].size);
        if (i % 5 != 0)
            continue;
        assert_trims(trimmable(Mem_DefaultRegion()));
        find_pages_in_use();
        for (int n = 0; n < PAGES; n++)
            must(may_be_resident[n] || !sees || !is_resident(region + pages(n)));
        for (size_t j = 0; j < COUNT(objects); j++)
            if (objects[j].start != NULL)
                assert_bytes(objects[j].start, objects[j].size, objects[j].byte);
    }
}
END_TEST

/* ---- other regions ---- */

START_TEST(test_created_region_is_trimmed_and_no_other) {
    init_dirty_region();
    Mem_Region *created = Mem_RegionCreate((size_t)pages(8));
    char *object = Mem_RegionAlloc(created, (size_t)pages(8), FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    memset(object, 1, (size_t)pages(8));
    assert_succeeds(Mem_RegionFree(created, object));
    ck_assert_uint_eq(Mem_RegionTrim(created), (size_t)pages(7));
    assert_succeeds(Mem_RegionCheck(created));
    if (can_see_residency()) {
        ck_assert(is_resident(object));
        ck_assert(!is_resident(object + page()) && !is_resident(object + pages(7)));
        ck_assert(is_resident(region + page()) && is_resident(region + pages(PAGES - 1)));
    }
    ck_assert_uint_eq(Mem_RegionTrim(Mem_DefaultRegion()), (size_t)pages(PAGES - 1));
    ck_assert_ptr_eq(Mem_RegionAlloc(created, (size_t)pages(8), FIRSTFIT), object);
    assert_bytes(object + page(), (size_t)pages(7), 0);
    assert_succeeds(Mem_RegionDestroy(created));
}
END_TEST

/* The memory of a placed region is the caller's, free or not. */
START_TEST(test_placed_region_keeps_its_pages) {
    const size_t size = (size_t)pages(PAGES);
    char *memory = malloc(size);
    ck_assert_ptr_nonnull(memory);
    Mem_Region *placed = Mem_RegionPlace(memory, size);
    char *object = Mem_RegionAlloc(placed, size / 2, FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    memset(object, 7, size / 2);
    assert_succeeds(Mem_RegionFree(placed, object));
    m_error = 4711;
    ck_assert_uint_eq(Mem_RegionTrim(placed), 0);
    ck_assert_int_eq(m_error, 4711);
    assert_succeeds(Mem_RegionCheck(placed));
    ck_assert_ptr_eq(Mem_RegionAlloc(placed, size / 2, FIRSTFIT), object);
    assert_bytes(object + GRANULE, size / 2 - GRANULE, 7); /* behind the node */
    ck_assert_uint_eq(Mem_RegionTrim(placed), 0);
    assert_succeeds(Mem_RegionDestroy(placed));
    free(memory);
}
END_TEST

/* ---- other threads ---- */

enum { THREADS = 3 };

/* The calls of madvise to be delayed, so that other threads come in between, if they can. Their
 * number is limited, because each delay is long where others want the processor too. */
static atomic_int races;

#if defined __linux__ && !SANITIZED
#include <sys/syscall.h>
#include <unistd.h>

int madvise(void *start, size_t size, int advice) {
    for (int i = 0; i < 10 && atomic_load(&races) > 0; i++)
        sched_yield();
    atomic_fetch_sub(&races, 1);
    return (int)syscall(SYS_madvise, start, size, advice);
}
#endif

static atomic_int at_work, done;

/* Writes objects of some pages each, and checks that they stay as they were. */
static void *write_and_read(void *argument) {
    int *spoilt = argument;
    atomic_fetch_add(&at_work, 1);
    for (int i = 0; i < rounds(2000); i++) {
        const int size = 1 + i * 997 % pages(6);
        char *object = Mem_Alloc(size, i % 3);
        if (object == NULL)
            continue;
        memset(object, i, (size_t)size);
        if (i % 16 == 0)
            sched_yield();
        for (int j = 0; j < size; j++)
            *spoilt += object[j] != (char)i;
        *spoilt += Mem_Free(object) != 0;
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

START_TEST(test_objects_of_other_threads_survive) {
    pthread_t threads[THREADS];
    int spoilt[THREADS] = {0};
    init_dirty_region();
    atomic_store(&races, rounds(100));
    for (int i = 0; i < THREADS; i++)
        threads[i] = start_thread(write_and_read, &spoilt[i]);
    while (atomic_load(&at_work) < THREADS)
        sched_yield();
    do {
        const size_t bytes = Mem_Trim();
        must(bytes % page() == 0 && bytes < region_size);
    } while (atomic_load(&done) < THREADS);
    for (int i = 0; i < THREADS; i++) {
        join_thread(threads[i]);
        ck_assert_int_eq(spoilt[i], 0);
    }
    assert_list({0, pages(PAGES)});
    assert_trims((size_t)pages(PAGES - 1));
}
END_TEST

int main(void) {
    TCase *tests = new_case("trim");

    tcase_add_test(tests, test_no_region_is_E_BAD_ARGS);
    tcase_add_test(tests, test_fresh_region_has_all_pages_but_the_first);
    if (!light()) /* a tool would report the write */
        tcase_add_test(tests, test_second_trim_returns_the_same);
    if (can_map_int_max())
        tcase_add_test(tests, test_2_GiB_are_returned_in_full);
    tcase_add_test(tests, test_nothing_free_is_0);
    tcase_add_loop_test(tests, test_whole_pages_of_a_chunk_count_but_for_that_of_its_node, 0, 13);
    tcase_add_test(tests, test_chunks_are_added_up);
    if (can_see_residency()) {
        tcase_add_test(tests, test_pages_are_gone_from_memory);
        tcase_add_test(tests, test_no_other_page_is_gone);
        if (can_lock(LOCKED))
            tcase_add_loop_test(tests, test_locked_pages_stay_and_all_others_are_gone, 0, 5);
    }
    tcase_add_test(tests, test_pages_read_as_zero);
    tcase_add_test(tests, test_pages_can_be_used_again);
    tcase_add_test(tests, test_calloc_clears_what_was_written_after_a_trim);
    tcase_add_test(tests, test_objects_and_list_survive);
    tcase_add_test(tests, test_nodes_that_were_overwritten_mislead_no_trim);
    tcase_add_loop_test(tests, test_random_heaps_lose_their_free_pages_and_nothing_else, 1, 6);
    tcase_add_test(tests, test_created_region_is_trimmed_and_no_other);
    tcase_add_test(tests, test_placed_region_keeps_its_pages);
    tcase_add_test(tests, test_objects_of_other_threads_survive);
    return run_case(tests);
}
