/*
 * unit_cache.c - cache.h: with several threads, no two objects overlap, what is freed twice is
 * refused, and nothing is lost.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "malloc/heap.h"
#include "system/public.h"
#include "unit.h"

/* What heap.c has in the module. */
_Atomic(struct Mem_Region *) mem_heap_region;
_Atomic(struct Mem_Region *) mem_heap_direct;
int mem_heap_style = FIRSTFIT;

enum { HEAP = 8 << 20, THREADS = 4, OBJECTS = 200, STEPS = 40000 };

static struct Mem_Region *heap;

/* A thread that waits until it is told to end; while it is there, libc tells of several. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_t sleeper;

static void *sleep_there(void *none) {
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return none;
}

static void begin_with(size_t bytes) {
    heap = Mem_RegionCreate(bytes);
    ck_assert_ptr_nonnull(heap);
    mem_heap_region = heap;
    mem_heap_direct = heap;
    mem_cache_is_wanted = MEM_LOCK_IS_TOLD;
    mem_cache_handle_fork();
    pthread_mutex_lock(&gate);
    ck_assert_int_eq(pthread_create(&sleeper, NULL, sleep_there, NULL), 0);
}

static void end(void) {
    pthread_mutex_unlock(&gate);
    pthread_join(sleeper, NULL);
}

static struct Mem_Stats stats(void) {
    struct Mem_Stats now;
    ck_assert_int_eq(Mem_RegionGetStats(heap, &now), 0);
    return now;
}

/* ---- Threads ---- */

struct object {
    unsigned char *at;
    size_t bytes;
};

/* The exchange in which threads leave objects for others to free. */
static _Atomic(void *) exchange[64];

struct worker {
    pthread_t thread;
    unsigned char stamp;
    uint64_t random;
    struct object objects[OBJECTS];
};

static void stamp(const struct worker *w, const struct object *o) {
    memset(o->at, w->stamp, o->bytes);
}

static void check_stamp(const struct worker *w, const struct object *o) {
    for (size_t i = 0; i < o->bytes; i++)
        must(o->at[i] == w->stamp);
}

static void obtain(struct worker *w, struct object *o) {
    o->bytes = 1 + random_below(&w->random, random_below(&w->random, 8) == 0 ? 3000 : 200);
    o->at = mem_cache_alloc(heap, o->bytes);
    must(o->at != NULL && mem_cache_size(heap, o->at) >= o->bytes);
    stamp(w, o);
}

static void resize(struct worker *w, struct object *o) {
    size_t bytes = 1 + random_below(&w->random, 400);
    unsigned char *at = mem_cache_resize(heap, o->at, bytes);
    must(at != NULL);
    *o = (struct object){at, bytes < o->bytes ? bytes : o->bytes};
    check_stamp(w, o);
    o->bytes = bytes;
    stamp(w, o);
}

/* By itself, or by whoever finds it in the exchange. */
static void give_back(struct worker *w, struct object *o) {
    void *at = o->at;
    check_stamp(w, o);
    if (random_below(&w->random, 2) == 0)
        at = atomic_exchange(&exchange[random_below(&w->random, 64)], at);
    must(at == NULL || mem_cache_free(heap, at) == MEM_CACHE_FREED);
    o->at = NULL;
}

static void *work(void *argument) {
    struct worker *w = argument;
    for (int i = 0; i < (light() ? STEPS / 10 : STEPS); i++) {
        struct object *o = &w->objects[random_below(&w->random, OBJECTS)];
        if (o->at == NULL)
            obtain(w, o);
        else if (random_below(&w->random, 4) == 0)
            resize(w, o);
        else
            give_back(w, o);
    }
    for (int i = 0; i < OBJECTS; i++)
        if (w->objects[i].at != NULL)
            give_back(w, &w->objects[i]);
    return NULL;
}

static void free_exchanged(void) {
    for (int i = 0; i < 64; i++) {
        void *at = atomic_exchange(&exchange[i], NULL);
        must(at == NULL || mem_cache_free(heap, at) == MEM_CACHE_FREED);
    }
}

START_TEST(test_no_objects_overlap_and_none_is_lost) {
    static struct worker workers[THREADS];
    begin_with(HEAP);
    for (int i = 0; i < THREADS; i++) {
        workers[i].stamp = (unsigned char)(i + 1);
        workers[i].random = random_seed((uint64_t)i);
        ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    free_exchanged();
    mem_cache_empty();
    must_equal(stats().live_blocks, 0);
    must_equal(stats().bad_frees, 0);
    ck_assert_int_eq(Mem_RegionCheck(heap), 0);
    end();
}
END_TEST

/* ---- What is freed twice ---- */

START_TEST(test_what_is_freed_twice_is_refused) {
    begin_with(HEAP);
    char *object = mem_cache_alloc(heap, 100);
    ck_assert_int_eq(mem_cache_free(heap, object + 16), MEM_CACHE_NOT_LIVE);
    ck_assert_int_eq(mem_cache_free(heap, object + 1), MEM_CACHE_NOT_LIVE);
    ck_assert_int_eq(mem_cache_free(heap, object), MEM_CACHE_FREED);
    ck_assert_int_eq(mem_cache_free(heap, object), MEM_CACHE_NOT_LIVE);
    ck_assert_uint_eq(mem_cache_size(heap, object), 0);
    ck_assert_ptr_null(mem_cache_resize(heap, object, 50));
    ck_assert_int_eq(*Mem_ErrorLocation(), E_BAD_POINTER);
    ck_assert_ptr_null(mem_cache_resize(heap, object, 5000));
    ck_assert_int_eq(*Mem_ErrorLocation(), E_BAD_POINTER);
    mem_cache_empty();
    ck_assert_int_eq(mem_cache_free(heap, object), MEM_CACHE_NOT_LIVE);
    must_equal(stats().live_blocks, 0);
    end();
}
END_TEST

START_TEST(test_a_freed_object_comes_back_once) {
    enum { MANY = 1000 };
    void *objects[MANY];
    begin_with(HEAP);
    for (int i = 0; i < MANY; i++)
        objects[i] = mem_cache_alloc(heap, 64);
    for (int i = 0; i < MANY; i++)
        must(mem_cache_free(heap, objects[i]) == MEM_CACHE_FREED);
    for (int i = 0; i < MANY; i++)
        memset(objects[i] = mem_cache_alloc(heap, 64), 0, 64);
    for (int i = 0; i < MANY; i++) {
        must(*(char *)objects[i] == 0);
        *(char *)objects[i] = 1;
    }
    end();
}
END_TEST

/* ---- The budget ---- */

START_TEST(test_what_is_cached_is_there_for_other_sizes) {
    enum { MOST = 4096 };
    void *objects[MOST];
    int count = 0;
    begin_with(65536);
    while ((objects[count] = mem_cache_alloc(heap, 48)) != NULL)
        count++;
    ck_assert_uint_ge(count * 48 + 64, stats().region_bytes);
    for (int i = 0; i < count; i++)
        must(mem_cache_free(heap, objects[i]) == MEM_CACHE_FREED);
    void *all = mem_cache_alloc(heap, stats().region_bytes);
    ck_assert_ptr_nonnull(all);
    ck_assert_int_eq(mem_cache_free(heap, all), MEM_CACHE_FREED);
    void *aligned = mem_cache_aligned(heap, 4096, stats().region_bytes - 4096);
    ck_assert_ptr_nonnull(aligned);
    end();
}
END_TEST

START_TEST(test_a_resize_that_needs_what_is_cached_gets_it) {
    begin_with(65536);
    void *first = mem_cache_alloc(heap, 16);
    void *others[500];
    for (int i = 0; i < 500; i++)
        others[i] = mem_cache_alloc(heap, 64);
    for (int i = 0; i < 500; i++)
        must(mem_cache_free(heap, others[i]) == MEM_CACHE_FREED);
    ck_assert_ptr_nonnull(mem_cache_resize(heap, first, 65000));
    end();
}
END_TEST

/* Four threads that ask at once, while there is room only in caches, and another that puts a small
 * object there and takes it, all the time. Wherever three of the large objects and the small one
 * are, one of the five gaps beside them has room for a fourth. */

enum { ASKING = 4, ROUNDS = 300 };

struct asking {
    pthread_barrier_t begin, end;
    int rounds;
    size_t bytes;
    atomic_bool is_over;
};

static void *ask(void *argument) {
    struct asking *a = argument;
    for (int i = 0; i < a->rounds; i++) {
        pthread_barrier_wait(&a->begin);
        void *object = mem_cache_alloc(heap, a->bytes);
        must(object != NULL);
        pthread_barrier_wait(&a->end);
        must(mem_cache_free(heap, object) == MEM_CACHE_FREED);
    }
    return NULL;
}

static void *churn_if_there_is_room(void *argument) {
    struct asking *a = argument;
    while (!atomic_load(&a->is_over)) {
        void *object = mem_cache_alloc(heap, 48);
        must(object == NULL || mem_cache_free(heap, object) == MEM_CACHE_FREED);
    }
    return NULL;
}

/* Fills the region, and frees all of it: every third object first, so that these are in caches, and
 * there is no large hole. */
static void fill_caches(void) {
    static void *objects[4096];
    int count = 0;
    while ((objects[count] = mem_cache_alloc(heap, 48)) != NULL)
        count++;
    for (int i = 0; i < count; i += 3)
        must(mem_cache_free(heap, objects[i]) == MEM_CACHE_FREED);
    for (int i = 0; i < count; i++)
        if (i % 3 != 0)
            must(mem_cache_free(heap, objects[i]) == MEM_CACHE_FREED);
}

START_TEST(test_threads_that_ask_at_once_all_get_what_is_cached) {
    pthread_t threads[ASKING], churner;
    struct asking a = {.rounds = light() ? ROUNDS / 10 : ROUNDS};
    begin_with(65536);
    a.bytes = stats().region_bytes / (2 * ASKING) / MEM_GRANULE_BYTES * MEM_GRANULE_BYTES;
    pthread_barrier_init(&a.begin, NULL, ASKING + 1);
    pthread_barrier_init(&a.end, NULL, ASKING + 1);
    for (int i = 0; i < ASKING; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, &a), 0);
    ck_assert_int_eq(pthread_create(&churner, NULL, churn_if_there_is_room, &a), 0);
    for (int i = 0; i < a.rounds; i++) {
        fill_caches();
        pthread_barrier_wait(&a.begin);
        pthread_barrier_wait(&a.end);
    }
    for (int i = 0; i < ASKING; i++)
        pthread_join(threads[i], NULL);
    atomic_store(&a.is_over, true);
    pthread_join(churner, NULL);
    end();
}
END_TEST

/* ---- One thread ---- */

/* The place of each allocation is that of the style, before there were threads and afterwards. */
static void expect_exact(void) {
    char *objects[3];
    for (int i = 0; i < 3; i++)
        objects[i] = mem_cache_alloc(heap, 32);
    must(objects[1] == objects[0] + 32 && objects[2] == objects[1] + 32);
    must(mem_cache_free(heap, objects[1]) == MEM_CACHE_FREED);
    must(mem_cache_free(heap, objects[0]) == MEM_CACHE_FREED);
    must(mem_cache_alloc(heap, 16) == objects[0]);
    must(mem_cache_alloc(heap, 48) == objects[0] + 16);
}

START_TEST(test_one_thread_is_served_exactly) {
    if (!MEM_LOCK_IS_TOLD)
        return;
    begin_with(HEAP);
    void *object = mem_cache_alloc(heap, 32);
    must(mem_cache_free(heap, object) == MEM_CACHE_FREED);
    must(stats().live_blocks > 0); /* cached */
    end();
    if (mem_lock_is_needed()) /* this libc does not tell when the last thread has ended */
        return;
    expect_exact();
    must_equal(stats().live_blocks, 3);
}
END_TEST

/* ---- fork ---- */

static void *churn(void *stop) {
    while (!atomic_load((atomic_bool *)stop))
        must(mem_cache_free(heap, mem_cache_alloc(heap, 100)) == MEM_CACHE_FREED);
    return NULL;
}

static void expect_child_works(pid_t child) {
    int status = -1;
    if (child == 0) {
        for (int i = 0; i < 1000; i++)
            must(mem_cache_free(heap, mem_cache_alloc(heap, 1 + (size_t)i)) == MEM_CACHE_FREED);
        mem_cache_empty();
        _exit(Mem_RegionCheck(heap) != 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

START_TEST(test_a_child_of_fork_finds_the_caches_whole) {
    pthread_t threads[2];
    atomic_bool stop = false;
    begin_with(HEAP);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, churn, &stop);
    for (int i = 0; i < (light() ? 10 : 100); i++)
        expect_child_works(fork());
    atomic_store(&stop, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    end();
}
END_TEST

int main(void) {
    TCase *tests = new_case("cache");
    tcase_add_test(tests, test_no_objects_overlap_and_none_is_lost);
    tcase_add_test(tests, test_what_is_freed_twice_is_refused);
    tcase_add_test(tests, test_a_freed_object_comes_back_once);
    tcase_add_test(tests, test_what_is_cached_is_there_for_other_sizes);
    tcase_add_test(tests, test_a_resize_that_needs_what_is_cached_gets_it);
    tcase_add_test(tests, test_threads_that_ask_at_once_all_get_what_is_cached);
    tcase_add_test(tests, test_one_thread_is_served_exactly);
    tcase_add_test(tests, test_a_child_of_fork_finds_the_caches_whole);
    return run_case(tests);
}
