/*
 * unit_input.c - reads of a file that fail, or that a signal interrupts.
 *
 * The test program's own pread takes the place of libc's. mem-replay.sh tests which bytes are read.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "interposed.h"

enum { SKIPPED = 77 };

#include <limits.h>

/* With words of 32 bits, pread has other names, and the system call more arguments. */
#if !INTERPOSED || LONG_MAX == INT_MAX

int main(void) {
    return SKIPPED;
}

#else

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "input.h"

/* ---- the system ---- */

/* The read of that number, from 1, fails with that error; each gives at most so many bytes. */
static int reads, fail_at, error_of_read;
static size_t portion = SIZE_MAX;

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
    if (++reads == fail_at) {
        errno = error_of_read;
        return -1;
    }
    return syscall(SYS_pread64, descriptor, bytes, count < portion ? count : portion, offset);
}

/* ---- a file ---- */

static struct input input;

/* A trace, compressed or not, to be found from the folder of the sources. */
static const char *trace(const char *name) {
    static char path[4096];
    const char *sources = getenv("abs_srcdir");
    snprintf(path, sizeof path, "%s/traces/%s", sources != NULL ? sources : ".", name);
    return path;
}

/* Reads the file to its end; returns the bytes, or -1 when it cannot be read. */
static long bytes_of(const char *path) {
    long bytes = 0;
    int byte = INPUT_ERROR;
    reads = 0;
    if (input_open(&input, path))
        while ((byte = input_byte(&input)) != INPUT_END && byte != INPUT_ERROR)
            bytes++;
    ck_assert_int_eq(byte == INPUT_ERROR, input.error != NULL);
    input_close(&input);
    return byte == INPUT_ERROR ? -1 : bytes;
}

static const char *const names[] = {"README.md", "lua.rep.xz"};
enum { NAMES = COUNT(names) };

START_TEST(test_read_that_fails_is_an_error) {
    const char *path = trace(names[_i]);
    if (bytes_of(path) <= 0)
        return; /* not here, or no liblzma */
    const int all = reads;
    ck_assert_int_gt(all, 1);
    error_of_read = EIO;
    for (fail_at = 1; fail_at <= all; fail_at++) {
        ck_assert_int_eq(bytes_of(path), -1);
        ck_assert_str_eq(input.error, strerror(EIO));
        ck_assert_int_eq(reads, fail_at);
    }
}
END_TEST

START_TEST(test_reads_that_are_interrupted_or_short_lose_nothing) {
    const char *path = trace(names[_i]);
    const long bytes = bytes_of(path);
    error_of_read = EINTR;
    for (fail_at = 1; fail_at <= 3; fail_at++)
        ck_assert_int_eq(bytes_of(path), bytes);
    for (portion = 1; portion < 8; portion++)
        ck_assert_int_eq(bytes_of(path), bytes);
}
END_TEST

int main(void) {
    TCase *tests = new_case("input");
    tcase_add_loop_test(tests, test_read_that_fails_is_an_error, 0, NAMES);
    tcase_add_loop_test(tests, test_reads_that_are_interrupted_or_short_lose_nothing, 0, NAMES);
    return run_case(tests);
}

#endif
