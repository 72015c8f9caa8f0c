/*
 * test_error.c - m_error behaves as errno does: one for each thread, an lvalue,
 * never cleared by success; the plain int m_error beside it; and the words that
 * Mem_StrError has for each value.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* In plain_m_error.c, which does not include mem.h. */
int plain_m_error(void);

/* ---- one thread ---- */

START_TEST(test_m_error_is_0_at_first) {
    ck_assert_int_eq(m_error, 0);
    ck_assert_int_eq(plain_m_error(), 0);
}
END_TEST

START_TEST(test_m_error_is_an_lvalue) {
    m_error = 17;
    ck_assert_int_eq(m_error, 17);
    m_error++;
    ck_assert_int_eq(*Mem_ErrorLocation(), 18);
    ck_assert_ptr_eq(&m_error, Mem_ErrorLocation());
}
END_TEST

START_TEST(test_each_failure_sets_its_own_error) {
    assert_refused(E_NO_SPACE, Mem_Alloc(1, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Alloc(0, FIRSTFIT));
    assert_fails(E_BAD_POINTER, Mem_Free(&region));
    assert_fails(E_BAD_ARGS, Mem_Check());
    init_region(REGION);
    assert_fails(E_BAD_ARGS, Mem_Init(REGION));
    assert_refused(E_NO_SPACE, Mem_Alloc(REGION + 1, WORSTFIT));
    assert_refused(E_BAD_ARGS, Mem_Alloc(1, 3));
    assert_fails(E_BAD_POINTER, Mem_Free(region));
    Mem_FreeList()->size = 0;
    assert_fails(E_CORRUPT_FREESPACE, Mem_Check());
}
END_TEST

START_TEST(test_success_never_clears_it) {
    assert_refused(E_NO_SPACE, Mem_Alloc(1, FIRSTFIT));
    init_region(REGION);
    ck_assert_int_eq(m_error, E_NO_SPACE);
    for (int style = BESTFIT; style <= FIRSTFIT; style++) {
        void *object = Mem_Alloc(100, style);
        ck_assert_ptr_nonnull(object);
        ck_assert_int_eq(m_error, E_NO_SPACE);
        ck_assert_int_eq(Mem_Free(object), 0);
        ck_assert_int_eq(m_error, E_NO_SPACE);
    }
    ck_assert_int_eq(Mem_Free(NULL), 0);
    ck_assert_int_eq(Mem_Check(), 0);
    ck_assert_ptr_nonnull(Mem_FreeList());
    ck_assert_ptr_nonnull(Mem_StrError(0));
    free(captured(Mem_Dump));
    ck_assert_int_eq(m_error, E_NO_SPACE);
    ck_assert_int_eq(plain_m_error(), E_NO_SPACE);
}
END_TEST

START_TEST(test_location_stays_the_same) {
    int *location = Mem_ErrorLocation();
    ck_assert_ptr_nonnull(location);
    ck_assert_int_eq(Mem_Init(-1), -1);
    ck_assert_ptr_eq(Mem_ErrorLocation(), location);
    init_region(REGION);
    ck_assert_ptr_eq(Mem_ErrorLocation(), location);
    ck_assert_int_eq(*location, E_BAD_ARGS);
}
END_TEST

/* ---- several threads ---- */

enum { THREADS = 8 };

struct witness {
    pthread_t thread;
    pthread_barrier_t *all;
    int at_first, at_last;
    int *location, *location_again;
};

/* Sees its own error only, while all the others set theirs. */
static void *witness(void *argument) {
    struct witness *self = argument;
    self->at_first = m_error;
    self->location = Mem_ErrorLocation();
    m_error = 100 + (int)(self->location != NULL);
    pthread_barrier_wait(self->all);
    Mem_Free(&self->thread);
    pthread_barrier_wait(self->all);
    self->location_again = Mem_ErrorLocation();
    self->at_last = m_error;
    pthread_barrier_wait(self->all); /* all are alive until all have looked */
    return NULL;
}

START_TEST(test_each_thread_has_its_own) {
    struct witness all[THREADS];
    pthread_barrier_t barrier;

    m_error = 4711;
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        all[i].all = &barrier;
        all[i].thread = start_thread(witness, &all[i]);
    }
    for (int i = 0; i < THREADS; i++)
        join_thread(all[i].thread);
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(all[i].at_first, 0);
        ck_assert_int_eq(all[i].at_last, E_BAD_POINTER);
        ck_assert_ptr_eq(all[i].location, all[i].location_again);
        ck_assert_ptr_ne(all[i].location, Mem_ErrorLocation());
        for (int j = 0; j < i; j++)
            ck_assert_ptr_ne(all[i].location, all[j].location);
    }
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

static void *fail_with_bad_args(void *unused) {
    (void)unused;
    Mem_Alloc(-1, FIRSTFIT);
    return NULL;
}

START_TEST(test_failure_of_another_thread_is_not_seen) {
    init_region(REGION);
    assert_fails(E_BAD_POINTER, Mem_Free(region));
    pthread_t thread = start_thread(fail_with_bad_args, NULL);
    join_thread(thread);
    ck_assert_int_eq(m_error, E_BAD_POINTER);
}
END_TEST

/* ---- the plain int ---- */

START_TEST(test_plain_m_error_is_the_last_error) {
    Mem_Alloc(1, FIRSTFIT);
    ck_assert_int_eq(plain_m_error(), E_NO_SPACE);
    Mem_Free(&region);
    ck_assert_int_eq(plain_m_error(), E_BAD_POINTER);
    Mem_Init(0);
    ck_assert_int_eq(plain_m_error(), E_BAD_ARGS);
    init_region(REGION);
    Mem_FreeList()->next = Mem_FreeList();
    Mem_Check();
    ck_assert_int_eq(plain_m_error(), E_CORRUPT_FREESPACE);
    ck_assert_ptr_nonnull(Mem_Alloc(1, FIRSTFIT));
    ck_assert_int_eq(plain_m_error(), E_CORRUPT_FREESPACE);
}
END_TEST

START_TEST(test_plain_m_error_is_the_last_of_any_thread) {
    Mem_Free(&region);
    ck_assert_int_eq(plain_m_error(), E_BAD_POINTER);
    pthread_t thread = start_thread(fail_with_bad_args, NULL);
    join_thread(thread);
    ck_assert_int_eq(plain_m_error(), E_BAD_ARGS);
    ck_assert_int_eq(m_error, E_BAD_POINTER);
}
END_TEST

/* ---- words ---- */

static const int known[] = {0, E_NO_SPACE, E_CORRUPT_FREESPACE, E_BAD_ARGS, E_BAD_POINTER};
static const int unknown[] = {3, 6, 7, -1, 99, 4711, INT_MAX, INT_MIN};

static void assert_sentence(const char *text) {
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_ge(strlen(text), 5);
    ck_assert_msg(text[strlen(text) - 1] != '.', "\"%s\" ends with a full stop", text);
    ck_assert_msg(strchr(text, '\n') == NULL, "\"%s\" is more than a line", text);
}

START_TEST(test_each_known_error_has_a_sentence_of_its_own) {
    for (size_t i = 0; i < COUNT(known); i++) {
        assert_sentence(Mem_StrError(known[i]));
        ck_assert_ptr_eq(Mem_StrError(known[i]), Mem_StrError(known[i]));
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(Mem_StrError(known[i]), Mem_StrError(known[j]));
    }
}
END_TEST

START_TEST(test_unknown_errors_have_a_sentence_too) {
    m_error = 4711;
    for (size_t i = 0; i < COUNT(unknown); i++) {
        assert_sentence(Mem_StrError(unknown[i]));
        for (size_t j = 0; j < COUNT(known); j++)
            ck_assert_str_ne(Mem_StrError(unknown[i]), Mem_StrError(known[j]));
    }
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

int main(void) {
    TCase *tests = new_case("error");

    tcase_add_test(tests, test_m_error_is_0_at_first);
    tcase_add_test(tests, test_m_error_is_an_lvalue);
    tcase_add_test(tests, test_each_failure_sets_its_own_error);
    tcase_add_test(tests, test_success_never_clears_it);
    tcase_add_test(tests, test_location_stays_the_same);
    tcase_add_test(tests, test_each_thread_has_its_own);
    tcase_add_test(tests, test_failure_of_another_thread_is_not_seen);
    tcase_add_test(tests, test_plain_m_error_is_the_last_error);
    tcase_add_test(tests, test_plain_m_error_is_the_last_of_any_thread);
    tcase_add_test(tests, test_each_known_error_has_a_sentence_of_its_own);
    tcase_add_test(tests, test_unknown_errors_have_a_sentence_too);
    return run_case(tests);
}
