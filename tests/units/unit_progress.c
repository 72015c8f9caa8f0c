/*
 * unit_progress.c - the bar of mem-replay: what it draws on a terminal and when, and that it
 * leaves everything else alone.
 *
 * The terminal is a pseudo-terminal, whose other end is read. No test waits: each sets the time of
 * the next drawing.
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

enum {
    NEVER_KNOWN = 0,
    NARROW = 50, /* the widest that is too narrow */
    WIDE = 100,
    BAR = 40, /* characters between the brackets, where there is room */
    TAIL = 18,
};

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

/* Whether the system has pseudo-terminals: where packages are built, there may be none. */
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

/* What was written there since the last call. A mark written behind it shows where it ends. */
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

static struct progress begun_as(const char *title, unsigned stages) {
    struct progress p;
    progress_start(&p, title, stages);
    progress_stage(&p, "first");
    return p;
}

static struct progress begun(unsigned stages) {
    return begun_as("a title", stages);
}

/* Steps when a drawing is due, so many minutes after the start; in minutes, a slow machine changes
 * no figure. */
static void step_after(struct progress *p, unsigned minutes, uint64_t done, uint64_t total) {
    p->due = 0;
    p->start = clock_ns() - minutes * UINT64_C(60000000000);
    progress_step(p, done, total);
}

static void due_step(struct progress *p, uint64_t done, uint64_t total) {
    step_after(p, 0, done, total);
}

/* Asserts that the line has a bar of that length with so many marks, and tail behind it. */
static void assert_line(const char *begin, int bar, int marks, const char *tail) {
    char line[200], full[BAR + 1];
    memset(full, '#', BAR);
    snprintf(line, sizeof line, "\r%s [%-*.*s]%-*s", begin, bar, marks, full, TAIL, tail);
    ck_assert_str_eq(shown(), line);
}

static void assert_erased(int characters) {
    char blank[200];
    snprintf(blank, sizeof blank, "\r%*s\r", characters, "");
    ck_assert_str_eq(shown(), blank);
}

START_TEST(test_bar_names_title_and_stage_and_how_far_they_are) {
    open_terminal(WIDE);
    struct progress p = begun(2);
    step_after(&p, 0, 0, 10);
    assert_line("a title: first    ", BAR, 0, "   0%");
    step_after(&p, 10, 5, 10);
    assert_line("a title: first    ", BAR, 10, "  25%  30 min left");
    step_after(&p, 10, 10, 10);
    assert_line("a title: first    ", BAR, 20, "  50%  10 min left");
    progress_stage(&p, "searching");
    step_after(&p, 40, 6, 10);
    assert_line("a title: searching", BAR, 32, "  80%  10 min left");
    step_after(&p, 40, 10, 10);
    assert_line("a title: searching", BAR, 40, " 100%   0 s left");
}
END_TEST

/* Reading says nothing of how long a replay takes. */
START_TEST(test_work_of_another_kind_has_stages_and_a_clock_of_its_own) {
    open_terminal(WIDE);
    struct progress p = begun(1);
    step_after(&p, 60, 10, 10);
    assert_line("a title: first    ", BAR, 40, " 100%   0 s left");
    const uint64_t before = clock_ns();
    progress_go_on(&p, 2);
    ck_assert_uint_ge(p.start, before);
    progress_stage(&p, "second");
    step_after(&p, 10, 5, 10);
    assert_line("a title: second   ", BAR, 10, "  25%  30 min left");
}
END_TEST

START_TEST(test_time_left_has_the_unit_that_is_fit) {
    open_terminal(WIDE);
    struct progress p = begun(1);
    step_after(&p, 1, 1, 2);
    const char *after = strstr(shown(), "50%");
    ck_assert_ptr_nonnull(after);
    ck_assert_int_ge(atoi(after + 3), 60);
    ck_assert_ptr_nonnull(strstr(after, " s left"));
    step_after(&p, 90, 1, 2);
    assert_line("a title: first    ", BAR, 20, "  50%  90 min left");
    step_after(&p, 600, 1, 2);
    assert_line("a title: first    ", BAR, 20, "  50%  10 h left");
}
END_TEST

START_TEST(test_time_left_is_not_guessed_at_the_begin) {
    open_terminal(WIDE);
    struct progress p = begun(1);
    step_after(&p, 2, 19, 1000);
    assert_line("a title: first    ", BAR, 0, "   1%");
    step_after(&p, 2, 25, 1000);
    assert_line("a title: first    ", BAR, 1, "   2%  78 min left");
}
END_TEST

/* From one end of the bar to the other and back. */
START_TEST(test_mark_of_a_total_that_is_not_known_moves_to_and_fro) {
    open_terminal(WIDE);
    struct progress p = begun(4);
    for (int i = 0; i <= 2 * (BAR - 3); i++) {
        const int at = i <= BAR - 3 ? i : 2 * (BAR - 3) - i;
        char line[200];
        snprintf(line, sizeof line, "\ra title: first     [%*s<=>%*s]%*s", at, "", BAR - 3 - at, "",
                 TAIL, "");
        due_step(&p, 1000, 0);
        ck_assert_str_eq(shown(), line);
    }
}
END_TEST

/* The line is one character shorter than the terminal. */
START_TEST(test_bar_is_shorter_where_there_is_less_room) {
    open_terminal(70);
    struct progress p = begun(1);
    due_step(&p, 10, 10);
    assert_line("a title: first    ", 30, 30, " 100%   0 s left");
}
END_TEST

START_TEST(test_title_is_cut_where_the_bar_cannot_be_shorter) {
    open_terminal(NARROW + 1);
    struct progress p = begun_as("a title of many words", 1);
    due_step(&p, 10, 10);
    assert_line("a titl..: first    ", 10, 10, " 100%   0 s left");
}
END_TEST

START_TEST(test_title_is_cut_between_characters) {
    open_terminal(NARROW + 1);
    struct progress p = begun_as("jj\xc3\xa9r\xc3\xb4me.rep", 1);
    due_step(&p, 10, 10);
    assert_line("jj\xc3\xa9r..: first    ", 11, 11, " 100%   0 s left");
}
END_TEST

START_TEST(test_control_characters_of_a_title_do_nothing_to_the_terminal) {
    open_terminal(WIDE);
    struct progress p = begun_as("\033[2J\n\177", 1);
    due_step(&p, 0, 10);
    assert_line("?[2J??: first    ", BAR, 0, "   0%");
}
END_TEST

START_TEST(test_more_than_all_is_all) {
    open_terminal(WIDE);
    struct progress p = begun(1);
    due_step(&p, 1000, 10);
    assert_line("a title: first    ", BAR, 40, " 100%   0 s left");
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
    assert_erased(18 + 3 + BAR + TAIL);
    progress_erase(&p);
    ck_assert_str_eq(shown(), "");
    due_step(&p, 0, 2);
    assert_line("a title: first    ", BAR, 0, "   0%");
}
END_TEST

/* Erases a bar that may or may not be there. */
START_TEST(test_bar_that_was_left_is_erased) {
    open_terminal(WIDE);
    progress_erase_left();
    assert_erased(WIDE - 1);
}
END_TEST

START_TEST(test_terminal_that_does_not_know_its_width_gets_a_bar) {
    open_terminal(NEVER_KNOWN);
    struct progress p = begun(1);
    due_step(&p, 0, 2);
    assert_line("a title: first    ", BAR, 0, "   0%");
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
    tcase_add_test(tests, test_bar_names_title_and_stage_and_how_far_they_are);
    tcase_add_test(tests, test_work_of_another_kind_has_stages_and_a_clock_of_its_own);
    tcase_add_test(tests, test_time_left_has_the_unit_that_is_fit);
    tcase_add_test(tests, test_time_left_is_not_guessed_at_the_begin);
    tcase_add_test(tests, test_mark_of_a_total_that_is_not_known_moves_to_and_fro);
    tcase_add_test(tests, test_bar_is_shorter_where_there_is_less_room);
    tcase_add_test(tests, test_title_is_cut_where_the_bar_cannot_be_shorter);
    tcase_add_test(tests, test_title_is_cut_between_characters);
    tcase_add_test(tests, test_control_characters_of_a_title_do_nothing_to_the_terminal);
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
