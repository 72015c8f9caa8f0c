/*
 * test_styles.c - which free chunk each style takes: FIRSTFIT the lowest that
 * fits, WORSTFIT the largest, BESTFIT the smallest that fits, and the lowest
 * among equals.
 *
 * The sizes tried hardest are those next to 64 granules (1 KiB, what one word
 * of a bitmap spans) and next to 255 (what a byte can count), and chunks that
 * begin or end on a multiple of 1 KiB.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>

/* ---- one rule a test, in a small heap ---- */

START_TEST(test_first_fit_takes_the_lowest_chunk_that_fits) {
    struct chunk c[] = {{0, 32}, {0, 64}, {0, 48}, {0, 64}, {0, 512}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    assert_placed(c[1].offset, 48, FIRSTFIT);
    assert_placed(c[2].offset, 48, FIRSTFIT);
    assert_placed(c[3].offset, 48, FIRSTFIT);
    assert_placed(c[4].offset, 48, FIRSTFIT);
    assert_placed(c[0].offset, 32, FIRSTFIT);
    assert_placed(c[1].offset + 48, 16, FIRSTFIT);
}
END_TEST

START_TEST(test_worst_fit_takes_the_largest_chunk) {
    struct chunk c[] = {{0, 32}, {0, 96}, {0, 160}, {0, 64}, {0, 80}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    assert_placed(c[2].offset, 32, WORSTFIT);      /* 160, 128 remain */
    assert_placed(c[2].offset + 32, 48, WORSTFIT); /* 128, 80 remain */
    assert_placed(c[1].offset, 16, WORSTFIT);      /* 96, 80 remain: three of 80 now */
    assert_placed(c[1].offset + 16, 16, WORSTFIT);
    assert_placed(c[2].offset + 80, 16, WORSTFIT);
    assert_placed(c[4].offset, 16, WORSTFIT);
    assert_placed(c[1].offset + 32, 16, WORSTFIT); /* four of 64 */
}
END_TEST

START_TEST(test_best_fit_takes_the_smallest_chunk_that_fits) {
    struct chunk c[] = {{0, 512}, {0, 48}, {0, 96}, {0, 80}, {0, 16}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    assert_placed(c[3].offset, 64, BESTFIT); /* 80, 16 remain */
    assert_placed(c[2].offset, 64, BESTFIT); /* 96, 32 remain */
    assert_placed(c[0].offset, 64, BESTFIT);
    assert_placed(c[3].offset + 64, 1, BESTFIT);
    assert_placed(c[4].offset, 16, BESTFIT);
    assert_placed(c[2].offset + 64, 16, BESTFIT);
}
END_TEST

START_TEST(test_ties_go_to_the_lowest_address) {
    const int sizes[] = {16, 32, 1008, 1024, 1040, 2048, 4064, 4080, 4096, 4112};
    const int size = sizes[_i / 3], style = styles[_i % 3];
    struct chunk c[] = {{0, size}, {0, size}, {0, size}, {0, size}};

    init_region(REGION);
    cut_chunks(c, COUNT(c));
    for (size_t i = 0; i < COUNT(c); i++)
        assert_placed(c[i].offset, size, style);
    assert_nothing_free();
    for (size_t i = COUNT(c); i-- > 0;) {
        assert_succeeds(release(c[i].offset));
        assert_placed(c[i].offset, size, style);
    }
}
END_TEST

START_TEST(test_styles_may_be_mixed) {
    struct chunk c[] = {{0, 1040}, {0, 64}, {0, 4096}, {0, 64}, {0, 2048}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    const int a = c[0].offset, b = c[1].offset, w = c[2].offset, d = c[3].offset, e = c[4].offset;

    assert_placed(w, 1024, WORSTFIT);
    assert_placed(a, 64, FIRSTFIT);
    assert_placed(b, 64, BESTFIT);
    assert_list({a + 64, 976}, {w + 1024, 3072}, {d, 64}, {e, 2048});
    assert_placed(e, 2000, BESTFIT);
    assert_placed(w + 1024, 977, FIRSTFIT);
    assert_list({a + 64, 976}, {w + 2016, 2080}, {d, 64}, {e + 2000, 48});
    assert_placed(w + 2016, 16, WORSTFIT);
    assert_placed(e + 2000, 16, BESTFIT);
    assert_succeeds(release(b));
    assert_succeeds(release(a));
    assert_list({a, 1040}, {b, 64}, {w + 2032, 2064}, {d, 64}, {e + 2016, 32});
    assert_placed(b, 50, BESTFIT);
    assert_placed(a, 50, FIRSTFIT);
    assert_placed(w + 2032, 50, WORSTFIT);
}
END_TEST

START_TEST(test_worst_fit_is_refused_when_the_largest_is_too_small) {
    struct chunk c[] = {{0, 64}, {0, 4096}, {0, 64}};
    init_region(REGION);
    cut_chunks(c, COUNT(c));
    assert_refused(E_NO_SPACE, Mem_Alloc(4097, WORSTFIT));
    assert_list_is(c, COUNT(c));
}
END_TEST

/* ---- all styles against the rule, written down in the plainest way ---- */

/* The chunk that the style takes for a request of size bytes, or NULL. */
static const struct chunk *chosen(const struct chunk *chunks, size_t count, int size, int style) {
    const struct chunk *best = NULL;
    for (const struct chunk *c = chunks; c < chunks + count; c++) {
        if (c->size < size)
            continue;
        if (best == NULL || (style == WORSTFIT && c->size > best->size) ||
            (style == BESTFIT && c->size < best->size))
            best = c;
    }
    return best;
}

/* Asserts that the list is what remains when size bytes have been cut from the chunk. */
static void assert_cut(const struct chunk *chunks, size_t count, const struct chunk *from,
                       int size) {
    struct chunk left[320];
    size_t n = 0;

    must(count <= COUNT(left));
    for (const struct chunk *c = chunks; c < chunks + count; c++) {
        const int cut = c == from ? size : 0;
        if (c->size > cut)
            left[n++] = (struct chunk){c->offset + cut, c->size - cut};
    }
    const char *fault = list_fault(left, n);
    if (fault != NULL)
        ck_abort_msg("%d bytes cut from chunk %td: %s", size, from - chunks, fault);
}

/* Requests of that many granules, by every style, each freed again. */
static void assert_styles(const struct chunk *chunks, size_t count, int granules) {
    const int size = granules * GRANULE;
    for (int style = BESTFIT; style <= FIRSTFIT; style++) {
        const struct chunk *from = chosen(chunks, count, size, style);
        const int expected = from == NULL ? NOWHERE : from->offset;
        const int offset = place(size, style);
        if (offset != expected)
            ck_abort_msg("style %d puts %d granules at offset %d, not %d", style, granules, offset,
                         expected);
        if (from == NULL)
            continue;
        assert_cut(chunks, count, from, size);
        must(release(offset) == 0);
        assert_list_is(chunks, count);
    }
}

/* Undoes cut_chunks: frees the walls between the chunks and what is behind. */
static void join_chunks(const struct chunk *chunks, size_t count) {
    int end = 0;
    for (size_t i = 0; i < count; i++) {
        const int wall = chunks[i].offset + chunks[i].size;
        must(release(wall) == 0);
        end = wall + GRANULE;
    }
    must(release(end) == 0);
}

/* In granules. */
static const int edges[] = {1, 63, 64, 65, 128, 254, 255, 256, 257};
enum { EDGES = COUNT(edges) };

/* Every three chunks of these sizes and each request near one of them. The
 * test's number moves the chunks, against the multiples of 64 granules. */
START_TEST(test_sizes_at_the_edges_of_segments_are_told_apart) {
    static const int shifts[] = {0, 1, 62, 63, 64, 65, 192, 254, 255, 256};
    init_region(REGION);
    if (shifts[_i] > 0)
        assert_placed(0, shifts[_i] * GRANULE, FIRSTFIT);
    for (int n = 0; n < EDGES * EDGES * EDGES; n += light() ? 13 : 1) {
        struct chunk chunks[] = {{0, edges[n % EDGES] * GRANULE},
                                 {0, edges[n / EDGES % EDGES] * GRANULE},
                                 {0, edges[n / EDGES / EDGES] * GRANULE}};
        cut_chunks(chunks, COUNT(chunks));
        for (int e = 0; e < EDGES; e++) {
            assert_styles(chunks, COUNT(chunks), edges[e]);
            assert_styles(chunks, COUNT(chunks), edges[e] + 1);
        }
        join_chunks(chunks, COUNT(chunks));
    }
}
END_TEST

/* A chunk that begins, ends or both on a multiple of 1 KiB, or straddles one,
 * among others that are one granule smaller and larger. */
START_TEST(test_chunks_on_multiples_of_1_KiB_are_found) {
    static const int sizes[] = {1, 2, 63, 64, 65, 127, 128, 129, 192, 320};
    const int begin = _i % 3 - 1 + 64 * (_i / 3 % 2 + 1), size = sizes[_i / 6];
    struct chunk chunks[] = {
        {0, size * GRANULE}, {0, (size + 1) * GRANULE}, {0, (size > 1 ? size - 1 : 1) * GRANULE}};

    init_region(REGION);
    assert_placed(0, begin * GRANULE, FIRSTFIT);
    cut_chunks(chunks, COUNT(chunks));
    ck_assert_int_eq(chunks[0].offset, begin * GRANULE);
    for (int n = size - 2; n <= size + 2; n++)
        if (n > 0)
            assert_styles(chunks, COUNT(chunks), n);
}
END_TEST

/* Chunks of 1 to 300 granules, each size once, in an order that the test's
 * number chooses: rising, falling, or shuffled. */
START_TEST(test_every_size_from_1_to_300_granules_is_told_apart) {
    enum { LADDER = 300 };
    struct chunk chunks[LADDER];
    for (int i = 0; i < LADDER; i++) {
        const int rung[] = {i + 1, LADDER - i, (i + 1) * 37 % (LADDER + 1)};
        chunks[i].size = rung[_i] * GRANULE;
    }
    init_region(1 << 20);
    cut_chunks(chunks, LADDER);
    for (int n = 1; n <= LADDER + 1; n += light() ? 11 : 1)
        assert_styles(chunks, LADDER, n);
}
END_TEST

/* ---- far apart ---- */

/* Chunks from one end of the largest region to the other, each a granule larger
 * than the one before: a search has to cross all that lies between. */
START_TEST(test_chunks_far_apart_are_found) {
    static const int offsets[] = {0, 1 << 10, 1 << 14, 1 << 18, 1 << 22, 1 << 26, 1 << 30};
    enum { FAR = COUNT(offsets) };
    struct chunk chunks[FAR];

    init_region(INT_MAX);
    for (int i = 0; i < FAR; i++) {
        chunks[i] = (struct chunk){offsets[i], (i + 1) * GRANULE};
        const size_t end = i + 1 < FAR ? (size_t)offsets[i + 1] : region_size;
        const int wall = offsets[i] + chunks[i].size;
        assert_placed(offsets[i], chunks[i].size, FIRSTFIT);
        assert_placed(wall, (int)(end - (size_t)wall), FIRSTFIT);
    }
    assert_nothing_free();
    for (int i = 0; i < FAR; i++)
        assert_succeeds(release(offsets[i]));
    assert_list_is(chunks, FAR);
    for (int n = 1; n <= FAR + 1; n++)
        assert_styles(chunks, FAR, n);
}
END_TEST

/* Many chunks of one granule with a single larger one among them. */
START_TEST(test_the_one_larger_chunk_is_found_among_thousands) {
    enum { SIZE = 1 << 20, PAIR = 2 * GRANULE, PAIRS = SIZE / PAIR };
    const int large[] = {0, 1, 31, 32, 33, 1023, 1024, 16383, PAIRS / 2, PAIRS - 2};
    const int at = large[_i] * PAIR;

    init_region(SIZE);
    for (int i = 0; i < 2 * PAIRS; i++)
        must(place(GRANULE, FIRSTFIT) == i * GRANULE);
    for (int i = 0; i < PAIRS; i++)
        must(release(i * PAIR) == 0);
    ck_assert_int_eq(release(at + GRANULE), 0); /* joins two and itself to three granules */
    for (int style = BESTFIT; style <= FIRSTFIT; style++) {
        assert_placed(at, PAIR, style);
        assert_refused(E_NO_SPACE, Mem_Alloc(PAIR, style));
        assert_succeeds(release(at));
    }
    assert_placed(at == 0 ? 2 * PAIR : 0, GRANULE, BESTFIT);
    assert_placed(at, GRANULE, WORSTFIT);
    assert_sound();
}
END_TEST

int main(void) {
    TCase *tests = new_case("styles");

    tcase_add_test(tests, test_first_fit_takes_the_lowest_chunk_that_fits);
    tcase_add_test(tests, test_worst_fit_takes_the_largest_chunk);
    tcase_add_test(tests, test_best_fit_takes_the_smallest_chunk_that_fits);
    tcase_add_loop_test(tests, test_ties_go_to_the_lowest_address, 0, 30);
    tcase_add_test(tests, test_styles_may_be_mixed);
    tcase_add_test(tests, test_worst_fit_is_refused_when_the_largest_is_too_small);
    tcase_add_loop_test(tests, test_sizes_at_the_edges_of_segments_are_told_apart, 0, 10);
    tcase_add_loop_test(tests, test_chunks_on_multiples_of_1_KiB_are_found, 0, 60);
    tcase_add_loop_test(tests, test_every_size_from_1_to_300_granules_is_told_apart, 0, 3);
    if (can_map_int_max())
        tcase_add_test(tests, test_chunks_far_apart_are_found);
    tcase_add_loop_test(tests, test_the_one_larger_chunk_is_found_among_thousands, 0, 10);
    return run_case(tests);
}
