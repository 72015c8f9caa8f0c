/*
 * unit_formats.c - formats.h: whatever bytes of a recording are wrong, in any format, packed or
 * not, reading it comes to an end, with an answer or a complaint. The sanitizers see the rest.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace.h"
#include "unit.h"

static const char *const samples[] = {
    "rep", "mtrace", "valgrind", "logalloc", "android", "heaptrack.raw.zst", "mlog.xz"};
enum { SAMPLES = sizeof samples / sizeof samples[0], ROOM = 8192 };

static unsigned char sample[ROOM];
static size_t length;

static void load(const char *name) {
    char path[4096];
    const char *sources = getenv("abs_srcdir");
    snprintf(path, sizeof path, "%s/tests/samples/calls.%s", sources != NULL ? sources : ".", name);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    length = fread(sample, 1, ROOM, file);
    ck_assert(length > 0 && length < ROOM);
    fclose(file);
}

/* A descriptor of a file with those bytes. */
static int file_of(const void *bytes, size_t count) {
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    int descriptor = dup(fileno(file));
    ck_assert_int_eq(pwrite(descriptor, bytes, count, 0), (ssize_t)count);
    fclose(file);
    return descriptor;
}

/* ---- Damage ---- */

/* Characters that mean something to some format are more often drawn than others. */
static unsigned char draw_byte(uint64_t *random) {
    static const char likely[] = "0123456789abcdefx \n@+-<>!()=,[]:~rvts";
    unsigned char any = (unsigned char)random_below(random, 256);
    return random_below(random, 4) == 0
               ? any
               : (unsigned char)likely[random_below(random, sizeof likely - 1)];
}

/* Changes, removes or inserts some bytes; returns how many there are. */
static size_t damage(unsigned char *bytes, uint64_t *random) {
    size_t count = length;
    memcpy(bytes, sample, length);
    for (uint32_t n = 1 + random_below(random, 6); n > 0 && count > 1; n--) {
        size_t at = random_below(random, (uint32_t)count);
        switch (random_below(random, 3)) {
        case 0:
            bytes[at] = draw_byte(random);
            break;
        case 1:
            memmove(bytes + at, bytes + at + 1, count - at - 1);
            count--;
            break;
        default:
            memmove(bytes + at + 1, bytes + at, count - at);
            bytes[at] = draw_byte(random);
            count++;
        }
    }
    return count;
}

static bool read_whole(const struct trace *t, struct complaint *c) {
    struct trace_cursor cursor;
    const struct operation *ops;
    size_t count = 1;
    bool right = trace_begin(&cursor, t, c);
    while (right && count > 0)
        right = trace_next(&cursor, &ops, &count, c);
    trace_end(&cursor);
    return right;
}

/* keep: operations that are kept in memory, at most. */
static void read_damaged(const unsigned char *bytes, size_t count, size_t keep) {
    struct trace t;
    struct complaint c = {.text = ""};
    struct progress silent = {.enabled = false};
    bool right = trace_read(&t, file_of(bytes, count), 0, keep, &silent, &c) && read_whole(&t, &c);
    must(right || c.text[0] != '\0');
    trace_free(&t);
}

START_TEST(test_any_damage_comes_to_an_end) {
    static unsigned char bytes[ROOM + 8];
    uint64_t random = random_seed(1);
    load(samples[_i]);
    for (int i = 0; i < (light() ? 300 : 3000); i++) {
        size_t count = damage(bytes, &random);
        read_damaged(bytes, count, i % 2 == 0 ? TRACE_SHORT : 0);
    }
}
END_TEST

/* ---- Passes ---- */

START_TEST(test_a_pass_reads_what_the_first_one_read) {
    struct trace kept, anew;
    struct complaint c;
    struct progress silent = {.enabled = false};
    struct trace_cursor cursor;
    const struct operation *ops;
    size_t count;
    load("valgrind");
    ck_assert(trace_read(&kept, file_of(sample, length), 0, TRACE_SHORT, &silent, &c));
    ck_assert(trace_read(&anew, file_of(sample, length), 0, 3, &silent, &c));
    ck_assert(kept.ops != NULL && anew.ops == NULL);
    ck_assert(trace_begin(&cursor, &anew, &c) && trace_next(&cursor, &ops, &count, &c));
    ck_assert_uint_eq(count, kept.count);
    for (size_t i = 0; i < count; i++)
        ck_assert(ops[i].slot == kept.ops[i].slot && ops[i].bytes == kept.ops[i].bytes &&
                  ops[i].kind == kept.ops[i].kind && ops[i].line == kept.ops[i].line);
    ck_assert(trace_next(&cursor, &ops, &count, &c) && count == 0);
    trace_end(&cursor);
    trace_free(&kept);
    trace_free(&anew);
}
END_TEST

START_TEST(test_a_file_that_changes_meanwhile_is_noticed) {
    static const char text[] = "0\n2\n2\n1\na 0 10\na 1 20\n";
    struct trace t;
    struct complaint c;
    struct progress silent = {.enabled = false};
    int file = file_of(text, sizeof text - 1);
    ck_assert(trace_read(&t, file, 0, 0, &silent, &c));
    ck_assert(read_whole(&t, &c));
    ck_assert_int_eq(ftruncate(file, 16), 0);
    ck_assert(!read_whole(&t, &c));
    ck_assert_str_eq(c.text, "the file has changed since it was read first");
    trace_free(&t);
}
END_TEST

int main(void) {
    TCase *tests = new_case("formats");
    tcase_add_loop_test(tests, test_any_damage_comes_to_an_end, 0, SAMPLES);
    tcase_add_test(tests, test_a_pass_reads_what_the_first_one_read);
    tcase_add_test(tests, test_a_file_that_changes_meanwhile_is_noticed);
    return run_case(tests);
}
