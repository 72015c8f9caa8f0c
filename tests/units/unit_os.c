/*
 * unit_os.c - os.h: what is mapped is zeroed, writable and as long as asked;
 * guard pages cannot be touched; what is unmapped is gone; what the system refuses is
 * NULL and leaves nothing behind.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/os.h"

#include "unit.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- asking the system ---- */

/* Whether a page is mapped, if only as a guard. */
static bool is_mapped(char *address) {
    unsigned char resident;
    return mincore(address, page(), &resident) == 0;
}

enum access { READ, WRITE };

/* Dies of SIGSEGV if the byte cannot be touched: without a core, and whatever a
 * sanitizer does with that signal. */
static _Noreturn void touch(char *address, enum access access) {
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGSEGV, SIG_DFL);
    volatile char *byte = address;
    if (access == READ)
        (void)*byte;
    else
        *byte = 1;
    _exit(EXIT_SUCCESS);
}

/* Whether a child that touches a byte dies of it. */
static bool faults(char *address, enum access access) {
    int status;
    pid_t child = fork();
    ck_assert_int_ne(child, -1);
    if (child == 0)
        touch(address, access);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        ck_assert_int_eq(WTERMSIG(status), SIGSEGV);
    else
        ck_assert_int_eq(status, 0);
    return WIFSIGNALED(status);
}

static bool is_zeroed(const char *memory, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        if (memory[i] != 0)
            return false;
    return true;
}

/* The sizes that are mapped, in pages. */
static const size_t pages[] = {1, 2, 3, 17, 300};

/* ---- rounding ---- */

START_TEST(test_bytes_are_rounded_up_to_whole_pages) {
    size_t p = page();
    ck_assert_uint_eq(mem_os_round(0), 0);
    ck_assert_uint_eq(mem_os_round(1), p);
    ck_assert_uint_eq(mem_os_round(p - 1), p);
    ck_assert_uint_eq(mem_os_round(p), p);
    ck_assert_uint_eq(mem_os_round(p + 1), 2 * p);
    ck_assert_uint_eq(mem_os_round(2 * p), 2 * p);
    ck_assert_uint_eq(mem_os_round(1000 * p - 1), 1000 * p);
    ck_assert_uint_eq(mem_os_round(INT_MAX), (size_t)INT_MAX + 1);
    ck_assert_uint_eq(mem_os_round((size_t)INT_MAX - p + 1), (size_t)INT_MAX - p + 1);
    ck_assert_uint_eq(mem_os_round((size_t)INT_MAX - p + 2), (size_t)INT_MAX + 1);
}
END_TEST

START_TEST(test_bytes_are_rounded_down_to_whole_pages) {
    size_t p = page();
    ck_assert_uint_eq(mem_os_round_down(0), 0);
    ck_assert_uint_eq(mem_os_round_down(1), 0);
    ck_assert_uint_eq(mem_os_round_down(p - 1), 0);
    ck_assert_uint_eq(mem_os_round_down(p), p);
    ck_assert_uint_eq(mem_os_round_down(2 * p - 1), p);
    ck_assert_uint_eq(mem_os_round_down((size_t)INT_MAX + 1), (size_t)INT_MAX + 1);
}
END_TEST

/* ---- plain mappings ---- */

START_TEST(test_mapped_memory_is_zeroed_and_keeps_what_is_written) {
    size_t bytes = pages[_i] * page();
    char *memory = mem_os_map(bytes);
    ck_assert_ptr_nonnull(memory);
    ck_assert_uint_eq((uintptr_t)memory % page(), 0);
    ck_assert(is_zeroed(memory, bytes));
    memset(memory, 0x5a, bytes);
    ck_assert_int_eq(memory[0], 0x5a);
    ck_assert_int_eq(memory[bytes - 1], 0x5a);
    munmap(memory, bytes);
}
END_TEST

START_TEST(test_memory_is_zeroed_each_time) {
    size_t bytes = 16 * page();
    for (int n = 0; n < 10; n++) {
        char *memory = mem_os_map(bytes), *guarded = mem_os_map_guarded(bytes);
        ck_assert(is_zeroed(memory, bytes));
        ck_assert(is_zeroed(guarded, bytes));
        memset(memory, 1, bytes);
        memset(guarded, 1, bytes);
        mem_os_unmap(memory, bytes);
        mem_os_unmap_guarded(guarded, bytes);
    }
}
END_TEST

START_TEST(test_largest_region_is_mapped) {
    size_t bytes = (size_t)INT_MAX + 1;
    char *memory = mem_os_map(bytes);
    ck_assert_ptr_nonnull(memory);
    memory[0] = memory[bytes - 1] = 1;
    ck_assert_int_eq(memory[bytes / 2], 0);
    munmap(memory, bytes);
}
END_TEST

START_TEST(test_memory_is_unmapped_whole) {
    size_t bytes = pages[_i] * page();
    char *memory = mem_os_map(bytes);
    ck_assert_ptr_nonnull(memory);
    for (size_t i = 0; i < bytes; i += page())
        must(is_mapped(memory + i));
    mem_os_unmap(memory, bytes);
    for (size_t i = 0; i < bytes; i += page())
        must(!is_mapped(memory + i));
}
END_TEST

START_TEST(test_pages_given_back_are_zeroed_and_the_others_kept) {
    size_t p = page();
    char *memory = mem_os_map(4 * p);
    ck_assert_ptr_nonnull(memory);
    memset(memory, 0x5a, 4 * p);
    ck_assert_uint_eq(mem_os_discard(memory + p, 2 * p), 2 * p);
    ck_assert(is_zeroed(memory + p, 2 * p));
    ck_assert_int_eq(memory[p - 1], 0x5a);
    ck_assert_int_eq(memory[3 * p], 0x5a);
    memset(memory + p, 0x77, 2 * p);
    ck_assert_int_eq(memory[3 * p - 1], 0x77);
    mem_os_unmap(memory, 4 * p);
}
END_TEST

START_TEST(test_pages_that_are_not_mapped_are_not_given_back) {
    char *memory = mem_os_map(page());
    mem_os_unmap(memory, page());
    ck_assert_uint_eq(mem_os_discard(memory, page()), 0);
    ck_assert(!mem_os_discard_all(memory, page()));
}
END_TEST

/* ---- guarded mappings ---- */

START_TEST(test_guarded_memory_is_zeroed_and_keeps_what_is_written) {
    size_t bytes = pages[_i] * page();
    char *memory = mem_os_map_guarded(bytes);
    ck_assert_ptr_nonnull(memory);
    ck_assert_uint_eq((uintptr_t)memory % page(), 0);
    ck_assert(is_zeroed(memory, bytes));
    memset(memory, 0x5a, bytes);
    ck_assert_int_eq(memory[0], 0x5a);
    ck_assert_int_eq(memory[bytes - 1], 0x5a);
    mem_os_unmap_guarded(memory, bytes);
}
END_TEST

/* The bytes next to the memory and the far ends of the guard pages. */
START_TEST(test_guard_pages_can_be_neither_read_nor_written) {
    size_t bytes = pages[_i] * page();
    char *memory = mem_os_map_guarded(bytes);
    char *guards[] = {memory - page(), memory - 1, memory + bytes, memory + bytes + page() - 1};
    ck_assert_ptr_nonnull(memory);
    for (size_t i = 0; i < COUNT(guards); i++) {
        ck_assert(is_mapped(memory - page()) && is_mapped(memory + bytes));
        ck_assert(faults(guards[i], READ));
        ck_assert(faults(guards[i], WRITE));
    }
    ck_assert(!faults(memory, READ));
    ck_assert(!faults(memory, WRITE));
    ck_assert(!faults(memory + bytes - 1, READ));
    ck_assert(!faults(memory + bytes - 1, WRITE));
    mem_os_unmap_guarded(memory, bytes);
}
END_TEST

START_TEST(test_guard_pages_are_unmapped_with_what_they_guard) {
    size_t bytes = pages[_i] * page();
    char *memory = mem_os_map_guarded(bytes);
    ck_assert_ptr_nonnull(memory);
    for (size_t i = 0; i < bytes + 2 * page(); i += page())
        must(is_mapped(memory - page() + i));
    mem_os_unmap_guarded(memory, bytes);
    for (size_t i = 0; i < bytes + 2 * page(); i += page())
        must(!is_mapped(memory - page() + i));
}
END_TEST

/* ---- as the kernel sees it ---- */

/* Finds the line of /proc/self/smaps that begins with a name, for the mapping in
 * which an address lies. */
static bool read_smaps(const char *address, const char *name, char *line, size_t size) {
    FILE *file = fopen("/proc/self/smaps", "r");
    bool inside = false, found = false;
    if (file == NULL)
        return false;
    while (!found && fgets(line, (int)size, file) != NULL) {
        uintptr_t first, end;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &first, &end) == 2)
            inside = first <= (uintptr_t)address && (uintptr_t)address < end;
        found = inside && strncmp(line, name, strlen(name)) == 0;
    }
    fclose(file);
    return found;
}

/* Fails the test if the mapping in which an address lies lacks a flag. Tests nothing where the
 * kernel shows no flags. */
static void assert_flag(const char *address, const char *flag) {
    char flags[256];
    if (read_smaps(address, "VmFlags:", flags, sizeof flags))
        ck_assert_msg(strstr(flags, flag) != NULL, "no%s in %s", flag, flags);
}

/* Whether the kernel might put huge pages anywhere at all. */
static bool has_huge_pages(void) {
    return access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) == 0;
}

/* Without nh, "no huge pages", the first touch could make 2 MiB of the index
 * resident. */
START_TEST(test_guarded_memory_is_in_small_pages) {
    size_t bytes = 1000 * page();
    char *memory = mem_os_map_guarded(bytes);
    ck_assert_ptr_nonnull(memory);
    if (has_huge_pages()) {
        assert_flag(memory, " nh");
        assert_flag(memory + bytes - 1, " nh");
    }
    mem_os_unmap_guarded(memory, bytes);
}
END_TEST

/* The flag is nr, "not reserved". */
START_TEST(test_no_swap_space_is_set_aside) {
    size_t bytes = 1000 * page();
    char *memory = mem_os_map(bytes), *guarded = mem_os_map_guarded(bytes);
    ck_assert_ptr_nonnull(memory);
    ck_assert_ptr_nonnull(guarded);
    assert_flag(memory, " nr");
    assert_flag(guarded, " nr");
    munmap(memory, bytes);
    mem_os_unmap_guarded(guarded, bytes);
}
END_TEST

/* ---- refusal ---- */

START_TEST(test_absurd_sizes_are_refused) {
    const size_t p = page();
    const size_t sizes[] = {(size_t)PTRDIFF_MAX / p * p, SIZE_MAX / 4 * 3 / p * p,
                            (SIZE_MAX - 3 * p) / p * p};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        ck_assert_ptr_null(mem_os_map(sizes[i]));
        ck_assert_ptr_null(mem_os_map_guarded(sizes[i]));
    }
}
END_TEST

START_TEST(test_nothing_at_all_is_refused) {
    ck_assert_ptr_null(mem_os_map(0));
}
END_TEST

static struct rlimit limit(int resource, rlim_t bytes) {
    struct rlimit before, now;
    ck_assert_int_eq(getrlimit(resource, &before), 0);
    now = before;
    now.rlim_cur = bytes;
    ck_assert_int_eq(setrlimit(resource, &now), 0);
    return before;
}

START_TEST(test_refusal_for_want_of_addresses) {
    size_t bytes = (size_t)1 << 30;
    struct rlimit before = limit(RLIMIT_AS, (rlim_t)1 << 29);
    char *memory = mem_os_map(bytes), *guarded = mem_os_map_guarded(bytes);
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
    ck_assert_ptr_null(memory);
    ck_assert_ptr_null(guarded);
    memory = mem_os_map(bytes);
    ck_assert_ptr_nonnull(memory);
    munmap(memory, bytes);
}
END_TEST

/* The pages of this process's address space, from /proc/self/statm; 0 if that
 * cannot be read. Nothing is allocated on the way. */
static size_t address_space(void) {
    char text[64] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL)
        return 0;
    setvbuf(file, NULL, _IONBF, 0);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    return length == 0 ? 0 : (size_t)strtoull(text, NULL, 10);
}

/* Under a limit on data, guard pages can be mapped but not made writable: the second step of a
 * guarded mapping fails, and the first has to be undone. */
START_TEST(test_refusal_leaves_nothing_mapped) {
    size_t bytes = 1000 * page();
    (void)address_space(); /* a first call, so that stdio has what it needs */
    size_t space = address_space();
    struct rlimit before = limit(RLIMIT_DATA, page());
    char *memory = mem_os_map(bytes), *guarded = mem_os_map_guarded(bytes);
    ck_assert_int_eq(setrlimit(RLIMIT_DATA, &before), 0);
    ck_assert_ptr_null(memory);
    ck_assert_ptr_null(guarded);
    ck_assert_uint_eq(address_space(), space);
}
END_TEST

int main(void) {
    TCase *tests = new_case("os");
    const int count = COUNT(pages);

    tcase_add_test(tests, test_bytes_are_rounded_up_to_whole_pages);
    tcase_add_test(tests, test_bytes_are_rounded_down_to_whole_pages);
    tcase_add_loop_test(tests, test_memory_is_unmapped_whole, 0, count);
    tcase_add_test(tests, test_pages_given_back_are_zeroed_and_the_others_kept);
    tcase_add_test(tests, test_pages_that_are_not_mapped_are_not_given_back);
    tcase_add_loop_test(tests, test_mapped_memory_is_zeroed_and_keeps_what_is_written, 0, count);
    tcase_add_test(tests, test_memory_is_zeroed_each_time);
    if (can_map_int_max())
        tcase_add_test(tests, test_largest_region_is_mapped);
    tcase_add_loop_test(tests, test_guarded_memory_is_zeroed_and_keeps_what_is_written, 0, count);
    tcase_add_loop_test(tests, test_guard_pages_can_be_neither_read_nor_written, 0, count);
    tcase_add_loop_test(tests, test_guard_pages_are_unmapped_with_what_they_guard, 0, count);
    tcase_add_test(tests, test_guarded_memory_is_in_small_pages);
    tcase_add_test(tests, test_no_swap_space_is_set_aside);
    tcase_add_test(tests, test_nothing_at_all_is_refused);
    if (!light()) { /* a sanitizer aborts instead, an emulator has limits of its own */
        tcase_add_test(tests, test_absurd_sizes_are_refused);
        if (can_map_int_max())
            tcase_add_test(tests, test_refusal_for_want_of_addresses);
        tcase_add_test(tests, test_refusal_leaves_nothing_mapped);
    }
    return run_case(tests);
}
