/*
 * test_astray.c - no misuse leads the library astray: each misuse of bench/misuse is committed in
 * processes of its own, which then allocate, free, and check everything that they own.
 *
 * Misuses that spoil live objects, or that no library can notice, are tested as well: they show
 * that the processes notice what they check for.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include "trial.h"

static void assert_each_is(enum verdict expected, enum kind kind) {
    int tried = 0;
    for (int i = 0; i < misuse_count; i++) {
        if (misuses[i].kind != kind)
            continue;
        const enum verdict verdict = trial_worst(&misuses[i]);
        ck_assert_msg(verdict == expected, "%s: %s, not %s", misuses[i].name, verdict_name(verdict),
                      verdict_name(expected));
        tried++;
    }
    ck_assert_int_gt(tried, 0);
}

START_TEST(test_each_bad_call_is_refused_and_leaves_the_heap_sound) {
    assert_each_is(REFUSED, BAD_CALL);
}
END_TEST

START_TEST(test_each_write_to_free_memory_leaves_the_heap_sound) {
    assert_each_is(SOUND, WRITE_FREE);
}
END_TEST

START_TEST(test_each_write_into_a_live_object_spoils_its_bytes_alone) {
    assert_each_is(OVERWRITTEN, WRITE_LIVE);
}
END_TEST

START_TEST(test_free_of_a_stale_pointer_frees_the_object_that_starts_there_now) {
    assert_each_is(OVERLAPPED, UNKNOWABLE);
}
END_TEST

int main(void) {
    TCase *tests = new_case("astray");

    tcase_add_test(tests, test_each_bad_call_is_refused_and_leaves_the_heap_sound);
    tcase_add_test(tests, test_free_of_a_stale_pointer_frees_the_object_that_starts_there_now);
    if (!watched()) {
        tcase_add_test(tests, test_each_write_to_free_memory_leaves_the_heap_sound);
        tcase_add_test(tests, test_each_write_into_a_live_object_spoils_its_bytes_alone);
    }
    return run_case(tests);
}
