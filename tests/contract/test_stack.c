/*
 * test_stack.c - no call takes more stack than libmem(3) says: threads of small systems have
 * little.
 *
 * A thread paints its stack and makes a call; the call has used the bytes that are not painted any
 * more. Each call is made once before, because the dynamic linker uses stack of its own when it
 * binds a function.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* What the page promises, in bytes: for calls that print or give memory back, and for others. */
enum { LIMIT = KIB, HIGHER_LIMIT = 2 * KIB };

enum { SKIPPED = 77 };

/* Only the library as it is installed keeps the promise: without optimization, with assertions or
 * with a tool that watches, functions need more. */
#if defined __OPTIMIZE__ && !defined MEM_DEBUG
static bool can_be_measured(void) {
    return !watched() && !SANITIZED;
}
#else
static bool can_be_measured(void) {
    return false;
}
#endif

/* ---- a painted stack ---- */

/* The frames of the functions below lie in the first OWN bytes of the stack, which always count as
 * used. */
enum { STACK = 256 * KIB, OWN = 256, PAINT = 0xa5 };

struct measured {
    void (*body)(void);
    char *stack; /* its lowest byte */
    size_t taken;
};

static void paint(volatile char *from, const volatile char *end) {
    while (from < end)
        *from++ = (char)PAINT;
}

static const volatile char *end_of_paint(const volatile char *from) {
    while (*from == (char)PAINT)
        from++;
    return from;
}

static void *measure(void *argument) {
    struct measured *m = argument;
    char *begin = __builtin_frame_address(0);
    m->body();
    paint(m->stack, begin - OWN);
    m->body();
    m->taken = (size_t)(begin - end_of_paint(m->stack));
    return NULL;
}

static size_t stack_taken_by(void (*body)(void)) {
    struct measured m = {.body = body};
    pthread_attr_t attributes;
    pthread_t thread;
    m.stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(m.stack, MAP_FAILED);
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstack(&attributes, m.stack, STACK), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, measure, &m), 0);
    join_thread(thread);
    return m.taken;
}

/* ---- the calls, in each of the ways that they may go ---- */

/* A region with objects and chunks of many sizes, and some of each to use. */
static Mem_Region *used;
static void *kept[6];

static void use(Mem_Region *of) {
    used = of;
    for (int i = 0; i < 300; i++) {
        void *object = Mem_RegionAlloc(of, (size_t)(i * 37 % 900 + 1), FIRSTFIT);
        ck_assert_ptr_nonnull(object);
        if (i % 2 == 0)
            ck_assert_int_eq(Mem_RegionFree(of, object), 0);
        else
            kept[i / 2 % 6] = object;
    }
}

static void use_default(void) {
    ck_assert_int_eq(Mem_Init(1 << 20), 0);
    use(Mem_DefaultRegion());
}

/* Mem_Init succeeds only once. So the first call here is to another function, which binds what
 * Mem_Init needs; Mem_Init itself is bound at the start of the program, through a pointer. */
static void init(void) {
    static int (*volatile make)(int) = Mem_Init;
    static int calls;
    if (calls++ == 0)
        Mem_RegionDestroy(Mem_RegionCreate(REGION));
    else
        make(1 << 20);
}

static void alloc(void) {
    for (int i = 0; i < 3; i++) {
        Mem_Free(Mem_Alloc(500, styles[i]));
        Mem_RegionFree(used, Mem_RegionAlloc(used, 5000, styles[i]));
        Mem_Alloc(INT_MAX, styles[i]);
        Mem_Alloc(0, styles[i]);
    }
}

static void alloc_cleared(void) {
    for (int i = 0; i < 3; i++) {
        Mem_Free(Mem_Calloc(10, 70, styles[i]));
        Mem_RegionFree(used, Mem_RegionCalloc(used, 10, 70, styles[i]));
    }
}

static void alloc_aligned(void) {
    for (int i = 0; i < 3; i++) {
        Mem_Free(Mem_AlignedAlloc(4096, 100, styles[i]));
        Mem_RegionFree(used, Mem_RegionAlignedAlloc(used, 256, 70, styles[i]));
        Mem_AlignedAlloc(256, INT_MAX, styles[i]);
    }
}

static void resize(void) {
    for (int i = 0; i < 3; i++) {
        kept[i] = Mem_Realloc(kept[i], 7000, styles[i]);
        kept[i] = Mem_Realloc(kept[i], 70, styles[i]);
        kept[3 + i] = Mem_RegionRealloc(used, kept[3 + i], 7000, styles[i]);
        must(Mem_Realloc(kept[i], INT_MAX, styles[i]) == NULL);
    }
}

static void refuse(void) {
    Mem_Free(&used);
    Mem_RegionFree(used, (char *)kept[0] + 1);
    Mem_Size(&used);
    Mem_StrError(*Mem_ErrorLocation());
}

static int see(const struct Mem_Block *block, void *context) {
    (void)block;
    return (*(int *)context)++ > INT_MAX / 2;
}

static void inspect(void) {
    struct Mem_Stats stats;
    int blocks = 0;
    Mem_Size(kept[0]);
    Mem_RegionSize(used, kept[1]);
    Mem_FreeList();
    Mem_RegionFreeList(used);
    Mem_Check();
    Mem_RegionCheck(used);
    Mem_GetStats(&stats);
    Mem_RegionGetStats(used, &stats);
    Mem_Walk(see, &blocks);
    Mem_RegionWalk(used, see, &blocks);
}

/* The system refuses a page in the middle of the largest region, so each half is tried, and its
 * halves. */
static void trim(void) {
    char *pages = (char *)Mem_FreeList() + REGION;
    mlock(pages, page());
    Mem_Trim();
    munlock(pages, page());
}

static void create(void) {
    static char memory[REGION];
    Mem_RegionDestroy(Mem_RegionCreate(REGION));
    Mem_RegionDestroy(Mem_RegionPlace(memory, sizeof memory));
}

static void dump(void) {
    Mem_Dump();
    Mem_RegionDump(used);
    Mem_RegionDump(NULL);
}

static void assert_takes_little(void (*body)(void), size_t limit) {
    size_t taken = stack_taken_by(body);
    ck_assert_msg(taken <= limit, "%zu bytes of stack, not %zu", taken, limit);
    ck_assert_uint_gt(taken, 0);
}

static void (*const bodies[])(void) = {alloc,  alloc_cleared, alloc_aligned, resize,
                                       refuse, inspect,       create};
enum { BODIES = COUNT(bodies) };

START_TEST(test_init_takes_little_stack) {
    assert_takes_little(init, LIMIT);
    ck_assert_ptr_nonnull(Mem_DefaultRegion());
}
END_TEST

START_TEST(test_calls_take_little_stack) {
    use_default();
    assert_takes_little(bodies[_i], LIMIT);
}
END_TEST

START_TEST(test_trim_takes_little_stack) {
    ck_assert_int_eq(Mem_Init(INT_MAX), 0);
    assert_takes_little(trim, HIGHER_LIMIT);
}
END_TEST

static void to_null(void) {
    fflush(stdout);
    ck_assert_int_ne(dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO), -1);
}

START_TEST(test_dump_takes_little_stack) {
    use_default();
    to_null();
    assert_takes_little(dump, HIGHER_LIMIT);
}
END_TEST

START_TEST(test_dump_without_a_region_takes_little_stack) {
    to_null();
    assert_takes_little(Mem_Dump, HIGHER_LIMIT);
}
END_TEST

/* Tests the measurement: if it saw nothing, every call would pass. */
static void take_4_KiB(void) {
    volatile char bytes[4 * KIB];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = 1;
}

START_TEST(test_stack_that_is_taken_is_seen) {
    size_t taken = stack_taken_by(take_4_KiB);
    ck_assert_uint_ge(taken, 4 * KIB);
    ck_assert_uint_lt(taken, 5 * KIB);
}
END_TEST

int main(void) {
    if (!can_be_measured())
        return SKIPPED;
    TCase *tests = new_case("stack");
    tcase_add_test(tests, test_stack_that_is_taken_is_seen);
    tcase_add_test(tests, test_init_takes_little_stack);
    tcase_add_loop_test(tests, test_calls_take_little_stack, 0, BODIES);
    if (can_map_int_max())
        tcase_add_test(tests, test_trim_takes_little_stack);
    tcase_add_test(tests, test_dump_takes_little_stack);
    tcase_add_test(tests, test_dump_without_a_region_takes_little_stack);
    return run_case(tests);
}
