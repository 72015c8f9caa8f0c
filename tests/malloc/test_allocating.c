/*
 * test_allocating.c - malloc, calloc, realloc and reallocarray give what libc's promise, refuse
 * what they must, and say so in errno.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "family.h"

START_TEST(test_malloc_of_0_has_an_address_of_its_own) {
    void *one = malloc(0), *other = malloc(0);
    ck_assert_ptr_nonnull(one);
    ck_assert_ptr_nonnull(other);
    ck_assert_ptr_ne(one, other);
    free(one);
    free(other);
}
END_TEST

START_TEST(test_objects_are_aligned_for_any_type) {
    for (size_t size = 1; size < 200; size++) {
        void *object = malloc(size);
        ck_assert(is_aligned(object, _Alignof(max_align_t)));
        fill_bytes(object, 7, size);
    }
}
END_TEST

START_TEST(test_more_than_PTRDIFF_MAX_is_ENOMEM) {
    assert_refuses(ENOMEM, malloc(over_most));
    assert_refuses(ENOMEM, malloc(largest));
    assert_refuses(ENOMEM, calloc(1, over_most));
    assert_refuses(ENOMEM, realloc(NULL, over_most));
}
END_TEST

START_TEST(test_product_that_overflows_is_ENOMEM) {
    assert_refuses(ENOMEM, calloc(largest / 2, 3));
    assert_refuses(ENOMEM, calloc(3, largest / 2));
    assert_refuses(ENOMEM, calloc(over_most, 2)); /* it would be 0 */
    void *object = malloc(10);
    assert_refuses(ENOMEM, reallocarray(object, largest / 2, 3));
    assert_refuses(ENOMEM, reallocarray(object, over_most, 2));
    free(object);
}
END_TEST

START_TEST(test_calloc_clears_memory_that_was_used) {
    enum { SIZE = 5000 };
    void *used = malloc(SIZE);
    fill_bytes(used, 0xa5, SIZE);
    free(used);
    void *cleared = calloc(SIZE / 4, 4);
    ck_assert_ptr_eq(cleared, used);
    ck_assert(are_bytes(cleared, 0, SIZE));
}
END_TEST

START_TEST(test_calloc_of_nothing_has_an_address_of_its_own) {
    void *none = calloc(0, 10), *empty = calloc(10, 0);
    ck_assert_ptr_nonnull(none);
    ck_assert_ptr_nonnull(empty);
    ck_assert_ptr_ne(none, empty);
}
END_TEST

START_TEST(test_realloc_of_NULL_allocates) {
    ck_assert_ptr_nonnull(realloc(NULL, 10));
    ck_assert_ptr_nonnull(realloc(NULL, 0));
    ck_assert_ptr_nonnull(reallocarray(NULL, 3, 5));
}
END_TEST

START_TEST(test_realloc_keeps_contents) {
    char *object = malloc(100);
    fill_bytes(object, 3, 100);
    void *fence = malloc(1);
    char *larger = realloc(object, 10000);
    ck_assert_ptr_ne(larger, object);
    ck_assert(are_bytes(larger, 3, 100));
    char *smaller = realloc(larger, 50);
    ck_assert(are_bytes(smaller, 3, 50));
    free(smaller);
    free(fence);
}
END_TEST

START_TEST(test_realloc_that_fails_keeps_the_object) {
    char *object = malloc(100);
    fill_bytes(object, 3, 100);
    assert_refuses(ENOMEM, realloc(object, (size_t)1 << 30));
    ck_assert(are_bytes(object, 3, 100));
    free(object);
}
END_TEST

/* glibc's way; musl leaves an object of the least size. */
START_TEST(test_realloc_to_0_frees) {
    void *object = malloc(100);
    void *resized = realloc(object, 0);
#ifdef __GLIBC__
    ck_assert_ptr_null(resized);
    void *again = malloc(100);
    ck_assert_ptr_eq(again, object);
#else
    ck_assert_ptr_eq(resized, object);
#endif
}
END_TEST

START_TEST(test_a_full_region_is_ENOMEM_and_usable_afterwards) {
    enum { SIZE = 1 << 20, MOST = 64 };
    void *objects[MOST];
    size_t count = 0;
    errno = 0;
    while (count < MOST && (objects[count] = malloc(SIZE)) != NULL)
        count++;
    ck_assert_uint_lt(count, MOST);
    ck_assert_uint_gt(count, MOST - 4);
    ck_assert_int_eq(errno, ENOMEM);
    free(objects[--count]);
    ck_assert_ptr_nonnull(malloc(SIZE));
}
END_TEST

#ifdef __GLIBC__
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *ptr);

START_TEST(test_other_names_of_glibc_are_the_same_heap) {
    free(__libc_malloc(10));
    free(__libc_calloc(10, 10));
    free(__libc_memalign(64, 10));
    __libc_free(__libc_realloc(malloc(10), 20));
}
END_TEST
#endif

int main(int argc, char **argv) {
    (void)argc;
    TCase *tests = tcase_create("allocating");
    tcase_add_test(tests, test_malloc_of_0_has_an_address_of_its_own);
    tcase_add_test(tests, test_objects_are_aligned_for_any_type);
    tcase_add_test(tests, test_more_than_PTRDIFF_MAX_is_ENOMEM);
    tcase_add_test(tests, test_product_that_overflows_is_ENOMEM);
    tcase_add_test(tests, test_calloc_clears_memory_that_was_used);
    tcase_add_test(tests, test_calloc_of_nothing_has_an_address_of_its_own);
    tcase_add_test(tests, test_realloc_of_NULL_allocates);
    tcase_add_test(tests, test_realloc_keeps_contents);
    tcase_add_test(tests, test_realloc_that_fails_keeps_the_object);
    tcase_add_test(tests, test_realloc_to_0_frees);
    tcase_add_test(tests, test_a_full_region_is_ENOMEM_and_usable_afterwards);
#ifdef __GLIBC__
    tcase_add_test(tests, test_other_names_of_glibc_are_the_same_heap);
#endif
    return run_with_module(tests, argv);
}
