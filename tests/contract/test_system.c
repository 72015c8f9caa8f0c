/*
 * test_system.c - what the library asks of the system: one mapping of exactly
 * the region's size, another one for its index, between guard pages, nothing
 * after that, no malloc at all, and nothing printed unasked.
 *
 * The test program's own functions take the place of libc's: those of interposed.h, and malloc and
 * its kin.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "interposed.h"

enum { SKIPPED = 77 };

#if !INTERPOSED

int main(void) {
    return SKIPPED;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- mappings ---- */

/* The mapping that holds the address; there must be one and no more. */
static const struct mapping *mapping_of(const char *address) {
    const struct mapping *found = NULL;
    for (int i = 0; i < record.made; i++) {
        const struct mapping *m = &record.mappings[i];
        if (address < m->start || address >= m->start + m->size)
            continue;
        ck_assert_ptr_null(found);
        found = m;
    }
    ck_assert_ptr_nonnull(found);
    return found;
}

START_TEST(test_region_is_one_mapping_of_its_exact_size) {
    const int sizes[] = {1, REGION, REGION + 1, 1 << 20, (1 << 24) - 1};
    begin_record(0);
    init_region(sizes[_i]);
    const struct mapping *own = mapping_of(region);
    ck_assert_ptr_eq(own->start, region);
    ck_assert_uint_eq(own->size, region_size);
    ck_assert_int_eq(own->protection, PROT_READ | PROT_WRITE);
    ck_assert_int_eq(own->flags & MAP_NORESERVE, MAP_NORESERVE);
    ck_assert_int_eq(own->flags & (MAP_ANONYMOUS | MAP_PRIVATE), MAP_ANONYMOUS | MAP_PRIVATE);
    ck_assert_int_eq(own->flags & MAP_FIXED, 0);
}
END_TEST

START_TEST(test_region_of_INT_MAX_is_one_mapping_of_2_GiB) {
    begin_record(0);
    init_region(INT_MAX);
    ck_assert_ptr_eq(mapping_of(region)->start, region);
    ck_assert_uint_eq(mapping_of(region)->size, (size_t)INT_MAX + 1);
}
END_TEST

/* Has the kernel read the byte: it returns an error where a read of our own would crash. */
static bool is_accessible(const char *address) {
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    const ssize_t written = write(ends[1], address, 1);
    ck_assert(written == 1 || errno == EFAULT);
    close(ends[0]);
    close(ends[1]);
    return written == 1;
}

START_TEST(test_index_lies_between_guard_pages) {
    begin_record(0);
    init_region(REGION);
    int others = 0;
    for (int i = 0; i < record.made; i++) {
        const struct mapping *m = &record.mappings[i];
        if (m->start == region)
            continue;
        others++;
        ck_assert(!is_accessible(m->start));
        ck_assert(!is_accessible(m->start + page() - 1));
        ck_assert(is_accessible(m->start + page()));
        ck_assert(is_accessible(m->start + m->size - page() - 1));
        ck_assert(!is_accessible(m->start + m->size - page()));
        ck_assert(!is_accessible(m->start + m->size - 1));
    }
    ck_assert_int_ge(others, 1);
    ck_assert(is_accessible(region));
    ck_assert(is_accessible(region + region_size - 1));
}
END_TEST

START_TEST(test_init_that_the_system_refuses_leaves_nothing_mapped) {
    for (int call = 1;; call++) {
        begin_record(call);
        if (Mem_Init(REGION) == 0)
            break;
        ck_assert_int_eq(m_error, E_BAD_ARGS);
        ck_assert_int_ge(record.can_fail, call);
        ck_assert_uint_eq(record.mapped, record.unmapped);
        ck_assert_ptr_null(Mem_FreeList());
        assert_refused(E_NO_SPACE, Mem_Alloc(16, FIRSTFIT));
        assert_fails(E_BAD_POINTER, Mem_Free(&record));
    }
    ck_assert_int_gt(record.fail_at, 2); /* at least region and index failed once */
    ck_assert_int_lt(record.can_fail, record.fail_at);
    region = (char *)Mem_FreeList();
    region_size = REGION;
    assert_list({0, REGION});
}
END_TEST

START_TEST(test_second_init_maps_nothing) {
    init_region(REGION);
    begin_record(0);
    assert_fails(E_BAD_ARGS, Mem_Init(REGION));
    assert_fails(E_BAD_ARGS, Mem_Init(0));
    ck_assert_uint_eq(record.mapped, 0);
    assert_list({0, REGION});
}
END_TEST

/* Uses every call but Mem_Init and Mem_Dump, with success and without. No
 * assertion here: those of Check use malloc. */
static void use_everything(void) {
    void *objects[500];
    Mem_StrError(E_NO_SPACE);
    Mem_FreeList();
    Mem_Free(&record);
    Mem_Alloc(0, FIRSTFIT);
    for (size_t i = 0; i < COUNT(objects); i++)
        objects[i] = Mem_Alloc(1 + (int)i, (int)i % 3);
    Mem_Alloc(INT_MAX, WORSTFIT);
    for (size_t i = 0; i < COUNT(objects); i += 2)
        Mem_Free(objects[i]);
    Mem_Check();
    Mem_Free(objects[0]);
    for (size_t i = 1; i < COUNT(objects); i += 2)
        Mem_Free(objects[i]);
}

START_TEST(test_nothing_is_mapped_after_init) {
    init_region(1 << 20);
    begin_record(0);
    use_everything();
    ck_assert_int_eq(record.calls, 0);
}
END_TEST

/* ---- malloc ---- */

#if defined __GLIBC__

/* glibc's own malloc and its kin. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *pointer);

/* Per thread, since Check allocates in the main one meanwhile. */
static _Thread_local int mallocs;

void *malloc(size_t size) {
    mallocs++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    mallocs++;
    return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
    mallocs++;
    return __libc_realloc(pointer, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    mallocs++;
    return __libc_memalign(alignment, size);
}

void free(void *pointer) {
    mallocs++;
    __libc_free(pointer);
}

/* Returns how often malloc and its kin were called meanwhile. */
static int mallocs_of(void (*body)(void)) {
    const int before = mallocs;
    body();
    return mallocs - before;
}

static void use_and_dump_everything(void) {
    use_everything();
    if (Mem_Init(1 << 20) == 0)
        use_everything();
    Mem_Dump();
}

static void to_dev_null(void) {
    fflush(stdout);
    ck_assert_int_ne(dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO), -1);
}

START_TEST(test_malloc_is_counted) {
    void *(*volatile own)(size_t) = malloc; /* volatile, so that no call is optimized away */
    char *(*volatile of_libc)(const char *) = strdup;
    const int before = mallocs;
    free(own(1));
    free(of_libc("a call of libc that allocates"));
    ck_assert_int_eq(mallocs - before, 4);
}
END_TEST

START_TEST(test_no_call_uses_malloc) {
    to_dev_null();
    ck_assert_int_eq(mallocs_of(use_and_dump_everything), 0);
}
END_TEST

static void *use_in_thread(void *calls) {
    *(int *)calls = mallocs_of(use_and_dump_everything);
    return NULL;
}

/* The first m_error of a thread must not be allocated either. */
START_TEST(test_no_call_uses_malloc_in_a_new_thread) {
    int calls = -1;
    to_dev_null();
    join_thread(start_thread(use_in_thread, &calls));
    ck_assert_int_eq(calls, 0);
}
END_TEST

#endif

/* ---- output ---- */

static void use_everything_twice(void) {
    use_everything();
    init_region(1 << 20);
    use_everything();
    Mem_FreeList()->size = 0;
    Mem_Check();
    dup2(STDOUT_FILENO, STDERR_FILENO);
    use_everything();
}

START_TEST(test_nothing_is_printed_unasked) {
    fflush(stderr);
    char *text = captured(use_everything_twice);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

int main(void) {
    if (light()) /* valgrind replaces these functions as well */
        return SKIPPED;
    TCase *tests = new_case("system");

    tcase_add_loop_test(tests, test_region_is_one_mapping_of_its_exact_size, 0, 5);
    if (can_map_int_max())
        tcase_add_test(tests, test_region_of_INT_MAX_is_one_mapping_of_2_GiB);
    tcase_add_test(tests, test_index_lies_between_guard_pages);
    tcase_add_test(tests, test_init_that_the_system_refuses_leaves_nothing_mapped);
    tcase_add_test(tests, test_second_init_maps_nothing);
    tcase_add_test(tests, test_nothing_is_mapped_after_init);
#if defined __GLIBC__
    tcase_add_test(tests, test_malloc_is_counted);
    tcase_add_test(tests, test_no_call_uses_malloc);
    tcase_add_test(tests, test_no_call_uses_malloc_in_a_new_thread);
#endif
    tcase_add_test(tests, test_nothing_is_printed_unasked);
    return run_case(tests);
}

#endif
