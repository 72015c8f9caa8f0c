/*
 * unit_image.c - image.h: what an ELF file says is read, and a damaged one does no harm.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "random.h"
#include "run/image.h"

static const char self[] = "/proc/self/exe";

/* The first bytes of this program, all headers among them, and a file that begins with as many of
 * them as a test wants. */
enum { HEAD = 8192 };

static unsigned char head[HEAD];

static int open_self(void) {
    int file = open(self, O_RDONLY);
    ck_assert_int_ge(file, 0);
    return file;
}

static int copy_of_head(size_t count) {
    int file = memfd_create("head", 0);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, head, count), count);
    return file;
}

static void read_head(void) {
    int file = open_self();
    ck_assert_int_eq(read(file, head, HEAD), HEAD);
    close(file);
}

/* Reads all of a file, whatever it is. The result does not matter. */
static void look_at(int file) {
    struct image_kind kind;
    struct image image;
    image_read_kind(file, &kind);
    image_read(file, &image);
    ck_assert_uint_lt(strnlen(image.loader, sizeof image.loader), sizeof image.loader);
    close(file);
}

START_TEST(test_this_program_has_its_own_loader) {
    struct image image;
    int file = open_self();
    ck_assert(image_read(file, &image));
    ck_assert_str_eq(image.loader, image_own_loader());
    ck_assert_str_ne(image.loader, "");
    ck_assert(!image.is_library);
    close(file);
}
END_TEST

START_TEST(test_the_loader_is_a_library_without_one) {
    struct image image;
    int file = open(image_own_loader(), O_RDONLY);
    ck_assert(image_read(file, &image));
    ck_assert_str_eq(image.loader, "");
    ck_assert(image.is_library);
    close(file);
}
END_TEST

START_TEST(test_kinds_differ_by_word_order_and_machine) {
    enum { WORD = 4, ORDER = 5, MACHINE = 18, MACHINE_TOO };
    static const size_t places[] = {WORD, ORDER, MACHINE, MACHINE_TOO};
    struct image_kind own;
    struct image_kind other;
    read_head();
    ck_assert(image_read_kind(copy_of_head(HEAD), &own));
    ck_assert(image_same_kind(&own, &own));
    for (size_t i = 0; i < COUNT(places); i++) {
        head[places[i]] ^= 3;
        ck_assert(image_read_kind(copy_of_head(HEAD), &other));
        ck_assert(!image_same_kind(&own, &other));
        head[places[i]] ^= 3;
    }
}
END_TEST

START_TEST(test_what_is_no_elf_file_has_no_kind) {
    struct image_kind kind;
    read_head();
    ck_assert(!image_read_kind(copy_of_head(0), &kind));
    ck_assert(!image_read_kind(copy_of_head(19), &kind));
    head[1] ^= 1;
    ck_assert(!image_read_kind(copy_of_head(HEAD), &kind));
}
END_TEST

START_TEST(test_a_file_that_ends_early_does_no_harm) {
    read_head();
    for (size_t count = 0; count < 1000; count++)
        look_at(copy_of_head(count));
}
END_TEST

/* Offsets and counts that lead anywhere. */
START_TEST(test_wrong_bytes_do_no_harm) {
    uint64_t seed = random_seed(1);
    for (int i = 0; i < rounds(5000); i++) {
        read_head();
        for (int changes = 0; changes < 4; changes++)
            head[16 + random_below(&seed, 1024)] = (unsigned char)random_below(&seed, 256);
        look_at(copy_of_head(HEAD));
    }
}
END_TEST

int main(void) {
    TCase *tests = new_case("image");
    tcase_add_test(tests, test_this_program_has_its_own_loader);
    tcase_add_test(tests, test_the_loader_is_a_library_without_one);
    tcase_add_test(tests, test_kinds_differ_by_word_order_and_machine);
    tcase_add_test(tests, test_what_is_no_elf_file_has_no_kind);
    tcase_add_test(tests, test_a_file_that_ends_early_does_no_harm);
    tcase_add_test(tests, test_wrong_bytes_do_no_harm);
    return run_case(tests);
}
