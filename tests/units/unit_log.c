/*
 * unit_log.c - log.h, log_events.h, mlog.h: what is in a log is read as it was written; a
 * damaged one is refused, and never does harm.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "log_events.h"
#include "read/mlog.h"
#include "trace.h"
#include "unit.h"

/* ---- A log in memory, as the module writes it ---- */

enum { CHUNKS = 8 };

struct written {
    struct mem_log header;
    unsigned char chunks[CHUNKS][MEM_LOG_EVENTS];
    unsigned char *at;     /* where the next number goes */
    struct mem_chunk *now; /* in this chunk */
    uint64_t last;
};

static struct written w;

static void begin_log(void) {
    memset(&w, 0, sizeof w);
    mem_log_begin(&w.header, MEM_LOG_RECORDING);
}

static struct mem_process *image_at(uint32_t number) {
    return (struct mem_process *)(void *)w.chunks[number];
}

static void begin_image(uint32_t inherits, uint64_t inherited) {
    uint32_t number = w.header.taken++;
    struct mem_process *image = image_at(number);
    image->chunk = (struct mem_chunk){.kind = MEM_CHUNK_FIRST, .image = number};
    image->state = MEM_PROCESS_LIVE;
    image->pid = 100 + (int32_t)number;
    image->inherits = inherits;
    image->inherited = inherited;
    strcpy(image->executable, "/bin/program");
    w.now = &image->chunk;
    w.at = (unsigned char *)(image + 1);
}

static void begin_chunk(uint32_t of) {
    uint32_t number = w.header.taken++;
    w.now = (struct mem_chunk *)(void *)w.chunks[number];
    *w.now = (struct mem_chunk){.kind = MEM_CHUNK_MORE, .image = of};
    w.at = (unsigned char *)(w.now + 1);
}

static void put(uint64_t number) {
    unsigned char *end = mem_event_put(w.at, number);
    w.now->used += (uint32_t)(end - w.at);
    w.at = end;
}

static void put_place(uint64_t granule) {
    put(mem_event_folded((int64_t)(granule - w.last)));
    w.last = granule;
}

static void put_alloc(uint64_t caller, uint64_t granule, uint64_t bytes) {
    put(caller << MEM_EVENT_BITS | MEM_EVENT_ALLOC);
    put_place(granule);
    put(bytes);
    image_at(w.now->image)->recorded++;
}

static void put_free(uint64_t caller, uint64_t granule) {
    put(caller << MEM_EVENT_BITS | MEM_EVENT_FREE);
    put_place(granule);
    image_at(w.now->image)->recorded++;
}

/* The log as a file. */
static int file_of(void) {
    static const char padding[MEM_LOG_CHUNKS];
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    int descriptor = dup(fileno(file));
    ck_assert_int_eq(pwrite(descriptor, padding, sizeof padding, 0), (ssize_t)sizeof padding);
    ck_assert_int_eq(pwrite(descriptor, &w.header, sizeof w.header, 0), (ssize_t)sizeof w.header);
    size_t bytes = (size_t)w.header.taken * MEM_LOG_EVENTS;
    ck_assert_int_eq(pwrite(descriptor, w.chunks, bytes, MEM_LOG_CHUNKS), (ssize_t)bytes);
    fclose(file);
    return descriptor;
}

/* ---- Numbers ---- */

START_TEST(test_a_difference_is_read_as_it_was_folded) {
    static const int64_t values[] = {0, 1, -1, 63, -64, 64, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        must(mem_event_unfolded(mem_event_folded(values[i])) == values[i]);
    ck_assert_uint_eq(mem_event_folded(-1), 1);
    ck_assert_uint_eq(mem_event_folded(1), 2);
}
END_TEST

/* ---- Events ---- */

static struct log log_read_from(int file) {
    struct log l;
    struct complaint c;
    if (!log_open(&l, file, &c))
        ck_abort_msg("%s", c.text);
    return l;
}

static struct log_event next(struct log_events *e) {
    struct log_event event;
    struct complaint c;
    ck_assert_int_eq(log_events_next(e, &event, &c), LOG_EVENT);
    return event;
}

static void expect_end(struct log_events *e) {
    struct log_event event;
    struct complaint c;
    ck_assert_int_eq(log_events_next(e, &event, &c), LOG_END);
}

static void put_all_kinds(void) {
    put(MEM_NOTE_TASK << MEM_EVENT_BITS | MEM_EVENT_NOTE);
    put(4711);
    put(MEM_NOTE_MODULE << MEM_EVENT_BITS | MEM_EVENT_NOTE);
    put(0x400000);
    put(0x1000);
    put(0x2000);
    put(4);
    memcpy(w.at, "/a b", 4);
    w.at += 4;
    w.now->used += 4;
    put(MEM_NOTE_CALLER << MEM_EVENT_BITS | MEM_EVENT_NOTE);
    put(0x400123);
    put_alloc(1, 1000000, 5000);
    put(1 << MEM_EVENT_BITS | MEM_EVENT_ALIGNED);
    put_place(4);
    put(100);
    put(6);
    put(MEM_NOTE_TASK << MEM_EVENT_BITS | MEM_EVENT_NOTE);
    put(4712);
    put(1 << MEM_EVENT_BITS | MEM_EVENT_RESIZE);
    put_place(4);
    put_place(64);
    put(1000);
    put(MEM_NOTE_THREAD << MEM_EVENT_BITS | MEM_EVENT_NOTE);
    put(1);
    put(1 << MEM_EVENT_BITS | MEM_EVENT_REFUSED);
    put(UINT64_MAX);
    put(3 << MEM_EVENT_WHY_BITS | MEM_EVENT_FRAGMENTED);
    put(MEM_EVENT_REFUSED_RESIZE);
    put_place(64);
    put(70000);
    put(0);
    put_free(0, 64);
    image_at(0)->recorded = 6;
}

START_TEST(test_each_kind_of_event_is_read_as_it_was_written) {
    begin_log();
    begin_image(0, 0);
    put_all_kinds();
    int file = file_of();
    struct log l = log_read_from(file);
    struct log_events e;
    struct complaint c;
    ck_assert(log_events_begin(&e, &l, 0, &c));

    struct log_event event = next(&e);
    ck_assert(event.kind == MEM_EVENT_ALLOC && event.to == 1000000 && event.bytes == 5000);
    ck_assert(event.caller == 1 && event.thread == 1);
    event = next(&e);
    ck_assert(event.kind == MEM_EVENT_ALIGNED && event.to == 4 && event.alignment == 6);
    event = next(&e);
    ck_assert(event.kind == MEM_EVENT_RESIZE && event.from == 4 && event.to == 64);
    ck_assert(event.bytes == 1000 && event.thread == 2);
    event = next(&e);
    ck_assert(event.kind == MEM_EVENT_REFUSED && event.bytes == UINT64_MAX);
    ck_assert(event.why == MEM_EVENT_FRAGMENTED && event.alignment == 3 && event.thread == 1);
    event = next(&e);
    ck_assert(event.kind == MEM_EVENT_REFUSED_RESIZE && event.from == 64 && event.bytes == 70000);
    ck_assert(event.why == MEM_EVENT_FULL && event.caller == 0);
    event = next(&e);
    ck_assert(event.kind == MEM_EVENT_FREE && event.from == 64);
    expect_end(&e);

    ck_assert_uint_eq(e.caller_count, 1);
    ck_assert_uint_eq(e.callers[0], 0x400123);
    ck_assert_uint_eq(e.module_count, 1);
    ck_assert_str_eq(e.modules[0].name, "/a b");
    ck_assert_uint_eq(e.modules[0].offset, 0x2000);
    log_events_end(&e);
    log_close(&l);
    close(file);
}
END_TEST

/* ---- Images ---- */

/* The bytes of the allocations of an image, in their order. */
static void expect_bytes(uint32_t image, const uint64_t *bytes, size_t count) {
    int file = file_of();
    struct log l = log_read_from(file);
    struct log_events e;
    struct complaint c;
    ck_assert(log_events_begin(&e, &l, image, &c));
    for (size_t i = 0; i < count; i++)
        must_equal(next(&e).bytes, bytes[i]);
    expect_end(&e);
    log_events_end(&e);
    log_close(&l);
    close(file);
}

START_TEST(test_events_go_on_in_the_next_chunk_of_the_image) {
    begin_log();
    begin_image(0, 0);
    put_alloc(0, 1, 11);
    begin_image(0, 0);
    put_alloc(0, 2, 22);
    begin_chunk(0);
    put_alloc(0, 3, 33);
    expect_bytes(0, (uint64_t[]){11, 33}, 2);
    expect_bytes(1, (uint64_t[]){22}, 1);
}
END_TEST

/* The parent goes on after it has forked; its child forks, too. */
START_TEST(test_a_child_has_the_events_of_its_parent_until_the_fork) {
    begin_log();
    begin_image(0, 0);
    put_alloc(0, 1, 11);
    put_alloc(0, 2, 12);
    begin_chunk(0);
    put_alloc(0, 3, 13);
    put_alloc(0, 4, 14);
    begin_image(0, 3);
    put_alloc(0, 5, 21);
    put_alloc(0, 6, 22);
    begin_image(2, 4);
    put_alloc(0, 7, 31);
    expect_bytes(0, (uint64_t[]){11, 12, 13, 14}, 4);
    expect_bytes(2, (uint64_t[]){11, 12, 13, 21, 22}, 5);
    expect_bytes(3, (uint64_t[]){11, 12, 13, 21, 31}, 5);
}
END_TEST

static void expect_complaint(int32_t pid, const char *text) {
    int file = file_of();
    struct trace t;
    struct complaint c;
    struct progress silent = {.enabled = false};
    ck_assert(!trace_read(&t, file, pid, TRACE_SHORT, &silent, &c));
    ck_assert_str_eq(c.text, text);
    trace_free(&t);
}

static void begin_small_log(void) {
    begin_log();
    begin_image(0, 0);
    put_alloc(0, 1, 11);
}

START_TEST(test_the_image_with_the_most_events_is_chosen) {
    begin_small_log();
    begin_image(0, 0);
    put_alloc(0, 2, 22);
    put_alloc(0, 3, 33);
    int file = file_of();
    struct log l = log_read_from(file);
    struct complaint c;
    uint32_t image = 99;
    ck_assert(mlog_choose(&l, 0, &image, &c) && image == 1);
    ck_assert(mlog_choose(&l, 100, &image, &c) && image == 0);
    log_close(&l);
    close(file);
    expect_complaint(7, "the log has no process 7, but 100 (program) 101 (program)");
}
END_TEST

/* ---- What cannot be read ---- */

START_TEST(test_what_cannot_be_read_is_said) {
    begin_small_log();
    w.header.magic[0] = 'x';
    expect_complaint(0, "a NUL byte: this is not a text file");
    begin_small_log();
    w.header.version = __builtin_bswap32(MEM_LOG_VERSION);
    expect_complaint(0, "the log is of a machine with the other byte order");
    begin_small_log();
    w.header.version++;
    expect_complaint(0, "the log is of another version of libmem");
    begin_small_log();
    w.header.stats++;
    expect_complaint(0, "the log is of a machine with another word size");
    begin_small_log();
    w.header.chunk = 0;
    expect_complaint(0, "the log is damaged: its first bytes contradict each other");
    begin_log();
    expect_complaint(0, "the log has no process");
    begin_log();
    mem_log_begin(&w.header, 0);
    expect_complaint(0, "the log has figures alone, and no events");
}
END_TEST

START_TEST(test_what_contradicts_itself_is_said) {
    begin_small_log();
    image_at(0)->chunk.used = MEM_LOG_EVENTS;
    expect_complaint(0, "the log is damaged in chunk 0");
    begin_small_log();
    put(MEM_EVENT_FREE); /* of what? */
    expect_complaint(0, "the log is damaged in chunk 0");
    begin_small_log();
    put(7); /* of no kind */
    expect_complaint(0, "the log is damaged in chunk 0");
    begin_small_log();
    put(9 << MEM_EVENT_BITS | MEM_EVENT_NOTE);
    expect_complaint(0, "the log is damaged in chunk 0");
    begin_small_log();
    image_at(0)->inherited = 1;
    expect_complaint(0, "the log is damaged: a process is older than its parent");
    begin_small_log();
    begin_image(0, 2);
    put_alloc(0, 2, 2);
    put_alloc(0, 3, 3);
    expect_complaint(0, "the parent has not recorded all that a process inherited");
}
END_TEST

/* Two images, and a header that tells of more than the file has room for. */
START_TEST(test_chunks_end_where_the_file_ends) {
    begin_small_log();
    uint32_t taken = w.header.taken;
    int file = file_of();
    w.header.taken = w.header.most = UINT32_MAX;
    ck_assert_int_eq(pwrite(file, &w.header, sizeof w.header, 0), (ssize_t)sizeof w.header);
    struct log l = log_read_from(file);
    ck_assert_uint_eq(l.count, taken);
    log_close(&l);
    close(file);
}
END_TEST

/* A log of three chunks, some bytes of which are wrong. */
static void write_damaged(uint64_t *random) {
    begin_log();
    begin_image(0, 0);
    put_all_kinds();
    begin_image(0, 3);
    put_all_kinds();
    begin_chunk(0);
    put_alloc(0, 3, 33);
    uint32_t part = random_below(random, 4);
    unsigned char *bytes = part == 3 ? (unsigned char *)&w.header : w.chunks[part];
    uint32_t reach = random_below(random, 2) == 0 ? 64 : 1200;
    for (uint32_t n = random_below(random, 8); n < 8; n++)
        bytes[random_below(random, reach)] = (unsigned char)random_below(random, 256);
    w.header.taken &= 3;
}

/* Whatever bytes are wrong, reading comes to an end, with an answer or a complaint. The sanitizers
 * see the rest. */
START_TEST(test_any_damage_comes_to_an_end) {
    uint64_t random = random_seed(1);
    for (int i = 0; i < 3000; i++) {
        struct trace t;
        struct complaint c = {.text = ""};
        struct progress silent = {.enabled = false};
        write_damaged(&random);
        int file = file_of();
        must(trace_read(&t, file, 0, TRACE_SHORT, &silent, &c) || c.text[0] != '\0');
        trace_free(&t);
    }
}
END_TEST

int main(void) {
    TCase *tests = new_case("log");
    tcase_add_test(tests, test_a_difference_is_read_as_it_was_folded);
    tcase_add_test(tests, test_each_kind_of_event_is_read_as_it_was_written);
    tcase_add_test(tests, test_events_go_on_in_the_next_chunk_of_the_image);
    tcase_add_test(tests, test_a_child_has_the_events_of_its_parent_until_the_fork);
    tcase_add_test(tests, test_the_image_with_the_most_events_is_chosen);
    tcase_add_test(tests, test_what_cannot_be_read_is_said);
    tcase_add_test(tests, test_what_contradicts_itself_is_said);
    tcase_add_test(tests, test_chunks_end_where_the_file_ends);
    tcase_add_test(tests, test_any_damage_comes_to_an_end);
    return run_case(tests);
}
