/*
 * test_aligning.c - the functions with an alignment: which ones they take, what they say of others,
 * and what they leave alone.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "family.h"

#include <unistd.h>

static size_t page(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

/* Compilers warn of alignments that they see to be wrong. */
static size_t unseen(size_t alignment) {
    volatile size_t copy = alignment;
    return copy;
}

START_TEST(test_objects_are_aligned_as_asked) {
    for (size_t alignment = 1; alignment <= 1 << 20; alignment *= 2) {
        void *object = aligned_alloc(alignment, 24);
        ck_assert_ptr_nonnull(object);
        ck_assert(is_aligned(object, alignment));
        void *other = memalign(alignment, 24);
        ck_assert(other != NULL && is_aligned(other, alignment));
        free(object);
        free(other);
    }
}
END_TEST

START_TEST(test_aligned_alloc_checks_alignment_alone) {
    assert_refuses(EINVAL, aligned_alloc(unseen(0), 16));
    assert_refuses(EINVAL, aligned_alloc(unseen(3), 3));
    assert_refuses(EINVAL, aligned_alloc(unseen(48), 48));
    ck_assert_ptr_nonnull(aligned_alloc(64, 1)); /* no multiple of the alignment */
    ck_assert_ptr_nonnull(aligned_alloc(64, 0));
    assert_refuses(ENOMEM, aligned_alloc(64, over_most));
    assert_refuses(ENOMEM, aligned_alloc(over_most, 1));
}
END_TEST

START_TEST(test_memalign_rounds_alignment_up) {
    ck_assert(is_aligned(memalign(unseen(0), 10), 16));
    ck_assert(is_aligned(memalign(unseen(3), 10), 16));
    ck_assert(is_aligned(memalign(unseen(65), 10), 128));
    assert_refuses(EINVAL, memalign(largest, 10));
    assert_refuses(ENOMEM, memalign(over_most, 10));
}
END_TEST

START_TEST(test_posix_memalign_returns_its_error) {
    void *const before = &errno;
    void *object = before;
    errno = 4711;
    ck_assert_int_eq(posix_memalign(&object, 0, 10), EINVAL);
    ck_assert_int_eq(posix_memalign(&object, sizeof(void *) / 2, 10), EINVAL);
    ck_assert_int_eq(posix_memalign(&object, 24, 10), EINVAL);
    ck_assert_int_eq(posix_memalign(&object, 64, over_most), ENOMEM);
    ck_assert_int_eq(posix_memalign(&object, over_most, 10), ENOMEM);
    ck_assert_ptr_eq(object, before);
    ck_assert_int_eq(errno, 4711);
    ck_assert_int_eq(posix_memalign(&object, 4096, 10), 0);
    ck_assert(object != before && is_aligned(object, 4096));
    ck_assert_int_eq(posix_memalign(&object, sizeof(void *), 0), 0);
    ck_assert_ptr_nonnull(object);
    ck_assert_int_eq(errno, 4711);
}
END_TEST

START_TEST(test_valloc_gives_pages) {
    ck_assert(is_aligned(valloc(10), page()));
    assert_refuses(ENOMEM, valloc(over_most));
}
END_TEST

#ifdef __GLIBC__
START_TEST(test_pvalloc_gives_whole_pages) {
    void *object = pvalloc(page() + 1);
    ck_assert(is_aligned(object, page()));
    ck_assert_uint_eq(malloc_usable_size(object), 2 * page());
    assert_refuses(ENOMEM, pvalloc(largest)); /* rounding up would overflow */
    assert_refuses(ENOMEM, pvalloc(largest - page() + 2));
    ck_assert_ptr_nonnull(pvalloc(0));
}
END_TEST
#endif

int main(int argc, char **argv) {
    (void)argc;
    TCase *tests = tcase_create("aligning");
    tcase_add_test(tests, test_objects_are_aligned_as_asked);
    tcase_add_test(tests, test_aligned_alloc_checks_alignment_alone);
    tcase_add_test(tests, test_memalign_rounds_alignment_up);
    tcase_add_test(tests, test_posix_memalign_returns_its_error);
    tcase_add_test(tests, test_valloc_gives_pages);
#ifdef __GLIBC__
    tcase_add_test(tests, test_pvalloc_gives_whole_pages);
#endif
    return run_with_module(tests, argv);
}
