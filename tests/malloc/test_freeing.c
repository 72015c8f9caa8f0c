/*
 * test_freeing.c - free and its kin, what malloc_usable_size says, and pointers from elsewhere.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "family.h"

#include <dlfcn.h>
#include <unistd.h>

START_TEST(test_free_keeps_errno) {
    void *object = malloc(10);
    errno = 4711;
    free(object);
    ck_assert_int_eq(errno, 4711);
    free(NULL);
    ck_assert_int_eq(errno, 4711);
}
END_TEST

/* Found at run time: libc need not have them. */
START_TEST(test_frees_of_C23_free) {
    void (*free_sized)(void *, size_t) =
        (void (*)(void *, size_t))dlsym(RTLD_DEFAULT, "free_sized");
    void (*free_aligned_sized)(void *, size_t, size_t) =
        (void (*)(void *, size_t, size_t))dlsym(RTLD_DEFAULT, "free_aligned_sized");
    void *object = malloc(100);
    free_sized(object, 100);
    ck_assert_ptr_eq(malloc(100), object);
    void *aligned = aligned_alloc(1024, 100);
    free_aligned_sized(aligned, 1024, 100);
    ck_assert_ptr_eq(aligned_alloc(1024, 100), aligned);
    free_sized(NULL, 0);
    free_aligned_sized(NULL, 16, 0);
}
END_TEST

START_TEST(test_all_of_the_usable_size_can_be_used) {
    ck_assert_uint_eq(malloc_usable_size(NULL), 0);
    for (size_t size = 0; size < 300; size++) {
        void *object = malloc(size);
        size_t usable = malloc_usable_size(object);
        ck_assert_uint_ge(usable, size);
        fill_bytes(object, 1, usable);
        void *grown = realloc(object, usable + 100);
        ck_assert(are_bytes(grown, 1, usable));
        free(grown);
    }
}
END_TEST

/* Memory of libc's own malloc, behind the module. */
static void *foreign(size_t size) {
    void *libc = dlopen("libc.so.6", RTLD_NOLOAD | RTLD_NOW);
    void *(*own)(size_t) = (void *(*)(size_t))dlsym(libc, "malloc");
    ck_assert(own != NULL && own != malloc);
    return own(size);
}

START_TEST(test_pointers_of_libc_go_to_libc) {
    char *object = foreign(100);
    fill_bytes(object, 5, 100);
    ck_assert_uint_ge(malloc_usable_size(object), 100);
    char *larger = realloc(object, 100000);
    ck_assert(are_bytes(larger, 5, 100));
    errno = 4711;
    free(larger);
    ck_assert_int_eq(errno, 4711);
}
END_TEST

#ifdef __GLIBC__

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct mallinfo __libc_mallinfo(void);

START_TEST(test_mallinfo_tells_of_the_region) {
    size_t used = (size_t)mallinfo().uordblks;
    void *object = malloc(1 << 20);
    ck_assert_int_eq(mallinfo().arena, 64 << 20);
    ck_assert_int_eq(__libc_mallinfo().arena, 64 << 20);
    ck_assert_uint_eq((size_t)mallinfo().uordblks, used + (1 << 20));
    ck_assert_int_eq(mallinfo().uordblks + mallinfo().fordblks, 64 << 20);
#ifdef HAVE_MALLINFO2
    ck_assert_uint_eq(mallinfo2().uordblks, used + (1 << 20));
#endif
    free(object);
}
END_TEST

START_TEST(test_malloc_info_prints_xml) {
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    ck_assert_int_eq(malloc_info(0, stream), 0);
    fclose(stream);
    ck_assert_ptr_nonnull(strstr(text, "<total type=\"region\" count=\"1\" size=\"67108864\"/>"));
    ck_assert_ptr_nonnull(strstr(text, "</malloc>\n"));
    free(text);
    errno = 0;
    ck_assert_int_eq(malloc_info(1, stdout), -1);
    ck_assert_int_eq(errno, EINVAL);
}
END_TEST

/* What goes to standard error meanwhile. */
static void read_stats(char *text, size_t room) {
    int ends[2], saved = dup(STDERR_FILENO);
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    malloc_stats();
    dup2(saved, STDERR_FILENO);
    close(ends[1]);
    ssize_t length = read(ends[0], text, room - 1);
    ck_assert_int_gt(length, 0);
    text[length] = '\0';
}

START_TEST(test_malloc_stats_prints_to_standard_error) {
    char text[2000];
    free(foreign(10));
    read_stats(text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "region bytes               67108864\n"));
    ck_assert_ptr_nonnull(strstr(text, "foreign frees                     1\n"));
}
END_TEST

START_TEST(test_malloc_trim_gives_pages_back) {
    void *object = malloc(1 << 20);
    fill_bytes(object, 1, 1 << 20);
    free(object);
    ck_assert_int_eq(malloc_trim(0), 1);
    ck_assert_int_eq(mallopt(M_MMAP_THRESHOLD, 1), 1);
}
END_TEST

#endif

int main(int argc, char **argv) {
    (void)argc;
    TCase *tests = tcase_create("freeing");
    tcase_add_test(tests, test_free_keeps_errno);
    tcase_add_test(tests, test_frees_of_C23_free);
    tcase_add_test(tests, test_all_of_the_usable_size_can_be_used);
#ifdef __GLIBC__
    tcase_add_test(tests, test_pointers_of_libc_go_to_libc);
    tcase_add_test(tests, test_mallinfo_tells_of_the_region);
    tcase_add_test(tests, test_malloc_info_prints_xml);
    tcase_add_test(tests, test_malloc_stats_prints_to_standard_error);
    tcase_add_test(tests, test_malloc_trim_gives_pages_back);
#endif
    return run_with_module(tests, argv);
}
