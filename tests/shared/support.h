/*
 * support.h - what the tests of the public interface share: running a suite,
 * laying out a heap, comparing the free list with what it must be, regions of
 * each kind, and what objects hold.
 *
 * Every test runs in a process of its own, so that each begins without a
 * region. A test states sizes and offsets in bytes; objects take whole
 * granules of 16 bytes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include "config.h" /* asks libc for all it has: it must come first */

#include <check.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bounds.h"
#include "mem.h"

enum { GRANULE = 16, KIB = 1024 };

/* A size of a region that is whole pages on every machine. */
enum { REGION = 64 * KIB };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A test program makes one case, adds its tests to it and runs it. */
TCase *new_case(const char *subject);
int run_case(TCase *tests);

/* True under a sanitizer, and when MEM_TEST_LIGHT is set in the environment
 * (as it should be under valgrind): everything is slow then. */
bool light(void);

/* True under a tool that reports accesses to free memory beyond the nodes. */
bool watched(void);

/* How often a test repeats itself: the number given, a tenth of it if light(). */
int rounds(int usual);

/* The seed to start with: `own`, so that the test does the same each time, or MEM_TEST_SEED of the
 * environment. Prints it. */
uint64_t random_seed(uint64_t own);

pthread_t start_thread(void *(*body)(void *), void *argument);
void join_thread(pthread_t thread);

/* A barrier: waits until so many threads have called it. A test may use it once. */
void meet(int threads);

/* The page size, in bytes. */
size_t page(void);

/* Whether the system maps a region of so many bytes and its index; the same for INT_MAX bytes. */
bool can_map(size_t bytes);
bool can_map_int_max(void);

/* Calls the function while the address space is limited to 1 GiB. */
void with_little_memory(void (*body)(void));

/* ---- what calls are given ---- */

/* Every style there is, for loops. */
enum { STYLES = 3 };
extern const int styles[STYLES];

/* Sizes and styles that every call must refuse: as many of one as of the other. */
enum { BAD = 8 };
extern const int bad_sizes[BAD], bad_styles[BAD];

/* What an object of so many bytes takes: whole granules. */
int whole_granules(int size);
size_t rounded(size_t size);

/* ---- the default region ---- */

/* The region of the test, and its size in bytes; init_region sets them. */
extern char *region;
extern size_t region_size;

void init_region(int size);

/* place: allocates, and returns the object's offset in the region, or NOWHERE. offset_of: the same
 * for the result of another call. */
enum { NOWHERE = -1 };
int place(int size, int style);
int offset_of(const void *object);

/* Frees what lies at the offset, and returns what Mem_Free returns. */
int release(int offset);

/* The address that lies so many bytes from the start of the region, which may be far outside it. */
void *address(intptr_t offset);

/* A free chunk: its place in the region and its whole size, both in bytes. */
struct chunk {
    int offset;
    int size;
};

/* For loops: Check writes a record of each assertion, this macro only if it fails. */
#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ck_abort_msg("%s does not hold", #condition);                                          \
    } while (0)

/* Cuts the one free chunk of a region into free chunks of the sizes given, a
 * live granule behind each, sets their offsets, and leaves nothing else free. */
void cut_chunks(struct chunk *chunks, size_t count);

/* Allocates all of a region that is free, except the chunks given, which are in address order and
 * do not touch. */
void leave_free(const struct chunk *chunks, size_t count);

/* Looks for the first difference between the free list and what is expected.
 * Returns NULL if there is none, or a sentence (in a static buffer). */
const char *list_fault(const struct chunk *expected, size_t count);

/* The same for any region, whose objects begin at start. */
const char *list_fault_in(Mem_Region *of, const char *start, const struct chunk *expected,
                          size_t count);

#define assert_list_is(expected, count)                                                            \
    do {                                                                                           \
        const char *fault_ = list_fault((expected), (count));                                      \
        if (fault_ != NULL)                                                                        \
            ck_abort_msg("the free list: %s", fault_);                                             \
    } while (0)

/* assert_list({offset, size}, ...): these chunks are free, and no others. */
#define assert_list(...)                                                                           \
    do {                                                                                           \
        const struct chunk expected_[] = {__VA_ARGS__};                                            \
        assert_list_is(expected_, COUNT(expected_));                                               \
    } while (0)

/* The same for any region: assert_list_in(of, start, {offset, size}, ...). */
#define assert_list_in(of, start, ...)                                                             \
    do {                                                                                           \
        const struct chunk expected_[] = {__VA_ARGS__};                                            \
        const char *fault_ = list_fault_in((of), (start), expected_, COUNT(expected_));            \
        if (fault_ != NULL)                                                                        \
            ck_abort_msg("the free list: %s", fault_);                                             \
    } while (0)

#define assert_nothing_free() ck_assert_ptr_null(Mem_FreeList())

/* The call puts its object at the offset. */
#define assert_placed(offset, size, style) ck_assert_int_eq(place((size), (style)), (offset))

/* The call succeeds and leaves m_error alone, whatever it was. */
#define assert_succeeds(call)                                                                      \
    do {                                                                                           \
        m_error = 4711;                                                                            \
        ck_assert_int_eq((call), 0);                                                               \
        ck_assert_int_eq(m_error, 4711);                                                           \
    } while (0)

/* The call returns -1 and sets m_error to error. */
#define assert_fails(error, call)                                                                  \
    do {                                                                                           \
        m_error = 0;                                                                               \
        ck_assert_int_eq((call), -1);                                                              \
        ck_assert_int_eq(m_error, (error));                                                        \
    } while (0)

/* The call returns NULL and sets m_error to error. */
#define assert_refused(error, call)                                                                \
    do {                                                                                           \
        m_error = 0;                                                                               \
        ck_assert_ptr_null((call));                                                                \
        ck_assert_int_eq(m_error, (error));                                                        \
    } while (0)

/* Mem_Check finds nothing wrong, and the list ends where it should. */
#define assert_sound() ck_assert_msg(Mem_Check() == 0, "Mem_Check: %s", Mem_StrError(m_error))

/* ---- any region ---- */

/* Makes a region of that kind, of REGION bytes. The placed one is somewhat smaller, and does not
 * fill its last segment. Only created regions can be made more than once in a test. */
enum { DEFAULT, CREATED, PLACED, REGION_KINDS };
Mem_Region *make_region(int kind);

/* What Mem_RegionGetStats tells. */
struct Mem_Stats figures(Mem_Region *of);

/* A visitor that lets the walk go on. */
int go_on(const struct Mem_Block *block, void *context);

/* ---- contents ---- */

/* fill: writes bytes that depend on the key and their place. holds: whether they are there. */
void fill(void *memory, size_t size, int key);
bool holds(const void *memory, size_t size, int key);

/* Whether all these bytes have this value. */
bool is_all(const void *memory, int byte, size_t size);

/* ---- output ---- */

/* Returns what the function writes to stdout, a string to be freed by free(). */
char *captured(void (*writer)(void));

#endif /* SUPPORT_H */
