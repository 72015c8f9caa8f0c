/*
 * test_dump.c - Mem_Dump: a heading, one line for each free chunk (number, address, offset, size),
 * and the totals. Its lines stay in order with the program's output; it holds no lock while it
 * writes, survives a stdout that takes nothing, and writes to one without a descriptor.
 *
 * The spaces between the columns may change; the words and their order may not.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what is printed ---- */

/* Cuts off the first line of the text, without its newline; the last line too
 * must have one. */
static char *next_line(char **text) {
    char *line = *text, *end = strchr(line, '\n');
    ck_assert_msg(end != NULL, "a line is missing or not ended: \"%s\"", line);
    *end = '\0';
    *text = end + 1;
    return line;
}

static void assert_line(const char *line, size_t number, struct chunk chunk) {
    size_t shown, offset, size;
    void *address;
    int end = 0;

    sscanf(line, "%zu %p offset %zu size %zu%n", &shown, &address, &offset, &size, &end);
    if (end == 0 || line[end] != '\0' || shown != number || address != region + chunk.offset ||
        offset != (size_t)chunk.offset || size != (size_t)chunk.size)
        ck_abort_msg("line %zu must show offset %d, size %d, but is \"%s\"", number, chunk.offset,
                     chunk.size, line);
}

/* The text is exactly the dump of these chunks. Modifies the text. */
static void assert_dump_is(char *text, const struct chunk *chunks, size_t count) {
    size_t free_bytes = 0, largest = 0;
    char totals[120];

    ck_assert_str_eq(next_line(&text), "libmem: free chunks of the region");
    for (size_t i = 0; i < count; i++) {
        assert_line(next_line(&text), i + 1, chunks[i]);
        free_bytes += (size_t)chunks[i].size;
        if ((size_t)chunks[i].size > largest)
            largest = (size_t)chunks[i].size;
    }
    snprintf(totals, sizeof totals, "%zu chunk%s, %zu bytes free, largest %zu, region %zu bytes",
             count, count == 1 ? "" : "s", free_bytes, largest, region_size);
    ck_assert_str_eq(next_line(&text), totals);
    ck_assert_str_eq(text, "");
}

static void assert_dump(const struct chunk *chunks, size_t count) {
    char *text = captured(Mem_Dump);
    assert_dump_is(text, chunks, count);
    free(text);
}

START_TEST(test_before_init_it_says_that_there_is_no_region) {
    char *text = captured(Mem_Dump);
    ck_assert_str_eq(text, "libmem: no region\n");
    free(text);
}
END_TEST

START_TEST(test_after_an_init_that_failed_there_is_no_region) {
    assert_fails(E_BAD_ARGS, Mem_Init(0));
    char *text = captured(Mem_Dump);
    ck_assert_str_eq(text, "libmem: no region\n");
    free(text);
}
END_TEST

START_TEST(test_one_chunk) {
    init_region(REGION);
    const struct chunk all = {0, REGION};
    assert_dump(&all, 1);
    assert_placed(0, 100, FIRSTFIT);
    const struct chunk rest = {112, REGION - 112};
    assert_dump(&rest, 1);
}
END_TEST

START_TEST(test_several_chunks) {
    struct chunk chunks[] = {{0, 16}, {0, 4096}, {0, 1024}, {0, 16}};
    init_region(REGION);
    cut_chunks(chunks, COUNT(chunks));
    assert_dump(chunks, COUNT(chunks));
    assert_dump(chunks, COUNT(chunks)); /* the same again: it changes nothing */
    assert_list_is(chunks, COUNT(chunks));
}
END_TEST

START_TEST(test_no_chunk) {
    init_region(REGION);
    assert_placed(0, REGION, FIRSTFIT);
    assert_dump(NULL, 0);
}
END_TEST

START_TEST(test_chunk_in_the_last_granule) {
    init_region(REGION);
    assert_placed(0, REGION - GRANULE, FIRSTFIT);
    const struct chunk last = {REGION - GRANULE, GRANULE};
    assert_dump(&last, 1);
}
END_TEST

START_TEST(test_2_GiB_are_shown_in_full) {
    init_region(INT_MAX);
    char *text = captured(Mem_Dump), *rest = text;
    next_line(&rest);
    ck_assert_ptr_nonnull(strstr(next_line(&rest), "size 2147483648"));
    ck_assert_str_eq(rest, "1 chunk, 2147483648 bytes free, largest 2147483648, "
                           "region 2147483648 bytes\n");
    free(text);
}
END_TEST

/* Makes so many chunks of one granule each. */
static struct chunk *make_many_chunks(int count) {
    struct chunk *chunks = calloc((size_t)count, sizeof *chunks);
    ck_assert_ptr_nonnull(chunks);
    init_region(2 * count * GRANULE);
    for (int i = 0; i < 2 * count; i++)
        must(place(GRANULE, FIRSTFIT) == i * GRANULE);
    if (Mem_FreeList() != NULL)
        ck_assert_ptr_nonnull(Mem_Alloc(Mem_FreeList()->size, FIRSTFIT));
    for (int i = 0; i < count; i++) {
        chunks[i] = (struct chunk){2 * i * GRANULE, GRANULE};
        must(release(chunks[i].offset) == 0);
    }
    return chunks;
}

/* Counts next to powers of two, at which a batch might end. */
START_TEST(test_thousands_of_chunks_are_all_there) {
    const int counts[] = {15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 20000};
    const int count = counts[_i];
    struct chunk *chunks = make_many_chunks(count);
    assert_dump(chunks, (size_t)count);
    free(chunks);
}
END_TEST

START_TEST(test_m_error_is_left_alone) {
    m_error = 4711;
    free(captured(Mem_Dump));
    ck_assert_int_eq(m_error, 4711);
    init_region(REGION);
    free(captured(Mem_Dump));
    ck_assert_int_eq(m_error, 4711);
}
END_TEST

/* ---- where it is printed ---- */

static void dump_between_words(void) {
    printf("before, ");
    Mem_Dump();
    printf("after");
}

START_TEST(test_output_stays_in_order) {
    init_region(REGION);
    char *text = captured(dump_between_words);
    ck_assert_int_eq(strncmp(text, "before, libmem: free chunks of the region\n", 42), 0);
    const char *end = strstr(text, " bytes\nafter");
    ck_assert_ptr_nonnull(end);
    ck_assert_uint_eq(strlen(end), strlen(" bytes\nafter"));
    free(text);
}
END_TEST

START_TEST(test_output_stays_in_order_before_init) {
    char *text = captured(dump_between_words);
    ck_assert_str_eq(text, "before, libmem: no region\nafter");
    free(text);
}
END_TEST

/* ---- a stdout that makes trouble ---- */

static void assert_heap_works(void) {
    void *object = Mem_Alloc(Mem_FreeList()->size, FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    ck_assert_int_eq(Mem_Free(object), 0);
    assert_sound();
}

START_TEST(test_closed_stdout_does_no_harm) {
    free(make_many_chunks(3000));
    fflush(stdout);
    close(STDOUT_FILENO);
    Mem_Dump();
    assert_heap_works();
}
END_TEST

/* Makes stdout a pipe and returns the end to read from. */
static int pipe_to_stdout(void) {
    int ends[2];
    fflush(stdout);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_ne(dup2(ends[1], STDOUT_FILENO), -1);
    close(ends[1]);
    signal(SIGPIPE, SIG_IGN);
    return ends[0];
}

START_TEST(test_pipe_without_a_reader_does_no_harm) {
    free(make_many_chunks(3000));
    close(pipe_to_stdout());
    Mem_Dump();
    assert_heap_works();
}
END_TEST

static void *dump_and_close(void *unused) {
    (void)unused;
    Mem_Dump();
    close(STDOUT_FILENO);
    return NULL;
}

/* Starts a dump in another thread; returns when its first byte has arrived. */
static pthread_t start_dump(int pipe_end, char *first) {
    pthread_t thread = start_thread(dump_and_close, NULL);
    ck_assert_int_eq(read(pipe_end, first, 1), 1);
    return thread;
}

START_TEST(test_reader_that_goes_away_does_no_harm) {
    free(make_many_chunks(20000)); /* far more than a pipe holds */
    const int pipe_end = pipe_to_stdout();
    char first;
    pthread_t dumper = start_dump(pipe_end, &first);
    close(pipe_end);
    join_thread(dumper);
    assert_heap_works();
}
END_TEST

static void wait_until_full(int descriptor) {
    struct pollfd full = {.fd = descriptor, .events = POLLOUT};
    while (poll(&full, 1, 0) == 1 && full.revents == POLLOUT)
        sched_yield();
}

/* Reads to the end; calls the function, if there is one, before each read. */
static char *read_all(int pipe_end, char first, void (*before)(pthread_t), pthread_t thread) {
    size_t used = 1, room = 1 << 22;
    char *text = malloc(room);
    ck_assert_ptr_nonnull(text);
    text[0] = first;
    ssize_t got = 1;
    while (got > 0) {
        if (before != NULL)
            before(thread);
        ck_assert_uint_lt(used + 1000, room);
        got = read(pipe_end, text + used, 1000);
        used += got > 0 ? (size_t)got : 0;
    }
    ck_assert_int_eq(got, 0);
    text[used] = '\0';
    return text;
}

/* The dump blocks on a pipe that nobody reads, and other calls go on. If the library held its lock,
 * this test would time out. */
START_TEST(test_no_lock_is_held_while_it_writes) {
    free(make_many_chunks(20000));
    const int pipe_end = pipe_to_stdout();
    char first;
    pthread_t dumper = start_dump(pipe_end, &first);
    wait_until_full(STDOUT_FILENO);
    for (int i = 0; i < 1000; i++) {
        ck_assert_ptr_nonnull(Mem_Alloc(GRANULE, FIRSTFIT));
        sched_yield();
    }
    assert_sound();
    char *text = read_all(pipe_end, first, NULL, dumper);
    join_thread(dumper);
    ck_assert_ptr_nonnull(strstr(text, " bytes free, largest 16, region "));
    free(text);
}
END_TEST

static void ignore_signal(int number) {
    (void)number;
}

static void interrupt(pthread_t thread) {
    pthread_kill(thread, SIGUSR1);
}

/* Dumps into a pipe with these flags, and reads the other end; calls the function, if there is one,
 * before each read. */
static void assert_no_line_is_lost(int flags, void (*before)(pthread_t)) {
    enum { MANY = 5000 };
    struct chunk *chunks = make_many_chunks(MANY);
    struct sigaction handler = {.sa_handler = ignore_signal}; /* and no SA_RESTART */
    ck_assert_int_eq(sigaction(SIGUSR1, &handler, NULL), 0);
    const int pipe_end = pipe_to_stdout();
    char first;
    ck_assert_int_eq(fcntl(STDOUT_FILENO, F_SETFL, flags), 0);
    pthread_t dumper = start_dump(pipe_end, &first);
    wait_until_full(STDOUT_FILENO);
    char *text = read_all(pipe_end, first, before, dumper);
    join_thread(dumper);
    assert_dump_is(text, chunks, MANY);
    free(text);
    free(chunks);
}

START_TEST(test_signals_lose_no_line) {
    assert_no_line_is_lost(0, interrupt);
}
END_TEST

START_TEST(test_pipe_that_does_not_block_loses_no_line) {
    assert_no_line_is_lost(O_NONBLOCK, NULL);
}
END_TEST

START_TEST(test_signals_lose_no_line_in_a_pipe_that_does_not_block) {
    assert_no_line_is_lost(O_NONBLOCK, interrupt);
}
END_TEST

/* ---- a stdout without a descriptor ---- */

/* Where stdout is a variable, a program can put any stream there. */
#ifdef __GLIBC__

/* What a cookie stream has been given; it takes so many bytes, then fails. */
static struct {
    char *text;
    size_t used, room;
} given;

/* No lock is held meanwhile: the stream may use the library. */
static ssize_t take(void *unused, const char *bytes, size_t count) {
    (void)unused;
    Mem_Free(Mem_Alloc(GRANULE, FIRSTFIT));
    if (count > given.room - given.used)
        return -1;
    memcpy(given.text + given.used, bytes, count);
    given.used += count;
    return (ssize_t)count;
}

static void assert_stream_gets_dump(FILE *stream, char *const *text, int count) {
    struct chunk *chunks = make_many_chunks(count);
    FILE *usual = stdout;
    ck_assert_ptr_nonnull(stream);
    stdout = stream;
    printf("before, ");
    Mem_Dump();
    /* Flushed, before anything else is printed. */
    ck_assert_ptr_nonnull(strstr(*text, ", region "));
    printf("after");
    stdout = usual;
    fclose(stream);
    ck_assert_int_eq(strncmp(*text, "before, ", 8), 0);
    char *end = strstr(*text, "after");
    ck_assert_ptr_nonnull(end);
    ck_assert_str_eq(end, "after");
    *end = '\0';
    assert_dump_is(*text + 8, chunks, (size_t)count);
    free(chunks);
}

static const int stream_counts[] = {1, 10, 13, 14, 15, 16, 17, 2000};

START_TEST(test_memory_stream_gets_the_dump) {
    char *text = NULL;
    size_t size;
    assert_stream_gets_dump(open_memstream(&text, &size), &text, stream_counts[_i]);
    free(text);
}
END_TEST

START_TEST(test_cookie_stream_gets_the_dump) {
    given.room = 1 << 20;
    given.text = calloc(given.room + 1, 1);
    ck_assert_ptr_nonnull(given.text);
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = take});
    assert_stream_gets_dump(stream, &given.text, stream_counts[_i]);
    free(given.text);
}
END_TEST

START_TEST(test_stream_without_a_buffer_gets_the_dump) {
    given.room = 1 << 20;
    given.text = calloc(given.room + 1, 1);
    ck_assert_ptr_nonnull(given.text);
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = take});
    ck_assert_int_eq(setvbuf(stream, NULL, _IONBF, 0), 0);
    assert_stream_gets_dump(stream, &given.text, stream_counts[_i]);
    free(given.text);
}
END_TEST

START_TEST(test_stream_that_takes_nothing_does_no_harm) {
    FILE *usual = stdout;
    free(make_many_chunks(3000));
    stdout = fopencookie(NULL, "w", (cookie_io_functions_t){.write = take});
    ck_assert_ptr_nonnull(stdout);
    Mem_Dump();
    ck_assert(ferror(stdout));
    fclose(stdout);
    stdout = usual;
    assert_heap_works();
}
END_TEST

START_TEST(test_memory_stream_is_told_that_there_is_no_region) {
    FILE *usual = stdout;
    char *text = NULL;
    size_t size;
    stdout = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(stdout);
    Mem_Dump();
    ck_assert_str_eq(text, "libmem: no region\n");
    fclose(stdout);
    stdout = usual;
    free(text);
}
END_TEST

static void add_streams(TCase *tests) {
    const int counts = COUNT(stream_counts);
    tcase_add_loop_test(tests, test_memory_stream_gets_the_dump, 0, counts);
    tcase_add_loop_test(tests, test_cookie_stream_gets_the_dump, 0, counts);
    tcase_add_loop_test(tests, test_stream_without_a_buffer_gets_the_dump, 0, counts);
    tcase_add_test(tests, test_stream_that_takes_nothing_does_no_harm);
    tcase_add_test(tests, test_memory_stream_is_told_that_there_is_no_region);
}

#else

static void add_streams(TCase *tests) {
    (void)tests;
}

#endif

int main(void) {
    TCase *tests = new_case("dump");

    tcase_add_test(tests, test_before_init_it_says_that_there_is_no_region);
    tcase_add_test(tests, test_after_an_init_that_failed_there_is_no_region);
    tcase_add_test(tests, test_one_chunk);
    tcase_add_test(tests, test_several_chunks);
    tcase_add_test(tests, test_no_chunk);
    tcase_add_test(tests, test_chunk_in_the_last_granule);
    if (can_map_int_max())
        tcase_add_test(tests, test_2_GiB_are_shown_in_full);
    tcase_add_loop_test(tests, test_thousands_of_chunks_are_all_there, 0, 16);
    tcase_add_test(tests, test_m_error_is_left_alone);
    tcase_add_test(tests, test_output_stays_in_order);
    tcase_add_test(tests, test_output_stays_in_order_before_init);
    tcase_add_test(tests, test_closed_stdout_does_no_harm);
    tcase_add_test(tests, test_pipe_without_a_reader_does_no_harm);
    tcase_add_test(tests, test_reader_that_goes_away_does_no_harm);
    tcase_add_test(tests, test_no_lock_is_held_while_it_writes);
    tcase_add_test(tests, test_signals_lose_no_line);
    tcase_add_test(tests, test_pipe_that_does_not_block_loses_no_line);
    tcase_add_test(tests, test_signals_lose_no_line_in_a_pipe_that_does_not_block);
    add_streams(tests);
    return run_case(tests);
}
