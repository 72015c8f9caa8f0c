/*
 * test_header.c - the constants and types of mem.h, which programs are built
 * with and so can never change, and MEM_NO_SHORT_NAMES, which leaves the names
 * BF, WF, FF and m_error to the program.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#define MEM_NO_SHORT_NAMES
#include "mem.h"

#if defined BF || defined WF || defined FF || defined m_error
#error "MEM_NO_SHORT_NAMES leaves a short name defined"
#endif

enum { BF = 10, WF = 11, FF = 12 };
extern int m_error; /* the library's plain global */

#include "support.h"

#include <stdio.h>

START_TEST(test_values_of_styles) {
    ck_assert_int_eq(BESTFIT, 0);
    ck_assert_int_eq(WORSTFIT, 1);
    ck_assert_int_eq(FIRSTFIT, 2);
}
END_TEST

START_TEST(test_values_of_errors) {
    ck_assert_int_eq(E_NO_SPACE, 1);
    ck_assert_int_eq(E_CORRUPT_FREESPACE, 2);
    ck_assert_int_eq(E_BAD_ARGS, 4);
    ck_assert_int_eq(E_BAD_POINTER, 5);
    ck_assert_int_eq(E_NO_MEMORY, 6);
}
END_TEST

START_TEST(test_node_has_its_members_and_types) {
    struct __list_t node = {.size = 16, .type = 1, .next = NULL};
    MemNodePtr pointer = &node;
    ck_assert(_Generic(pointer->size, int : 1, default : 0));
    ck_assert(_Generic(pointer->type, _Bool : 1, default : 0));
    ck_assert(_Generic(pointer->next, MemNodePtr : 1, default : 0));
    ck_assert(_Generic(pointer, struct __list_t * : 1, default : 0));
    ck_assert_ptr_eq(&pointer->size, pointer);
}
END_TEST

START_TEST(test_functions_have_their_types) {
    ck_assert(_Generic(&Mem_Init, int (*)(int) : 1, default : 0));
    ck_assert(_Generic(&Mem_Alloc, void *(*)(int, int) : 1, default : 0));
    ck_assert(_Generic(&Mem_Free, int (*)(void *) : 1, default : 0));
    ck_assert(_Generic(&Mem_Dump, void (*)(void) : 1, default : 0));
    ck_assert(_Generic(&Mem_FreeList, MemNodePtr(*)(void) : 1, default : 0));
    ck_assert(_Generic(&Mem_Check, int (*)(void) : 1, default : 0));
    ck_assert(_Generic(&Mem_StrError, const char *(*)(int) : 1, default : 0));
    ck_assert(_Generic(&Mem_ErrorLocation, int *(*)(void) : 1, default : 0));
}
END_TEST

START_TEST(test_short_names_are_free_for_the_program) {
    ck_assert_int_eq(BF + WF + FF, 33);
    ck_assert_ptr_null(Mem_Alloc(1, FIRSTFIT));
    ck_assert_int_eq(*Mem_ErrorLocation(), E_NO_SPACE);
    ck_assert_int_eq(m_error, E_NO_SPACE);
    ck_assert_ptr_ne(&m_error, Mem_ErrorLocation());
}
END_TEST

START_TEST(test_version_is_the_same_in_all_its_forms) {
    char text[40];
    snprintf(text, sizeof text, "%d.%d.%d", MEM_VERSION_MAJOR, MEM_VERSION_MINOR,
             MEM_VERSION_PATCH);
    ck_assert_str_eq(MEM_VERSION_STRING, text);
    ck_assert_str_eq(Mem_Version(), text);
    ck_assert_int_eq(MEM_VERSION,
                     MEM_MAKE_VERSION(MEM_VERSION_MAJOR, MEM_VERSION_MINOR, MEM_VERSION_PATCH));
    ck_assert_int_lt(MEM_MAKE_VERSION(0, 9, 99), MEM_MAKE_VERSION(0, 10, 0));
    ck_assert_int_lt(MEM_MAKE_VERSION(0, 99, 99), MEM_MAKE_VERSION(1, 0, 0));
}
END_TEST

int main(void) {
    TCase *tests = new_case("header");

    tcase_add_test(tests, test_values_of_styles);
    tcase_add_test(tests, test_values_of_errors);
    tcase_add_test(tests, test_node_has_its_members_and_types);
    tcase_add_test(tests, test_functions_have_their_types);
    tcase_add_test(tests, test_short_names_are_free_for_the_program);
    tcase_add_test(tests, test_version_is_the_same_in_all_its_forms);
    return run_case(tests);
}
