/*
 * test_region_threads.c - threads and fork() with many regions: threads share one or have their
 * own, make and end them at the same time, and fork() at any moment leaves the child with every
 * region whole and no lock that stays taken.
 *
 * Threads count failures, and the test reports them: Check works in one thread only.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "children.h"
#include "hammers.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "random.h"

enum { THREADS = 4, REGIONS = 6 };

/* ---- regions of all kinds ---- */

/* The first is the default region, the others are created and placed by turns. */
static Mem_Region *regions[REGIONS];
static char memory[REGIONS][REGION];

static Mem_Region *make_one(int i) {
    return i % 2 == 1 ? Mem_RegionCreate(REGION) : Mem_RegionPlace(memory[i], REGION);
}

static void make_regions(void) {
    ck_assert_int_eq(Mem_Init(REGION), 0);
    regions[0] = Mem_DefaultRegion();
    for (int i = 1; i < REGIONS; i++) {
        regions[i] = make_one(i);
        ck_assert_ptr_nonnull(regions[i]);
    }
}

static bool is_empty(Mem_Region *one) {
    struct Mem_Stats stats;
    return Mem_RegionGetStats(one, &stats) == 0 && stats.live_bytes == 0 &&
           stats.largest_free == stats.region_bytes && Mem_RegionCheck(one) == 0;
}

static void assert_regions_are_empty(void) {
    for (int i = 0; i < REGIONS; i++)
        ck_assert_msg(is_empty(regions[i]), "region %d", i);
}

/* Allocates, writes and frees some objects; returns how much went wrong. Others may use the
 * region meanwhile, and leave too little space. */
static int use_region(Mem_Region *one) {
    unsigned char *objects[20];
    int troubles = 0;
    for (size_t i = 0; i < COUNT(objects); i++) {
        objects[i] = Mem_RegionAlloc(one, 1 + i * 7, (int)i % 3);
        if (objects[i] != NULL)
            memset(objects[i], (int)i + 1, 1 + i * 7);
    }
    for (size_t i = 0; i < COUNT(objects); i++) {
        troubles += objects[i] != NULL && !is_all(objects[i], (int)i + 1, 1 + i * 7);
        troubles += Mem_RegionFree(one, objects[i]) != 0;
    }
    return troubles;
}

/* ---- threads at work in the regions ---- */

struct object {
    Mem_Region *home;
    unsigned char *bytes;
    size_t size;
    unsigned char pattern;
};

struct worker {
    pthread_t thread;
    Mem_Region *home; /* the region of all its objects, or NULL: any */
    uint64_t random;
    int steps;
    int troubles;
};

static void make_object(struct worker *self, struct object *object) {
    const int style = (int)random_below(&self->random, 3);
    object->home = self->home != NULL ? self->home : regions[random_below(&self->random, REGIONS)];
    object->size = 1 + random_below(&self->random, 600);
    object->pattern = (unsigned char)random_below(&self->random, 256);
    object->bytes = Mem_RegionAlloc(object->home, object->size, style);
    if (object->bytes != NULL)
        memset(object->bytes, object->pattern, object->size);
    else
        self->troubles += m_error != E_NO_SPACE;
}

static void resize_object(struct worker *self, struct object *object) {
    const size_t size = 1 + random_below(&self->random, 600);
    unsigned char *bytes = Mem_RegionRealloc(object->home, object->bytes, size, FIRSTFIT);
    if (bytes == NULL) {
        self->troubles += m_error != E_NO_SPACE;
        return;
    }
    if (size > object->size)
        memset(bytes + object->size, object->pattern, size - object->size);
    object->bytes = bytes;
    object->size = size;
}

/* Frees the object: other regions refuse it, its own accepts it. */
static void drop_object(struct worker *self, struct object *object) {
    if (object->bytes == NULL)
        return;
    Mem_Region *other = regions[random_below(&self->random, REGIONS)];
    self->troubles += !is_all(object->bytes, object->pattern, object->size);
    self->troubles += other != object->home && Mem_RegionFree(other, object->bytes) != -1;
    self->troubles += Mem_RegionFree(object->home, object->bytes) != 0;
    object->bytes = NULL;
}

static void *work(void *argument) {
    struct worker *self = argument;
    struct object own[32] = {{NULL, NULL, 0, 0}};
    for (int i = 0; i < self->steps; i++) {
        struct object *object = &own[random_below(&self->random, COUNT(own))];
        if (object->bytes != NULL && i % 3 == 0) {
            resize_object(self, object);
        } else {
            drop_object(self, object);
            make_object(self, object);
        }
    }
    for (size_t i = 0; i < COUNT(own); i++)
        drop_object(self, &own[i]);
    return NULL;
}

/* Runs threads: each in its own region, all in the one given, or, if that is NULL, all in all. */
static void run_workers(bool own_regions, Mem_Region *one) {
    struct worker workers[THREADS];
    printf("seeds 1 to %d\n", THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.random = (uint64_t)i + 1, .steps = rounds(30000)};
        workers[i].home = own_regions ? regions[i] : one;
        workers[i].thread = start_thread(work, &workers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        join_thread(workers[i].thread);
        ck_assert_int_eq(workers[i].troubles, 0);
    }
    assert_regions_are_empty();
}

START_TEST(test_threads_with_a_region_each_do_not_disturb_each_other) {
    make_regions();
    run_workers(true, NULL);
}
END_TEST

START_TEST(test_threads_share_a_region_of_each_kind) {
    make_regions();
    run_workers(false, regions[_i]);
}
END_TEST

START_TEST(test_threads_share_many_regions) {
    make_regions();
    run_workers(false, NULL);
}
END_TEST

/* ---- regions come and go ---- */

struct maker {
    pthread_t thread;
    int number;
    int troubles;
};

static char room[THREADS][REGION];

static void *make_and_end(void *argument) {
    struct maker *self = argument;
    for (int i = 0; i < rounds(2000); i++) {
        Mem_Region *created = Mem_RegionCreate(REGION);
        Mem_Region *placed = Mem_RegionPlace(room[self->number], REGION);
        if (created == NULL || placed == NULL) {
            self->troubles++;
            return NULL;
        }
        self->troubles += use_region(created) + use_region(placed);
        self->troubles += !is_empty(created) + !is_empty(placed);
        Mem_Region *first = i % 2 == 0 ? created : placed;
        Mem_Region *second = i % 2 == 0 ? placed : created;
        self->troubles += Mem_RegionDestroy(first) != 0;
        self->troubles += use_region(second);
        self->troubles += Mem_RegionDestroy(second) != 0;
        memset(room[self->number], i, REGION); /* it is the program's again */
    }
    return NULL;
}

static void run_makers(void *(*body)(void *)) {
    struct maker makers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        makers[i] = (struct maker){.number = i};
        makers[i].thread = start_thread(body, &makers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        join_thread(makers[i].thread);
        ck_assert_int_eq(makers[i].troubles, 0);
    }
}

START_TEST(test_threads_make_and_end_regions_at_once) {
    run_makers(make_and_end);
}
END_TEST

/* Here threads leave regions for each other to use and end. */
static _Atomic(Mem_Region *) shelf[8];

static void *pass_on(void *argument) {
    struct maker *self = argument;
    for (int i = 0; i < rounds(5000); i++) {
        Mem_Region *own = Mem_RegionCreate(4096);
        self->troubles += own == NULL || Mem_RegionAlloc(own, 16, FIRSTFIT) == NULL;
        own = atomic_exchange(&shelf[(size_t)(i * (self->number + 1)) % COUNT(shelf)], own);
        if (own == NULL)
            continue;
        self->troubles += use_region(own);
        self->troubles += Mem_RegionDestroy(own) != 0;
    }
    return NULL;
}

START_TEST(test_thread_may_end_what_another_has_made) {
    run_makers(pass_on);
    for (size_t i = 0; i < COUNT(shelf); i++)
        if (atomic_load(&shelf[i]) != NULL)
            assert_succeeds(Mem_RegionDestroy(atomic_load(&shelf[i])));
}
END_TEST

/* ---- children ---- */

/* A new region, from its beginning to its end. */
static enum trouble make_use_and_end(int i) {
    char own[16 * KIB]; /* of the thread */
    Mem_Region *made = i % 2 == 0 ? Mem_RegionCreate(REGION) : Mem_RegionPlace(own, sizeof own);
    if (made == NULL)
        return NOT_MADE;
    if (use_region(made) != 0 || !is_empty(made))
        return NOT_USABLE;
    return Mem_RegionDestroy(made) == 0 ? NONE : NOT_ENDED;
}

/* Uses every region, and new ones. */
static enum trouble use_all(void) {
    for (int i = 0; i < REGIONS; i++) {
        if (regions[i] != NULL && Mem_RegionCheck(regions[i]) != 0)
            return NOT_SOUND;
        if (regions[i] != NULL && use_region(regions[i]) != 0)
            return NOT_USABLE;
    }
    const enum trouble first = make_use_and_end(0);
    return first == NONE ? make_use_and_end(1) : first;
}

static enum trouble use_and_end_all(void) {
    const enum trouble trouble = use_all();
    for (int i = 1; i < REGIONS && trouble == NONE; i++)
        if (Mem_RegionDestroy(regions[i]) != 0)
            return NOT_ENDED;
    return trouble == NONE ? make_use_and_end(0) : trouble;
}

/* With a second thread, locks are needed, so one that stays taken would show. ThreadSanitizer
 * forbids threads in the child of a process that has some. */
static enum trouble use_all_in_threads(void) {
    return SANITIZED ? use_all() : in_threads(THREADS, use_all);
}

/* ---- threads that never rest ---- */

/* Takes one object of the region and frees it. */
static int use_object_of(Mem_Region *one, int i) {
    void *object = Mem_RegionAlloc(one, 1 + (size_t)i % 500, i % 3);
    return object == NULL || Mem_RegionFree(one, object) != 0;
}

/* One of them makes and ends regions all the time, the others work in each region. */
static int use_object(int i) {
    return use_object_of(regions[i % REGIONS], i);
}

static int use_new_regions(int i) {
    static char own[REGION];
    (void)i;
    Mem_Region *created = Mem_RegionCreate(4096), *placed = Mem_RegionPlace(own, sizeof own);
    int troubles = use_region(created) + use_region(placed);
    troubles += Mem_RegionDestroy(created) != 0;
    troubles += Mem_RegionDestroy(placed) != 0;
    memset(own, 0xff, sizeof own);
    return troubles;
}

static void start_all_hammers(void) {
    start_hammer(use_new_regions);
    start_hammers(THREADS - 1, use_object);
}

static void fork_among_hammers(enum trouble (*body)(void), int forks) {
    make_regions();
    start_all_hammers();
    for (int i = 0; i < rounds(forks); i++)
        ck_assert_int_eq(in_child(body), NONE);
    stop_hammers();
    assert_regions_are_empty();
}

START_TEST(test_child_of_a_busy_process_can_use_every_region) {
    fork_among_hammers(use_all, 200);
}
END_TEST

START_TEST(test_child_can_use_every_region_in_threads) {
    fork_among_hammers(use_all_in_threads, 100);
}
END_TEST

START_TEST(test_child_can_end_every_region_and_the_parent_keeps_its_own) {
    fork_among_hammers(use_and_end_all, 50);
}
END_TEST

/* ---- regions by the hundred ---- */

enum { MANY = 300 };

static Mem_Region *many[MANY];

static enum trouble use_many(void) {
    for (int i = 0; i < MANY; i++)
        if (use_object_of(many[i], i) != 0)
            return NOT_USABLE;
    return NONE;
}

static int use_one_of_many(int i) {
    return use_object_of(many[i % MANY], i);
}

/* ThreadSanitizer would not let a thread hold so many locks, if it knew of them. */
START_TEST(test_fork_with_hundreds_of_regions_in_use) {
    enum { BYTES = 4096 };
    static char places[MANY / 2][BYTES];
    for (int i = 0; i < MANY; i++) {
        many[i] = i % 2 == 0 ? Mem_RegionCreate(BYTES) : Mem_RegionPlace(places[i / 2], BYTES);
        ck_assert_ptr_nonnull(many[i]);
    }
    start_hammers(2, use_one_of_many);
    for (int i = 0; i < rounds(20); i++)
        ck_assert_int_eq(in_child(use_many), NONE);
    stop_hammers();
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(Mem_RegionDestroy(many[i]), 0);
}
END_TEST

static enum trouble fork_again(void) {
    const enum trouble own = use_all();
    return own == NONE ? (enum trouble)in_child(use_all) : own;
}

START_TEST(test_child_can_fork_in_its_turn) {
    fork_among_hammers(fork_again, 30);
}
END_TEST

/* ---- the regions of the child are its own ---- */

static char *kept[REGIONS];

static enum trouble overwrite_and_free(void) {
    for (int i = 1; i < REGIONS; i++) {
        if (!is_all(kept[i], i, 1000))
            return SPOILT;
        memset(kept[i], 'x', 1000);
        if (Mem_RegionFree(regions[i], kept[i]) != 0 || !is_empty(regions[i]))
            return NOT_USABLE;
    }
    return use_and_end_all();
}

START_TEST(test_child_has_copies_of_all_regions) {
    make_regions();
    for (int i = 1; i < REGIONS; i++) {
        kept[i] = Mem_RegionAlloc(regions[i], 1000, FIRSTFIT);
        memset(kept[i], i, 1000);
    }
    ck_assert_int_eq(in_child(overwrite_and_free), NONE);
    for (int i = 1; i < REGIONS; i++) {
        must(is_all(kept[i], i, 1000));
        assert_succeeds(Mem_RegionFree(regions[i], kept[i]));
    }
    assert_regions_are_empty();
}
END_TEST

/* ---- regions that were ended before the fork ---- */

/* In a second thread as well, so that the locks are really taken. */
static void use_all_with_a_thread(void) {
    ck_assert_int_eq(in_threads(1, use_all), NONE);
    ck_assert_int_eq(use_all(), NONE);
}

static void end_and_overwrite(int i, int byte) {
    assert_succeeds(Mem_RegionDestroy(regions[i]));
    regions[i] = NULL;
    memset(memory[i], byte, sizeof memory[i]);
}

/* fork() does not look for the lock of a region that was ended, whatever the order, and whatever
 * its memory holds now; another region may be made in its place. */
START_TEST(test_regions_that_were_ended_and_overwritten_do_not_disturb_fork) {
    static const int orders[][REGIONS - 1] = {{1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}, {4, 2, 1, 3, 5},
                                              {2, 4, 5, 3, 1}, {3, 4, 1, 5, 2}, {2, 3, 4, 5, 1}};
    static const int bytes[] = {0, 0xff, 0x5a};
    const int *order = orders[_i / 3], byte = bytes[_i % 3];
    make_regions();
    for (int i = 0; i < REGIONS - 1; i++) {
        use_all_with_a_thread();
        end_and_overwrite(order[i], byte);
        ck_assert_int_eq(in_child(use_all), NONE);
        regions[order[i]] = make_one(order[i]);
        use_all_with_a_thread();
        end_and_overwrite(order[i], byte);
        ck_assert_int_eq(in_child(use_all), NONE);
    }
    ck_assert_int_eq(use_all(), NONE);
}
END_TEST

/* The same while there has never been a second thread. */
START_TEST(test_regions_of_one_thread_that_were_ended_do_not_disturb_fork) {
    make_regions();
    for (int i = 1; i < REGIONS; i++) {
        ck_assert_int_eq(in_child(use_all), NONE);
        ck_assert_int_eq(in_child(use_all_in_threads), NONE);
        end_and_overwrite(i, 0xff);
        ck_assert_int_eq(in_child(use_all), NONE);
        ck_assert_int_eq(in_child(use_all_in_threads), NONE);
    }
}
END_TEST

/* ---- handlers of the program ---- */

/* The program's own fork handlers make, use and end regions. One that was registered before the
 * library's runs while the library owns its locks; one registered later does not. */
enum {
    REST,   /* leave regions alone */
    WITHIN, /* make, use and end regions in each handler */
    ACROSS, /* make them before the fork and end them after it */
    AROUND  /* end before the fork what is there, and make others after it */
};
static int what_handlers_do;
static int handler_calls, handler_troubles;

struct handler {
    Mem_Region *created, *placed;
    char room[REGION];
};
static struct handler early, late;

static void make_in_handler(struct handler *self) {
    self->created = Mem_RegionCreate(REGION);
    self->placed = Mem_RegionPlace(self->room, sizeof self->room);
    handler_troubles += self->created == NULL || self->placed == NULL;
}

static void use_in_handler(const struct handler *self) {
    handler_calls++;
    handler_troubles += use_region(self->created) + use_region(self->placed);
    handler_troubles += !is_empty(self->created) + !is_empty(self->placed);
    for (int i = 0; i < REGIONS; i++)
        handler_troubles += use_region(regions[i]);
}

static void end_in_handler(struct handler *self) {
    handler_troubles += Mem_RegionDestroy(self->created) != 0;
    handler_troubles += Mem_RegionDestroy(self->placed) != 0;
    memset(self->room, 0xff, sizeof self->room);
}

/* A region that a handler makes during a fork, and that other threads see before the fork ends. */
static bool is_to_be_published;
static _Atomic(Mem_Region *) published;

static void publish(void) {
    Mem_Region *own = Mem_RegionCreate(REGION);
    if (own == NULL)
        return;
    atomic_store(&published, own);
    for (int i = 0; i < rounds(20000); i++)
        handler_troubles += use_object_of(own, i);
}

static void handle_before(struct handler *self) {
    if (what_handlers_do == WITHIN || what_handlers_do == ACROSS)
        make_in_handler(self);
    if (what_handlers_do != REST)
        use_in_handler(self);
    if (what_handlers_do == WITHIN || what_handlers_do == AROUND)
        end_in_handler(self);
    if (is_to_be_published)
        publish();
}

static void handle_after(struct handler *self) {
    if (what_handlers_do == WITHIN || what_handlers_do == AROUND)
        make_in_handler(self);
    if (what_handlers_do != REST)
        use_in_handler(self);
    if (what_handlers_do == WITHIN || what_handlers_do == ACROSS)
        end_in_handler(self);
}

static void late_before(void) {
    handle_before(&late);
}

static void late_after(void) {
    handle_after(&late);
}

static void early_before(void) {
    handle_before(&early);
}

static void early_after(void) {
    handle_after(&early);
}

static enum trouble use_all_after_handlers(void) {
    return handler_troubles > 0 ? IN_HANDLER : use_all_in_threads();
}

START_TEST(test_handlers_of_the_program_can_make_use_and_end_regions) {
    const int kinds[] = {WITHIN, ACROSS, AROUND}, forks = rounds(50);
    make_regions();
    make_in_handler(&early);
    make_in_handler(&late);
    if (kinds[_i] != AROUND) {
        end_in_handler(&early);
        end_in_handler(&late);
    }
    set_early_handlers(early_before, early_after);
    pthread_atfork(late_before, late_after, late_after);
    start_all_hammers();
    what_handlers_do = kinds[_i];
    for (int i = 0; i < forks; i++)
        ck_assert_int_eq(in_child(use_all_after_handlers), NONE);
    what_handlers_do = REST;
    stop_hammers();
    ck_assert_int_eq(handler_troubles, 0);
    ck_assert_int_eq(handler_calls, forks * 2 * (1 + EARLY));
    assert_regions_are_empty();
}
END_TEST

static int use_published_object(int i) {
    Mem_Region *one = atomic_load(&published);
    if (one != NULL)
        return use_object_of(one, i);
    sched_yield();
    return 0;
}

static enum trouble use_published(void) {
    Mem_Region *one = atomic_load(&published);
    if (handler_troubles > 0)
        return IN_HANDLER;
    if (one == NULL || Mem_RegionCheck(one) != 0)
        return NOT_SOUND;
    if (use_region(one) != 0)
        return NOT_USABLE;
    regions[0] = one;
    return use_all_in_threads();
}

START_TEST(test_region_that_a_handler_makes_is_whole_in_the_child) {
    is_to_be_published = true;
    set_early_handlers(early_before, early_after);
    start_hammer(use_published_object);
    ck_assert_int_eq(in_child(use_published), NONE);
    is_to_be_published = false;
    ck_assert_int_eq(in_child(use_published), NONE);
    stop_hammers();
    ck_assert_int_eq(handler_troubles, 0);
    ck_assert(is_empty(atomic_load(&published)));
}
END_TEST

/* ---- fork() at the start of all ---- */

static void make(void *made) {
    *(Mem_Region **)made = Mem_RegionCreate(REGION);
}

static enum trouble make_first(void) {
    return make_use_and_end(0) == NONE ? make_use_and_end(1) : NOT_MADE;
}

START_TEST(test_fork_while_another_thread_makes_the_first_region) {
    Mem_Region *made = NULL;
    ck_assert_int_eq(in_child_amid(make_first, make, &made), NONE);
    ck_assert_ptr_nonnull(made);
    ck_assert_int_eq(use_region(made), 0);
    assert_succeeds(Mem_RegionDestroy(made));
}
END_TEST

int main(void) {
    TCase *tests = new_case("region_threads");

    tcase_add_test(tests, test_threads_with_a_region_each_do_not_disturb_each_other);
    tcase_add_loop_test(tests, test_threads_share_a_region_of_each_kind, 0, 3);
    tcase_add_test(tests, test_threads_share_many_regions);
    tcase_add_test(tests, test_threads_make_and_end_regions_at_once);
    tcase_add_test(tests, test_thread_may_end_what_another_has_made);
    tcase_add_test(tests, test_child_of_a_busy_process_can_use_every_region);
    tcase_add_test(tests, test_child_can_end_every_region_and_the_parent_keeps_its_own);
    tcase_add_test(tests, test_fork_with_hundreds_of_regions_in_use);
    tcase_add_test(tests, test_child_can_fork_in_its_turn);
    tcase_add_test(tests, test_child_has_copies_of_all_regions);
    tcase_add_test(tests, test_child_can_use_every_region_in_threads);
    tcase_add_test(tests, test_regions_of_one_thread_that_were_ended_do_not_disturb_fork);
    tcase_add_loop_test(tests, test_regions_that_were_ended_and_overwritten_do_not_disturb_fork, 0,
                        6 * 3);
    tcase_add_loop_test(tests, test_handlers_of_the_program_can_make_use_and_end_regions, 0, 3);
    if (EARLY)
        tcase_add_test(tests, test_region_that_a_handler_makes_is_whole_in_the_child);
    tcase_add_loop_test(tests, test_fork_while_another_thread_makes_the_first_region, 0,
                        rounds(30));
    return run_case(tests);
}
