/*
 * unit_probe.c - the process of a probe where the system makes trouble: refuses a pipe or a
 * process, interrupts, or does not tell how the process ended.
 *
 * The test program's own functions take the place of libc's. mem-replay.sh tests what a probe
 * finds.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "interposed.h"

enum { SKIPPED = 77 };

#if !INTERPOSED || !defined __GLIBC__

int main(void) {
    return SKIPPED;
}

#else

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "probe.h"

/* ---- the system ---- */

/* The calls that fail, once, with that error. */
static int error_of_pipe, error_of_fork, error_of_read, error_of_write, error_of_wait;

static bool fails(int *error) {
    if (*error == 0)
        return false;
    errno = *error;
    *error = 0;
    return true;
}

int pipe(int ends[2]) {
    return fails(&error_of_pipe) ? -1 : (int)syscall(SYS_pipe2, ends, 0);
}

/* glibc's own name for it. */
pid_t __fork(void);

pid_t fork(void) {
    return fails(&error_of_fork) ? -1 : __fork();
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    return fails(&error_of_read) ? -1 : syscall(SYS_read, descriptor, bytes, count);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    return fails(&error_of_write) ? -1 : syscall(SYS_write, descriptor, bytes, count);
}

pid_t waitpid(pid_t child, int *status, int options) {
    return fails(&error_of_wait) ? -1 : (pid_t)syscall(SYS_wait4, child, status, options, NULL);
}

/* ---- a probe ---- */

static size_t told;
static struct complaint complaint;

static void see(void *who, size_t done) {
    (void)who;
    told = done;
}

/* Probes one allocation in a region of a page. */
static enum status probed(void) {
    struct operation op = {.slot = 1, .bytes = 100, .kind = OPERATION_ALLOC};
    const struct trace trace = {.slots = 2, .count = 1, .ops = &op};
    const struct replay_watcher watcher = {see, NULL};
    size_t index;
    return probe(&trace, page(), (struct replay_terms){.style = FIRSTFIT}, &watcher, &index,
                 &complaint);
}

static int open_files(void) {
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void assert_unusable(const char *why, int error) {
    char text[200];
    snprintf(text, sizeof text, "%s: %s", why, strerror(error));
    const int before = open_files();
    ck_assert_int_eq(probed(), UNUSABLE);
    ck_assert_str_eq(complaint.text, text);
    ck_assert_uint_eq(complaint.line, 0);
    ck_assert_int_eq(open_files(), before);
}

START_TEST(test_probe_is_served) {
    ck_assert_int_eq(probed(), SERVED);
    ck_assert_uint_eq(told, 1);
}
END_TEST

START_TEST(test_pipe_that_is_refused_is_told) {
    error_of_pipe = EMFILE;
    assert_unusable("cannot make a pipe", EMFILE);
}
END_TEST

START_TEST(test_process_that_is_refused_is_told) {
    error_of_fork = EAGAIN;
    assert_unusable("cannot start a process", EAGAIN);
}
END_TEST

START_TEST(test_process_that_cannot_be_waited_for_is_told) {
    error_of_wait = ECHILD;
    assert_unusable("cannot wait for the replay", ECHILD);
}
END_TEST

START_TEST(test_signals_do_no_harm) {
    error_of_read = EINTR;
    error_of_wait = EINTR;
    ck_assert_int_eq(probed(), SERVED);
    ck_assert_uint_eq(told, 1);
}
END_TEST

/* The child ends when nobody reads its messages any more. */
START_TEST(test_process_that_cannot_tell_ends) {
    error_of_write = EPIPE;
    ck_assert_int_eq(probed(), UNUSABLE);
    ck_assert_uint_eq(told, 0);
}
END_TEST

int main(void) {
    TCase *tests = new_case("probe");
    tcase_add_test(tests, test_probe_is_served);
    tcase_add_test(tests, test_pipe_that_is_refused_is_told);
    tcase_add_test(tests, test_process_that_is_refused_is_told);
    tcase_add_test(tests, test_process_that_cannot_be_waited_for_is_told);
    tcase_add_test(tests, test_signals_do_no_harm);
    tcase_add_test(tests, test_process_that_cannot_tell_ends);
    return run_case(tests);
}

#endif
