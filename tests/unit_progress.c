/*
 * unit_progress.c - the bar of mem-replay: what it draws on a terminal and when, and that it
 * leaves everything else alone.
 *
 * The terminal is a pseudo-terminal, whose other end is read. No test waits: each says itself
 * when the next drawing is due.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"

enum { NEVER_KNOWN = 0, NARROW = 60, WIDE = 61, BAR = 40 };

/* ---- a terminal ---- */

static int terminal; /* its other end */

/* Makes stderr a terminal of so many columns. */
static void open_terminal(int columns) {
    const struct winsize window = {.ws_row = 24, .ws_col = (unsigned short)columns};
    terminal = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert_int_ge(terminal, 0);
    ck_assert_int_eq(grantpt(terminal), 0);
    ck_assert_int_eq(unlockpt(terminal), 0);
    const int end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(end, 0);
    ck_assert_int_eq(ioctl(end, TIOCSWINSZ, &window), 0);
    ck_assert_int_ne(dup2(end, STDERR_FILENO), -1);
}

/* Whether the system has them: what packages are built in may not. */
static bool can_open_terminal(void) {
    const int end = posix_openpt(O_RDWR | O_NOCTTY);
    if (end < 0) {
        printf("no pseudo-terminals: the bar on a terminal is not tested\n");
        return false;
    }
    close(end);
    return true;
}

/* Makes stderr a pipe. */
static void open_pipe(void) {
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_ne(dup2(ends[1], STDERR_FILENO), -1);
    terminal = ends[0];
}

/* What has been written there since the last time. A mark at its end tells that all has come. */
static const char *shown(void) {
    static char text[1000];
    size_t used = 0;
    ck_assert_int_eq(write(STDERR_FILENO, ".", 1), 1);
    do {
        const ssize_t got = read(terminal, text + used, sizeof text - 1 - used);
        ck_assert_int_gt(got, 0);
        used += (size_t)got;
    } while (text[used - 1] != '.');
    text[used - 1] = '\0';
    return text;
}

/* ---- a bar ---- */

static struct progress begun(unsigned stages) {
    struct progress p;
    progress_start(&p, stages);
    progress_stage(&p, "first");
    return p;
}

/* A step at a time when a drawing is due. */
static void due_step(struct progress *p, uint64_t done, uint64_t total) {
    p->due = 0;
    progress_step(p, done, total);
}

static void assert_bar(const char *stage, int marks, int percent) {
    char bar[100];
    int n = snprintf(bar, sizeof bar, "\r%-10s [", stage);
    memset(bar + n, ' ', BAR);
    memset(bar + n, '#', (size_t)marks);
    snprintf(bar + n + BAR, sizeof bar - (size_t)n - BAR, "] %3d%%", percent);
    ck_assert_str_eq(shown(), bar);
}

static void assert_erased(void) {
    char blank[100];
    snprintf(blank, sizeof blank, "\r%*s\r", NARROW, "");
    ck_assert_str_eq(shown(), blank);
}

START_TEST(test_bar_shows_how_far_the_stages_are) {
    open_terminal(WIDE);
    struct progress p = begun(2);
    due_step(&p, 0, 10);
    assert_bar("first", 0, 0);
    due_step(&p, 5, 10);
    assert_bar("first", 10, 25);
    due_step(&p, 10, 10);
    assert_bar("first", 20, 50);
    progress_stage(&p, "second one");
    due_step(&p, 1, 3);
    assert_bar("second one", 26, 66);
    due_step(&p, 3, 3);
    assert_bar("second one", 40, 100);
}
END_TEST

START_TEST(test_total_that_is_not_known_counts_as_nothing_done) {
    open_terminal(WIDE);
    struct progress p = begun(4);
    progress_stage(&p, "reading");
    due_step(&p, 1000, 0);
    assert_bar("reading", 10, 25);
}
END_TEST

START_TEST(test_more_than_all_is_all) {
    open_terminal(WIDE);
    struct progress p = begun(1);
    due_step(&p, 1000, 10);
    assert_bar("first", 40, 100);
}
END_TEST

START_TEST(test_first_drawing_is_due_after_half_a_second) {
    open_terminal(WIDE);
    const uint64_t before = clock_ns();
    struct progress p = begun(1);
    ck_assert_uint_ge(p.due, before + 500000000);
    ck_assert_uint_le(p.due, clock_ns() + 500000000);
    p.due = UINT64_MAX;
    progress_step(&p, 1, 2);
    ck_assert_str_eq(shown(), "");
    progress_erase(&p);
    ck_assert_str_eq(shown(), "");
}
END_TEST

START_TEST(test_next_drawing_is_due_after_a_tenth_of_a_second) {
    open_terminal(WIDE);
    struct progress p = begun(1);
    const uint64_t before = clock_ns();
    due_step(&p, 1, 2);
    ck_assert_uint_ge(p.due, before + 100000000);
    ck_assert_uint_le(p.due, clock_ns() + 100000000);
}
END_TEST

START_TEST(test_bar_is_erased_once) {
    open_terminal(WIDE);
    struct progress p = begun(1);
    due_step(&p, 1, 2);
    shown();
    progress_erase(&p);
    assert_erased();
    progress_erase(&p);
    ck_assert_str_eq(shown(), "");
    due_step(&p, 1, 2);
    assert_bar("first", 20, 50);
}
END_TEST

/* It cannot be known whether there is one. */
START_TEST(test_bar_that_was_left_is_erased) {
    open_terminal(WIDE);
    progress_erase_left();
    assert_erased();
}
END_TEST

START_TEST(test_terminal_that_does_not_know_its_width_gets_a_bar) {
    open_terminal(NEVER_KNOWN);
    struct progress p = begun(1);
    due_step(&p, 1, 2);
    assert_bar("first", 20, 50);
}
END_TEST

static void assert_nothing_is_drawn(void) {
    struct progress p = begun(1);
    due_step(&p, 1, 2);
    progress_erase(&p);
    progress_erase_left();
    ck_assert_str_eq(shown(), "");
}

START_TEST(test_narrow_terminal_gets_nothing) {
    open_terminal(NARROW);
    assert_nothing_is_drawn();
}
END_TEST

START_TEST(test_pipe_gets_nothing) {
    open_pipe();
    assert_nothing_is_drawn();
}
END_TEST

static void add_tests_of_a_terminal(TCase *tests) {
    tcase_add_test(tests, test_bar_shows_how_far_the_stages_are);
    tcase_add_test(tests, test_total_that_is_not_known_counts_as_nothing_done);
    tcase_add_test(tests, test_more_than_all_is_all);
    tcase_add_test(tests, test_first_drawing_is_due_after_half_a_second);
    tcase_add_test(tests, test_next_drawing_is_due_after_a_tenth_of_a_second);
    tcase_add_test(tests, test_bar_is_erased_once);
    tcase_add_test(tests, test_bar_that_was_left_is_erased);
    tcase_add_test(tests, test_terminal_that_does_not_know_its_width_gets_a_bar);
    tcase_add_test(tests, test_narrow_terminal_gets_nothing);
}

int main(void) {
    TCase *tests = new_case("progress");

    if (can_open_terminal())
        add_tests_of_a_terminal(tests);
    tcase_add_test(tests, test_pipe_gets_nothing);
    return run_case(tests);
}
