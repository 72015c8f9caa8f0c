/*
 * test_threads.c - several threads at once: no object overlaps another, no byte is lost, and of two
 * frees of one object exactly one succeeds, while others look on.
 *
 * Threads count failures, and the test reports them: Check works in one thread only. Under
 * ThreadSanitizer the same tests find data races.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 4 };

/* ---- objects with a pattern ---- */

struct object {
    unsigned char *bytes;
    int size;
    unsigned char pattern;
};

/* What a thread does, and what went wrong in it. */
struct worker {
    pthread_t thread;
    unsigned random;
    int steps;
    int overwritten; /* objects whose bytes changed */
    int not_freed;   /* frees that failed */
    int wrong_error; /* refusals with another error than E_NO_SPACE */
};

static unsigned next_random(struct worker *self) {
    self->random = self->random * 1103515245U + 12345U;
    return self->random >> 8;
}

static void make_object(struct worker *self, struct object *object) {
    object->size = 1 + (int)(next_random(self) % 600);
    object->pattern = (unsigned char)next_random(self);
    object->bytes = Mem_Alloc(object->size, (int)(next_random(self) % 3));
    if (object->bytes != NULL)
        memset(object->bytes, object->pattern, (size_t)object->size);
    else if (m_error != E_NO_SPACE)
        self->wrong_error++;
}

static bool has_pattern(const struct object *object) {
    for (int i = 0; i < object->size; i++)
        if (object->bytes[i] != object->pattern)
            return false;
    return true;
}

static void drop_object(struct worker *self, struct object *object) {
    if (object->bytes == NULL)
        return;
    self->overwritten += !has_pattern(object);
    self->not_freed += Mem_Free(object->bytes) != 0;
    object->bytes = NULL;
}

/* ---- own objects, and those of others ---- */

/* Here threads leave objects for each other to check and free. */
enum { SHELVES = 64 };
static struct object shelf[SHELVES];
static pthread_mutex_t shelf_lock = PTHREAD_MUTEX_INITIALIZER;

static void swap_with_shelf(struct worker *self, struct object *object) {
    struct object *there = &shelf[next_random(self) % SHELVES];
    pthread_mutex_lock(&shelf_lock);
    const struct object other = *there;
    *there = *object;
    pthread_mutex_unlock(&shelf_lock);
    *object = other;
}

static void *work(void *argument) {
    struct worker *self = argument;
    struct object own[32] = {{NULL, 0, 0}};
    for (int i = 0; i < self->steps; i++) {
        struct object *object = &own[next_random(self) % COUNT(own)];
        if (next_random(self) % 4 == 0)
            swap_with_shelf(self, object);
        drop_object(self, object);
        make_object(self, object);
    }
    for (size_t i = 0; i < COUNT(own); i++)
        drop_object(self, &own[i]);
    return NULL;
}

static void start_workers(struct worker *workers, int steps) {
    printf("seeds 1 to %d\n", THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.random = (unsigned)i + 1, .steps = steps};
        workers[i].thread = start_thread(work, &workers[i]);
    }
}

static void assert_no_trouble(const struct worker *worker) {
    ck_assert_int_eq(worker->overwritten, 0);
    ck_assert_int_eq(worker->not_freed, 0);
    ck_assert_int_eq(worker->wrong_error, 0);
}

static void join_workers(struct worker *workers) {
    struct worker self = {.random = 0};
    for (int i = 0; i < THREADS; i++)
        join_thread(workers[i].thread);
    for (int i = 0; i < SHELVES; i++)
        drop_object(&self, &shelf[i]);
    assert_no_trouble(&self);
    for (int i = 0; i < THREADS; i++)
        assert_no_trouble(&workers[i]);
}

START_TEST(test_objects_of_threads_do_not_overlap) {
    struct worker workers[THREADS];
    init_region(1 << 20);
    start_workers(workers, rounds(50000));
    join_workers(workers);
    assert_list({0, 1 << 20});
    assert_sound();
}
END_TEST

START_TEST(test_threads_share_a_region_too_small_for_them) {
    struct worker workers[THREADS];
    init_region(REGION / 2);
    const int size = (int)region_size;
    start_workers(workers, rounds(50000));
    join_workers(workers);
    assert_list({0, size});
    assert_sound();
}
END_TEST

/* ---- onlookers ---- */

static atomic_bool stop;

static void *check_all_the_time(void *argument) {
    int *corrupt = argument;
    while (!atomic_load(&stop))
        *corrupt += Mem_Check() != 0;
    return NULL;
}

static void *dump_all_the_time(void *unused) {
    (void)unused;
    while (!atomic_load(&stop))
        Mem_Dump();
    return NULL;
}

/* Offsets must rise within each dump, whatever others do in between, and no
 * node may look overwritten. */
static void assert_dumps_are_in_order(FILE *dumps) {
    char line[200];
    size_t number, offset, last_number = 0, last_offset = 0, totals = 0;
    rewind(dumps);
    while (fgets(line, sizeof line, dumps) != NULL) {
        ck_assert_msg(strstr(line, "overwritten") == NULL, "%s", line);
        if (strstr(line, "libmem: free chunks") != NULL)
            last_number = 0;
        if (strstr(line, "bytes free") != NULL)
            totals++;
        if (sscanf(line, "%zu %*s offset %zu", &number, &offset) != 2)
            continue;
        if (number != last_number + 1 || (number > 1 && offset <= last_offset))
            ck_abort_msg("after chunk %zu at offset %zu: %s", last_number, last_offset, line);
        last_number = number;
        last_offset = offset;
    }
    ck_assert_uint_gt(totals, 0);
}

START_TEST(test_checks_and_dumps_may_run_at_the_same_time) {
    struct worker workers[THREADS];
    pthread_t checker, dumper;
    int corrupt = 0;
    FILE *dumps = tmpfile();

    ck_assert_ptr_nonnull(dumps);
    fflush(stdout);
    const int saved = dup(STDOUT_FILENO);
    dup2(fileno(dumps), STDOUT_FILENO);
    init_region(1 << 20);
    checker = start_thread(check_all_the_time, &corrupt);
    dumper = start_thread(dump_all_the_time, NULL);
    start_workers(workers, rounds(20000));
    join_workers(workers);
    atomic_store(&stop, true);
    join_thread(checker);
    join_thread(dumper);
    Mem_Dump();
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    assert_dumps_are_in_order(dumps);
    ck_assert_int_eq(corrupt, 0);
    assert_list({0, 1 << 20});
}
END_TEST

/* ---- races for one thing ---- */

struct race {
    pthread_barrier_t ready;
    void **objects;
    int count;
    atomic_int freed, refused;
};

static void *free_all(void *argument) {
    struct race *race = argument;
    pthread_barrier_wait(&race->ready);
    for (int i = 0; i < race->count; i++) {
        if (Mem_Free(race->objects[i]) == 0)
            atomic_fetch_add(&race->freed, 1);
        else if (m_error == E_BAD_POINTER)
            atomic_fetch_add(&race->refused, 1);
    }
    return NULL;
}

START_TEST(test_of_frees_of_one_object_exactly_one_succeeds) {
    enum { OBJECTS = REGION / GRANULE };
    void *objects[OBJECTS];
    struct race race = {.objects = objects, .count = OBJECTS};
    pthread_t threads[THREADS];

    init_region(REGION);
    for (int i = 0; i < OBJECTS; i++)
        objects[i] = Mem_Alloc(GRANULE, FIRSTFIT);
    pthread_barrier_init(&race.ready, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start_thread(free_all, &race);
    for (int i = 0; i < THREADS; i++)
        join_thread(threads[i]);
    ck_assert_int_eq(atomic_load(&race.freed), OBJECTS);
    ck_assert_int_eq(atomic_load(&race.refused), (THREADS - 1) * OBJECTS);
    assert_list({0, REGION});
}
END_TEST

struct taker {
    pthread_t thread;
    struct race *race;
    int style;
    int count;
    void *taken[REGION / GRANULE];
};

static void *take_all(void *argument) {
    struct taker *self = argument;
    void *object;
    pthread_barrier_wait(&self->race->ready);
    while ((object = Mem_Alloc(1, self->style)) != NULL)
        self->taken[self->count++] = object;
    return NULL;
}

START_TEST(test_each_granule_goes_to_exactly_one_thread) {
    static struct taker takers[THREADS];
    static bool given[REGION / GRANULE];
    struct race race = {.count = 0};
    int total = 0;

    init_region(REGION);
    pthread_barrier_init(&race.ready, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        takers[i].race = &race;
        takers[i].style = i % 3;
        takers[i].thread = start_thread(take_all, &takers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        join_thread(takers[i].thread);
        for (int j = 0; j < takers[i].count; j++, total++) {
            const size_t g = (size_t)((char *)takers[i].taken[j] - region) / GRANULE;
            ck_assert_msg(!given[g], "granule %zu was given twice", g);
            given[g] = true;
        }
    }
    ck_assert_int_eq(total, REGION / GRANULE);
    assert_nothing_free();
}
END_TEST

int main(void) {
    TCase *tests = new_case("threads");

    tcase_add_test(tests, test_objects_of_threads_do_not_overlap);
    tcase_add_test(tests, test_threads_share_a_region_too_small_for_them);
    tcase_add_test(tests, test_checks_and_dumps_may_run_at_the_same_time);
    tcase_add_loop_test(tests, test_of_frees_of_one_object_exactly_one_succeeds, 0, 5);
    tcase_add_loop_test(tests, test_each_granule_goes_to_exactly_one_thread, 0, 5);
    return run_case(tests);
}
