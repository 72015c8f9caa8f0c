/*
 * unit_resident.c - resident.h: the figures are exact, a mapping that has come is found, and what
 * the system does not tell is 0.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "resident.h"

enum { SKIPPED = 77 };

/* ---- mappings ---- */

/* Maps so many pages with room around them, so that no other mapping is taken for a part of it. */
static char *map(size_t pages) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char *whole = mmap(NULL, (pages + 2) * page(), PROT_NONE, flags, -1, 0);
    ck_assert_ptr_ne(whole, MAP_FAILED);
    ck_assert_int_eq(mprotect(whole + page(), pages * page(), PROT_READ | PROT_WRITE), 0);
#ifdef MADV_NOHUGEPAGE
    (void)madvise(whole + page(), pages * page(), MADV_NOHUGEPAGE);
#endif
    return whole + page();
}

/* Writes to the first of each so many pages; returns how many these are. */
static size_t touch(char *start, size_t pages, size_t every) {
    size_t count = 0;
    for (size_t i = 0; i < pages; i += every, count++)
        start[i * page()] = 1;
    return count;
}

/* No file can be opened after that: the system tells nothing. */
static void open_nothing(void) {
    const struct rlimit none = {0, 0};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
}

/* ---- how much ---- */

enum { PAGES = 2500 };

/* The test may itself touch a page or two of its stack meanwhile. */
START_TEST(test_bytes_of_the_process_grow_by_what_is_touched) {
    char *start = map(PAGES);
    const size_t before = resident_bytes();
    const size_t touched = touch(start, PAGES, 1) * page();
    const size_t grown = resident_bytes() - before;
    ck_assert_uint_ge(grown, touched);
    ck_assert_uint_lt(grown, touched + 16 * page());
}
END_TEST

START_TEST(test_part_counts_the_pages_touched) {
    static const size_t steps[] = {1, 2, 3, 1000, 1023, 1024, 1025, 2499};
    for (size_t i = 0; i < COUNT(steps); i++) {
        char *start = map(PAGES);
        ck_assert_uint_eq(resident_part(start, PAGES * page()), 0);
        const size_t touched = touch(start, PAGES, steps[i]) * page();
        ck_assert_uint_eq(resident_part(start, PAGES * page()), touched);
        ck_assert_uint_eq(resident_part(start, (PAGES - 1) * page() + 1), touched);
        ck_assert_uint_eq(resident_part(start, 1), page());
        ck_assert_uint_eq(resident_part(start, 0), 0);
    }
}
END_TEST

START_TEST(test_part_that_is_not_mapped_is_0) {
    char *start = map(PAGES);
    touch(start, PAGES, 1);
    munmap(start + page(), page());
    ck_assert_uint_eq(resident_part(start, PAGES * page()), 0);
}
END_TEST

START_TEST(test_mapping_counts_the_pages_touched) {
    char *start = map(PAGES), *other = map(PAGES);
    touch(other, PAGES, 1);
    ck_assert_uint_eq(resident_mapping(start), 0);
    const size_t touched = touch(start, PAGES, 3) * page();
    ck_assert_uint_eq(resident_mapping(start), touched);
    ck_assert_uint_eq(resident_mapping(start + page()), 0);
    ck_assert_uint_eq(resident_mapping(start - page()), 0);
}
END_TEST

/* ---- which ---- */

START_TEST(test_mapping_that_has_come_is_found) {
    struct resident_mappings before;
    resident_list(&before);
    ck_assert_uint_gt(before.count, 0);
    char *start = map(1);
    ck_assert_ptr_eq(resident_added(&before, NULL), start);
    ck_assert_ptr_null(resident_added(&before, start));
    ck_assert_ptr_null(resident_added(&before, start + page() - 1));
    ck_assert_ptr_eq(resident_added(&before, start + page()), start);
    ck_assert_ptr_eq(resident_added(&before, start - 1), start);
}
END_TEST

START_TEST(test_of_two_mappings_the_one_without_the_address_is_found) {
    struct resident_mappings before;
    resident_list(&before);
    char *one = map(3), *two = map(3);
    ck_assert_ptr_null(resident_added(&before, NULL));
    ck_assert_ptr_eq(resident_added(&before, two + page()), one);
    ck_assert_ptr_eq(resident_added(&before, one), two);
}
END_TEST

START_TEST(test_none_is_found_where_none_has_come) {
    struct resident_mappings before;
    map(1);
    resident_list(&before);
    ck_assert_ptr_null(resident_added(&before, NULL));
}
END_TEST

START_TEST(test_list_that_has_no_room_is_none) {
    struct resident_mappings before;
    for (int i = 0; i < RESIDENT_MAPPINGS; i++)
        map(1);
    resident_list(&before);
    ck_assert_uint_eq(before.count, 0);
    map(1);
    ck_assert_ptr_null(resident_added(&before, NULL));
}
END_TEST

/* ---- nothing to be known ---- */

START_TEST(test_what_the_system_does_not_tell_is_0) {
    struct resident_mappings before, none;
    char *start = map(1);
    touch(start, 1, 1);
    resident_list(&before);
    ck_assert_uint_gt(resident_mapping(start), 0);
    map(1);
    open_nothing();
    resident_list(&none);
    ck_assert_uint_eq(none.count, 0);
    ck_assert_uint_eq(resident_bytes(), 0);
    ck_assert_uint_eq(resident_mapping(start), 0);
    ck_assert_ptr_null(resident_added(&before, NULL));
}
END_TEST

int main(void) {
    if (watched() || SANITIZED || resident_bytes() == 0) /* tools map what they need at any time */
        return SKIPPED;
    TCase *tests = new_case("resident");
    tcase_add_test(tests, test_bytes_of_the_process_grow_by_what_is_touched);
    tcase_add_test(tests, test_part_counts_the_pages_touched);
    tcase_add_test(tests, test_part_that_is_not_mapped_is_0);
    tcase_add_test(tests, test_mapping_counts_the_pages_touched);
    tcase_add_test(tests, test_mapping_that_has_come_is_found);
    tcase_add_test(tests, test_of_two_mappings_the_one_without_the_address_is_found);
    tcase_add_test(tests, test_none_is_found_where_none_has_come);
    tcase_add_test(tests, test_list_that_has_no_room_is_none);
    tcase_add_test(tests, test_what_the_system_does_not_tell_is_0);
    return run_case(tests);
}
