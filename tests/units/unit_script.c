/*
 * unit_script.c - script.h: a first line is taken apart as the system and env do it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <string.h>

#include "run/script.h"

/* What is read from a text; its end is not a string's. */
static bool reads(const char *text, struct script *s) {
    char bytes[SCRIPT_LINE];
    memset(bytes, 'x', sizeof bytes);
    size_t count = strlen(text) < sizeof bytes ? strlen(text) : sizeof bytes;
    memcpy(bytes, text, count);
    return script_read(bytes, count, s);
}

static void check_line(const char *text, const char *interpreter, const char *argument) {
    struct script s;
    ck_assert(reads(text, &s));
    ck_assert_str_eq(s.interpreter, interpreter);
    ck_assert_str_eq(s.argument, argument);
}

START_TEST(test_a_line_names_an_interpreter_and_one_argument) {
    check_line("#!/bin/sh\necho", "/bin/sh", "");
    check_line("#!/bin/sh", "/bin/sh", "");
    check_line("#! \t/bin/sh  \n", "/bin/sh", "");
    check_line("#!/bin/sh -e -x \t\nmore", "/bin/sh", "-e -x");
    check_line("#!sh\n", "sh", "");
}
END_TEST

START_TEST(test_what_begins_otherwise_is_no_script) {
    struct script s;
    ck_assert(!reads("", &s));
    ck_assert(!reads("#", &s));
    ck_assert(!reads("#!", &s));
    ck_assert(!reads("#! \n/bin/sh", &s));
    ck_assert(!reads("# !/bin/sh\n", &s));
}
END_TEST

/* As Linux does, which looks at no more. */
START_TEST(test_a_long_line_is_cut) {
    struct script s;
    char text[2 * SCRIPT_LINE];
    memset(text, 'a', sizeof text);
    memcpy(text, "#!", 2);
    text[sizeof text - 1] = '\0';
    ck_assert(reads(text, &s));
    ck_assert_uint_eq(strlen(s.interpreter), SCRIPT_LINE - 1 - strlen("#!"));
}
END_TEST

/* Which program env looks for; "": none is seen. */
static void check_env(const char *text, const char *program) {
    struct script s;
    char named[SCRIPT_LINE] = "";
    ck_assert(reads(text, &s));
    ck_assert_int_eq(script_names_program(&s, named), *program != '\0');
    if (*program != '\0')
        ck_assert_str_eq(named, program);
}

START_TEST(test_env_names_a_program) {
    check_env("#!/usr/bin/env python3\n", "python3");
    check_env("#!env python3\n", "python3");
    check_env("#!/usr/bin/env -S python3 -u\n", "python3");
    check_env("#!/usr/bin/env -Spython3 -u\n", "python3");
    check_env("#!/usr/bin/env -S -i A=1 B= perl -w\n", "perl");
    check_env("#!/usr/bin/env two words\n", "two words");
}
END_TEST

START_TEST(test_what_names_no_program_is_left) {
    check_env("#!/usr/bin/env\n", "");
    check_env("#!/usr/bin/env -i\n", "");
    check_env("#!/usr/bin/env A=1\n", "");
    check_env("#!/usr/bin/env -S\n", "");
    check_env("#!/usr/bin/env -S A=1 -i\n", "");
    check_env("#!/usr/bin/python3 env\n", "");
    check_env("#!/usr/bin/myenv python3\n", "");
}
END_TEST

int main(void) {
    TCase *tests = new_case("script");
    tcase_add_test(tests, test_a_line_names_an_interpreter_and_one_argument);
    tcase_add_test(tests, test_what_begins_otherwise_is_no_script);
    tcase_add_test(tests, test_a_long_line_is_cut);
    tcase_add_test(tests, test_env_names_a_program);
    tcase_add_test(tests, test_what_names_no_program_is_left);
    return run_case(tests);
}
