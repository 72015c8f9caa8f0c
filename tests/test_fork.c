/*
 * test_fork.c - fork() at any moment, also while other threads are in the
 * middle of a call: the child has a whole heap of its own and no lock that
 * nobody drops; the parent notices nothing.
 *
 * A child reports by its exit status, and an alarm ends one that hangs.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3, SIZE = 1 << 20 };

/* Seconds after which a child counts as hung. */
enum { PATIENCE = 20 };

/* ---- children ---- */

/* What a child can find wrong; 0 when all is well. */
enum trouble {
    NONE,
    NOT_SOUND,
    NOT_ALLOCATED,
    NOT_FREED,
    FREED_TWICE,
    SPOILT,
    NOT_REFUSED,
    IN_HANDLER
};

static enum trouble use_heap(void) {
    void *objects[50];
    if (Mem_Check() != 0)
        return NOT_SOUND;
    for (size_t i = 0; i < COUNT(objects); i++) {
        objects[i] = Mem_Alloc(1 + (int)i * 7, (int)i % 3);
        if (objects[i] == NULL)
            return NOT_ALLOCATED;
        memset(objects[i], (int)i, 1 + i * 7);
    }
    for (size_t i = 0; i < COUNT(objects); i++)
        if (Mem_Free(objects[i]) != 0)
            return NOT_FREED;
    Mem_Dump();
    return Mem_Check() == 0 ? NONE : NOT_SOUND;
}

/* Runs the function in a child, and returns what it returns there. */
static int in_child(enum trouble (*body)(void)) {
    const pid_t child = fork();
    if (child == 0) {
        alarm(light() ? 10 * PATIENCE : PATIENCE);
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        _exit(body());
    }
    int status = -1;
    ck_assert_int_ne(child, -1);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(!WIFSIGNALED(status), "signal %d ended the child%s", WTERMSIG(status),
                  WTERMSIG(status) == SIGALRM ? ": it hung" : "");
    return WEXITSTATUS(status);
}

/* ---- threads that never rest ---- */

static atomic_bool stop;
static atomic_int at_work;

/* Takes one object and frees it, again and again: at any moment a thread is
 * likely to be in the middle of a call. */
static void *hammer(void *argument) {
    int *failures = argument;
    atomic_fetch_add(&at_work, 1);
    for (int i = 0; !atomic_load(&stop); i++) {
        void *object = Mem_Alloc(1 + i % 500, i % 3);
        *failures += object == NULL || Mem_Free(object) != 0;
    }
    return NULL;
}

static void start_hammers(pthread_t *threads, int *failures) {
    for (int i = 0; i < THREADS; i++) {
        failures[i] = 0;
        threads[i] = start_thread(hammer, &failures[i]);
    }
    while (atomic_load(&at_work) < THREADS)
        sched_yield();
}

static void stop_hammers(pthread_t *threads, const int *failures) {
    atomic_store(&stop, true);
    for (int i = 0; i < THREADS; i++) {
        join_thread(threads[i]);
        ck_assert_int_eq(failures[i], 0);
    }
}

START_TEST(test_child_of_a_busy_process_can_use_the_heap) {
    pthread_t threads[THREADS];
    int failures[THREADS];

    init_region(SIZE);
    start_hammers(threads, failures);
    for (int i = 0; i < rounds(200); i++)
        ck_assert_int_eq(in_child(use_heap), NONE);
    stop_hammers(threads, failures);
    assert_list({0, SIZE});
    assert_sound();
}
END_TEST

static enum trouble fork_again(void) {
    const enum trouble own = use_heap();
    return own == NONE ? (enum trouble)in_child(use_heap) : own;
}

START_TEST(test_child_can_fork_in_its_turn) {
    pthread_t threads[THREADS];
    int failures[THREADS];

    init_region(SIZE);
    start_hammers(threads, failures);
    for (int i = 0; i < rounds(30); i++)
        ck_assert_int_eq(in_child(fork_again), NONE);
    stop_hammers(threads, failures);
    assert_list({0, SIZE});
}
END_TEST

static void *use_heap_in_thread(void *trouble) {
    *(enum trouble *)trouble = use_heap();
    return NULL;
}

static enum trouble use_heap_in_threads(void) {
    pthread_t threads[THREADS];
    enum trouble troubles[THREADS], first = NONE;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, use_heap_in_thread, &troubles[i]) != 0)
            return NOT_ALLOCATED;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        if (first == NONE)
            first = troubles[i];
    }
    return first;
}

START_TEST(test_child_can_start_threads) {
    pthread_t threads[THREADS];
    int failures[THREADS];

    init_region(SIZE);
    start_hammers(threads, failures);
    for (int i = 0; i < rounds(30); i++)
        ck_assert_int_eq(in_child(use_heap_in_threads), NONE);
    stop_hammers(threads, failures);
    assert_list({0, SIZE});
}
END_TEST

/* ---- handlers of the program ---- */

/* The program's own handlers of fork() use the heap, some of them before the
 * library has prepared itself and some in the middle of that: it depends on who
 * was registered first. They rest until a test wants them. */
static bool handlers_work;
static bool handlers_make_region;
static int handler_calls, handler_troubles;

/* Makes the region, and uses it for some time, so that another thread has the chance to come in
 * between. */
static void make_region_and_use_it(void) {
    if (Mem_Init(SIZE) != 0)
        return;
    for (int i = 0; i < rounds(20000); i++) {
        void *object = Mem_Alloc(1 + i % 500, i % 3);
        if (object == NULL || Mem_Free(object) != 0)
            handler_troubles++;
    }
}

static void handler(void) {
    if (handlers_make_region)
        make_region_and_use_it();
    if (!handlers_work)
        return;
    handler_calls++;
    void *object = Mem_Alloc(100, FIRSTFIT);
    if (object == NULL || Mem_Free(object) != 0 || Mem_Check() != 0)
        handler_troubles++;
}

static void register_handlers(void) {
    pthread_atfork(handler, handler, handler);
}

/* Functions named here are called before any library's own. A sanitizer is not
 * ready so early. */
#if defined __ELF__ && !SANITIZED
enum { REGISTERED = 2 };
__attribute__((section(".preinit_array"), used)) static void (*const first[])(void) = {
    register_handlers};
#else
enum { REGISTERED = 1 };
#endif

static enum trouble use_heap_after_handlers(void) {
    return handler_troubles > 0 ? IN_HANDLER : use_heap();
}

START_TEST(test_handlers_of_the_program_can_use_the_heap) {
    pthread_t threads[THREADS];
    int failures[THREADS];
    const int forks = rounds(30);

    init_region(SIZE);
    register_handlers();
    handlers_work = true;
    start_hammers(threads, failures);
    for (int i = 0; i < forks; i++)
        ck_assert_int_eq(in_child(use_heap_after_handlers), NONE);
    stop_hammers(threads, failures);
    ck_assert_int_eq(handler_troubles, 0);
    ck_assert_int_eq(handler_calls, forks * 2 * REGISTERED); /* before and after each fork() */
    assert_list({0, SIZE});
}
END_TEST

/* As hammer, from before there is a region. */
static void *hammer_when_there_is_a_region(void *argument) {
    int *failures = argument;
    atomic_fetch_add(&at_work, 1);
    for (int i = 0; !atomic_load(&stop); i++) {
        void *object = Mem_Alloc(1 + i % 500, i % 3);
        *failures += object != NULL && Mem_Free(object) != 0;
    }
    return NULL;
}

/* The fork has no region to lock at its start, and locks the one that comes. */
START_TEST(test_region_that_a_handler_makes_is_the_forks_own_until_its_end) {
    int failures = 0;
    handlers_make_region = true; /* that which was registered before the library's */
    pthread_t thread = start_thread(hammer_when_there_is_a_region, &failures);
    while (atomic_load(&at_work) < 1)
        sched_yield();
    ck_assert_int_eq(in_child(use_heap_after_handlers), NONE);
    atomic_store(&stop, true);
    join_thread(thread);
    ck_assert_int_eq(failures, 0);
    ck_assert_int_eq(handler_troubles, 0);
    region = (char *)Mem_FreeList();
    region_size = SIZE;
    assert_list({0, SIZE});
    assert_sound();
}
END_TEST

/* ---- the heap of the child is its own ---- */

static char *kept;

/* Finds the parent's object, frees it, and writes over what was there. */
static enum trouble take_over(void) {
    for (int i = 0; i < 1000; i++)
        if (kept[i] != 'k')
            return SPOILT;
    if (Mem_Free(kept) != 0)
        return NOT_FREED;
    if (Mem_Free(kept) != -1)
        return FREED_TWICE;
    if (Mem_Init(4096) != -1)
        return NOT_REFUSED;
    char *again = Mem_Alloc(1000, FIRSTFIT);
    if (again != kept)
        return NOT_ALLOCATED;
    memset(again, 'x', 1000);
    return use_heap();
}

START_TEST(test_child_has_a_copy_and_the_parent_keeps_its_own) {
    init_region(REGION);
    kept = Mem_Alloc(1000, FIRSTFIT);
    memset(kept, 'k', 1000);
    ck_assert_int_eq(in_child(take_over), NONE);
    assert_list({1008, REGION - 1008});
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(kept[i], 'k');
    assert_succeeds(Mem_Free(kept));
    assert_list({0, REGION});
}
END_TEST

static enum trouble init_in_child(void) {
    return Mem_Init(REGION) == 0 ? use_heap() : NOT_ALLOCATED;
}

START_TEST(test_child_of_a_process_without_a_region_can_make_its_own) {
    ck_assert_int_eq(in_child(init_in_child), NONE);
    ck_assert_ptr_null(Mem_FreeList());
    init_region(REGION);
    assert_list({0, REGION});
}
END_TEST

/* ---- fork() during Mem_Init ---- */

static void *init_soon(void *unused) {
    (void)unused;
    atomic_fetch_add(&at_work, 1);
    while (atomic_load(&at_work) < 2)
        sched_yield();
    Mem_Init(REGION);
    return NULL;
}

/* The child sees a whole region, or none and can make it. */
static enum trouble use_or_make_heap(void) {
    const bool made = Mem_Init(REGION) == 0;
    if (!made && Mem_FreeList() == NULL)
        return NOT_ALLOCATED;
    return use_heap();
}

START_TEST(test_fork_while_another_thread_is_in_init) {
    pthread_t thread = start_thread(init_soon, NULL);
    while (atomic_load(&at_work) < 1)
        sched_yield();
    atomic_fetch_add(&at_work, 1);
    const int trouble = in_child(use_or_make_heap);
    join_thread(thread);
    ck_assert_int_eq(trouble, NONE);
    region = (char *)Mem_FreeList();
    region_size = REGION;
    assert_list({0, REGION});
}
END_TEST

int main(void) {
    TCase *tests = new_case("fork");

    tcase_add_test(tests, test_child_of_a_busy_process_can_use_the_heap);
    tcase_add_test(tests, test_child_can_fork_in_its_turn);
    if (!SANITIZED) /* ThreadSanitizer forbids it */
        tcase_add_test(tests, test_child_can_start_threads);
    tcase_add_test(tests, test_handlers_of_the_program_can_use_the_heap);
    if (REGISTERED == 2)
        tcase_add_test(tests, test_region_that_a_handler_makes_is_the_forks_own_until_its_end);
    tcase_add_test(tests, test_child_has_a_copy_and_the_parent_keeps_its_own);
    tcase_add_test(tests, test_child_of_a_process_without_a_region_can_make_its_own);
    tcase_add_loop_test(tests, test_fork_while_another_thread_is_in_init, 0, rounds(30));
    return run_case(tests);
}
