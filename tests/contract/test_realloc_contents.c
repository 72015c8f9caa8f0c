/*
 * test_realloc_contents.c - the contents of an object after Mem_Realloc: what it held before, as
 * far as it has room. They are copied without a lock.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "resizing.h"

#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

/* ---- contents ---- */

/* In bytes, on either side of 1, 4 and 64 KiB. */
static const int lengths[] = {1,    15,   16,   17,    1023,  1024,  1025,  2047,  2048,
                              4095, 4096, 4097, 16384, 65535, 65536, 65537, 200000};
enum { LENGTHS = COUNT(lengths) };

/* From every length to every other, with a live object behind, so that it has
 * to move to grow. */
START_TEST(test_contents_are_kept_as_far_as_they_fit) {
    const int from = lengths[_i];
    init_region(SPACE);
    for (int i = 0; i < LENGTHS; i++) {
        const int to = lengths[i], kept_bytes = from < to ? from : to;
        char *object = Mem_Alloc(from, FIRSTFIT);
        char *wall = Mem_Alloc(16, FIRSTFIT);
        fill(object, (size_t)from, i);
        fill(wall, 16, 100);
        char *moved = calls[i % CALLS](object, to, styles[i % STYLES]);
        ck_assert_ptr_nonnull(moved);
        ck_assert(holds(moved, (size_t)kept_bytes, i));
        ck_assert(holds(wall, 16, 100));
        assert_succeeds(Mem_Free(moved));
        assert_succeeds(Mem_Free(wall));
        assert_list({0, SPACE});
    }
}
END_TEST

/* A typical buffer: it grows by half, again and again, among objects that make it move. */
START_TEST(test_contents_are_kept_while_the_object_grows_again_and_again) {
    init_region(SPACE);
    resize = calls[_i / STYLES];
    char *object = Mem_Alloc(1, FIRSTFIT);
    int size = 1, moves = 0;
    fill(object, 1, 42);
    while (size < SPACE / 4) {
        const int larger = size + size / 2 + 1;
        ck_assert_ptr_nonnull(Mem_Alloc(16, FIRSTFIT));
        char *now = resize(object, larger, styles[_i % STYLES]);
        ck_assert_ptr_nonnull(now);
        ck_assert(holds(now, (size_t)size, 42));
        moves += now != object;
        object = now;
        size = larger;
        fill(object, (size_t)size, 42);
    }
    ck_assert_int_gt(moves, 3);
    assert_sound();
}
END_TEST

/* All the bytes that Mem_Size counts are the object's. */
START_TEST(test_all_usable_bytes_are_kept) {
    make_heap_for_resizing(_i);
    assert_resized(A, A, 50, FIRSTFIT);
    ck_assert_int_eq(Mem_Size(region + A), 64);
    fill(region + A, 64, 77);
    assert_resized(A, FAR, 200, WORSTFIT);
    ck_assert(holds(region + FAR, 64, 77));
}
END_TEST

/* Behind the region, and so behind the object that moves, is a page that cannot be
 * read. */
START_TEST(test_only_the_object_is_copied_and_not_what_lies_behind_it) {
    const size_t size = 4 * page();
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *memory = mmap(NULL, size + page(), PROT_READ | PROT_WRITE, flags, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    ck_assert_int_eq(mprotect(memory + size, page(), PROT_NONE), 0);
    Mem_Region *placed = Mem_RegionPlace(memory, size);
    const size_t rest = (size_t)Mem_RegionFreeList(placed)->size - 48;
    char *first = Mem_RegionAlloc(placed, rest, FIRSTFIT);
    char *last = Mem_RegionAlloc(placed, 48, FIRSTFIT);
    ck_assert_int_lt(memory + size - last, (int)page());
    fill(last, 48, 4);
    assert_succeeds(Mem_RegionFree(placed, first));
    ck_assert_ptr_eq(Mem_RegionRealloc(placed, last, 2 * page(), FIRSTFIT), first);
    ck_assert(holds(first, 48, 4));
    assert_succeeds(Mem_RegionDestroy(placed));
    munmap(memory, size + page());
}
END_TEST

/* ---- threads ---- */

static sem_t copying, worked;
static char *forbidden;

/* The copy has reached the page that cannot be read: it waits here for the other thread. */
static void wait_for_worker(int number) {
    (void)number;
    sem_post(&copying);
    while (sem_wait(&worked) != 0)
        ;
}

static void *work_meanwhile(void *argument) {
    while (sem_wait(&copying) != 0)
        ;
    char *object = Mem_Alloc(48, FIRSTFIT);
    const bool fine = object != NULL && Mem_Realloc(object, 16, FIRSTFIT) == object &&
                      Mem_Size(object) == 16 && Mem_Free(object) == 0 && Mem_Check() == 0;
    mprotect(forbidden, page(), PROT_READ | PROT_WRITE);
    sem_post(&worked);
    return fine ? argument : NULL;
}

static void watch_reads_of(char *page_start) {
    struct sigaction action = {.sa_handler = wait_for_worker};
    forbidden = page_start;
    ck_assert_int_eq(sem_init(&copying, 0, 0), 0);
    ck_assert_int_eq(sem_init(&worked, 0, 0), 0);
    ck_assert_int_eq(sigaction(SIGSEGV, &action, NULL), 0);
    ck_assert_int_eq(mprotect(forbidden, page(), PROT_NONE), 0);
}

/* Another thread uses the region while the copy is suspended. With a lock held, both would hang. */
START_TEST(test_no_lock_is_held_while_copying) {
    const int p = (int)page();
    void *result;
    init_region(16 * p);
    resize = calls[_i];
    assert_placed(0, p, FIRSTFIT);
    assert_placed(p, 2 * p, FIRSTFIT);
    assert_placed(3 * p, p, FIRSTFIT);
    assert_succeeds(release(0)); /* for the other thread */
    fill(region + p, 2 * (size_t)p, 1);
    watch_reads_of(region + 2 * p);
    pthread_t worker = start_thread(work_meanwhile, &worked);
    assert_resized(p, 4 * p, 3 * p, FIRSTFIT);
    ck_assert_int_eq(pthread_join(worker, &result), 0);
    ck_assert_ptr_eq(result, &worked);
    ck_assert(holds(region + 4 * p, 2 * (size_t)p, 1));
    assert_list({0, 3 * p}, {7 * p, 9 * p});
}
END_TEST

int main(void) {
    TCase *tests = new_case("realloc: contents");

    tcase_add_loop_test(tests, test_contents_are_kept_as_far_as_they_fit, 0, LENGTHS);
    tcase_add_loop_test(tests, test_contents_are_kept_while_the_object_grows_again_and_again, 0,
                        CALLS * STYLES);
    tcase_add_loop_test(tests, test_all_usable_bytes_are_kept, 0, CALLS);
    tcase_add_test(tests, test_only_the_object_is_copied_and_not_what_lies_behind_it);
    if (!light()) /* valgrind may not go on where the signal came */
        tcase_add_loop_test(tests, test_no_lock_is_held_while_copying, 0, CALLS);
    return run_case(tests);
}
