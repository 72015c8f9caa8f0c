/*
 * test_dump_writes.c - Mem_Dump when writes are partial, would block, or fail for good.
 *
 * The test program's own write and poll take the place of libc's.
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
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- the system ---- */

/* How the system behaves. It writes at most portion bytes at a time (0: no limit). From write
 * number first_trouble on (0: never), every other write fails with error, or returns 0 if that is
 * 0. Each poll fails with error_of_poll, if that is not 0. */
static struct {
    bool on;
    size_t portion;
    int first_trouble;
    int error;
    int error_of_poll;
} system_is;

static int writes, polls, cut_lines;

static bool is_trouble(void) {
    const int since = writes - system_is.first_trouble;
    return system_is.first_trouble > 0 && since >= 0 && since % 2 == 0;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (system_is.on && descriptor == STDOUT_FILENO) {
        writes++;
        cut_lines += count == 0 || ((const char *)bytes)[count - 1] != '\n';
        if (is_trouble()) {
            errno = system_is.error;
            return system_is.error == 0 ? 0 : -1;
        }
        if (system_is.portion != 0 && count > system_is.portion)
            count = system_is.portion;
    }
    return syscall(SYS_write, descriptor, bytes, count);
}

/* Never waits. Polling with a timeout, or for anything but this descriptor, is wrong. */
int poll(struct pollfd *files, nfds_t count, int timeout) {
    /* Volatile: libc's declaration lets gcc think that the files are only written. */
    struct pollfd *volatile asked = files;
    polls++;
    if (count != 1 || asked->fd != STDOUT_FILENO || asked->events != POLLOUT || timeout >= 0)
        abort();
    errno = system_is.error_of_poll;
    files->revents = POLLOUT;
    return system_is.error_of_poll == 0 ? 1 : -1;
}

/* ---- a dump ---- */

static void dump_in_trouble(void) {
    system_is.on = true;
    writes = polls = cut_lines = 0;
    Mem_Dump();
    system_is.on = false;
}

/* Some chunks: their dump takes several writes. */
static char *make_chunks(void) {
    struct chunk chunks[100];
    for (size_t i = 0; i < COUNT(chunks); i++)
        chunks[i].size = GRANULE * (int)(1 + i % 7);
    init_region(REGION);
    cut_chunks(chunks, COUNT(chunks));
    char *text = captured(Mem_Dump);
    ck_assert_ptr_nonnull(strstr(text, "100 chunks, "));
    return text;
}

static void assert_dump_is_whole(const char *whole) {
    char *text = captured(dump_in_trouble);
    ck_assert_str_eq(text, whole);
    free(text);
}

/* The dump ends where it was; nothing more is tried. */
static void assert_dump_ends(const char *whole) {
    char *text = captured(dump_in_trouble);
    ck_assert_int_eq(writes, system_is.first_trouble);
    ck_assert_uint_lt(strlen(text), strlen(whole));
    ck_assert_int_eq(strncmp(text, whole, strlen(text)), 0);
    ck_assert_int_eq(text[0] != '\0', system_is.first_trouble > 1);
    assert_sound();
    free(text);
}

START_TEST(test_writes_of_a_part_lose_nothing) {
    char *whole = make_chunks();
    const size_t portions[] = {1, 2, 7, 100, 500, 511, 512, 513, 1023};
    for (size_t i = 0; i < COUNT(portions); i++) {
        system_is.portion = portions[i];
        assert_dump_is_whole(whole);
    }
    free(whole);
}
END_TEST

START_TEST(test_writes_that_a_signal_interrupts_lose_nothing) {
    char *whole = make_chunks();
    system_is.error = EINTR;
    system_is.portion = 100;
    system_is.first_trouble = 1 + _i;
    assert_dump_is_whole(whole);
    ck_assert_int_eq(polls, 0);
    free(whole);
}
END_TEST

START_TEST(test_full_descriptor_that_does_not_block_is_waited_for) {
    const int errors[] = {EAGAIN, EWOULDBLOCK};
    char *whole = make_chunks();
    system_is.error = errors[_i / 2];
    system_is.error_of_poll = _i % 2 == 0 ? 0 : EINTR;
    system_is.first_trouble = 1;
    assert_dump_is_whole(whole);
    ck_assert_int_eq(polls, writes / 2);
    ck_assert_int_gt(polls, 3);
    free(whole);
}
END_TEST

START_TEST(test_wait_that_fails_ends_the_dump) {
    char *whole = make_chunks();
    system_is.error = EAGAIN;
    system_is.error_of_poll = ENOMEM;
    system_is.first_trouble = 1 + _i;
    assert_dump_ends(whole);
    ck_assert_int_eq(polls, 1);
    free(whole);
}
END_TEST

START_TEST(test_write_that_fails_ends_the_dump) {
    const int errors[] = {EIO, ENOSPC, 0};
    char *whole = make_chunks();
    system_is.portion = 100;
    system_is.error = errors[_i % 3];
    system_is.first_trouble = 1 + _i / 3;
    assert_dump_ends(whole);
    ck_assert_int_eq(polls, 0);
    free(whole);
}
END_TEST

/* Other processes may write to the same file. */
START_TEST(test_each_write_ends_with_a_line) {
    free(make_chunks());
    free(captured(dump_in_trouble));
    ck_assert_int_gt(writes, 3);
    ck_assert_int_eq(cut_lines, 0);
}
END_TEST

int main(void) {
    TCase *tests = new_case("dump_writes");
    tcase_add_test(tests, test_writes_of_a_part_lose_nothing);
    tcase_add_loop_test(tests, test_writes_that_a_signal_interrupts_lose_nothing, 0, 2);
    tcase_add_loop_test(tests, test_full_descriptor_that_does_not_block_is_waited_for, 0, 4);
    tcase_add_loop_test(tests, test_wait_that_fails_ends_the_dump, 0, 3);
    tcase_add_loop_test(tests, test_write_that_fails_ends_the_dump, 0, 9);
    tcase_add_test(tests, test_each_write_ends_with_a_line);
    return run_case(tests);
}

#endif
