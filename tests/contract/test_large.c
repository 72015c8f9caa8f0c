/*
 * test_large.c - regions, chunks and objects of more bytes than an int or 32 bits count, up to the
 * largest region of 32 GiB. Of all that memory, a test touches a few pages.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* 0 where a size_t has 32 bits: then no test runs. */
static const size_t GIB = (size_t)1 << 30, TWO_GIB = (size_t)1 << 31;
static const size_t MOST = (size_t)1 << 31 << 4;

/* The most that a node shows. */
static const int CAP = INT_MAX - (GRANULE - 1);

/* ---- a large region ---- */

static Mem_Region *large;
static char *base;

static void create(size_t size) {
    large = Mem_RegionCreate(size);
    ck_assert_ptr_nonnull(large);
    base = (char *)Mem_RegionFreeList(large);
}

/* The offset of a new object, or REFUSED. */
static const size_t REFUSED = SIZE_MAX;

static size_t offset_or_refused(const void *object) {
    return object != NULL ? (size_t)((const char *)object - base) : REFUSED;
}

static size_t put(size_t size, int style) {
    return offset_or_refused(Mem_RegionAlloc(large, size, style));
}

static size_t put_aligned(size_t alignment, size_t size, int style) {
    return offset_or_refused(Mem_RegionAlignedAlloc(large, alignment, size, style));
}

static size_t resize(size_t offset, size_t size) {
    return offset_or_refused(Mem_RegionRealloc(large, base + offset, size, FIRSTFIT));
}

static int take_away(size_t offset) {
    return Mem_RegionFree(large, base + offset);
}

static size_t size_at(size_t offset) {
    return Mem_RegionSize(large, base + offset);
}

/* What a node shows of so many bytes. */
static int shown(size_t size) {
    return size > INT_MAX ? CAP : (int)size;
}

struct piece {
    size_t offset, size;
};

/* Nodes, walk and figures show these chunks, and no others. */
static void compare_chunks(const struct piece *expected, size_t count) {
    MemNodePtr node = Mem_RegionFreeList(large);
    struct Mem_Stats stats = figures(large);
    size_t bytes = 0, largest = 0;
    for (size_t i = 0; i < count; i++, node = node->next) {
        must(node != NULL && node->type && (char *)node == base + expected[i].offset);
        ck_assert_int_eq(node->size, shown(expected[i].size));
        bytes += expected[i].size;
        largest = expected[i].size > largest ? expected[i].size : largest;
    }
    must(node == NULL);
    ck_assert_int_eq(Mem_RegionCheck(large), 0);
    ck_assert_uint_eq(stats.free_chunks, count);
    ck_assert_uint_eq(stats.free_bytes, bytes);
    ck_assert_uint_eq(stats.live_bytes, stats.region_bytes - bytes);
    ck_assert_uint_eq(stats.largest_free, largest);
}

#define assert_chunks(...)                                                                         \
    do {                                                                                           \
        const struct piece expected_[] = {__VA_ARGS__};                                            \
        compare_chunks(expected_, COUNT(expected_));                                               \
    } while (0)

/* Leaves free chunks of these sizes, an object of a granule behind each, and nothing else. */
static void leave_chunks(const size_t *sizes, size_t *offsets, size_t count) {
    for (size_t i = 0; i < count; i++) {
        offsets[i] = put(sizes[i], FIRSTFIT);
        must(offsets[i] != REFUSED && put(GRANULE, FIRSTFIT) == offsets[i] + sizes[i]);
    }
    const size_t rest = figures(large).largest_free;
    must(rest == 0 || put(rest, FIRSTFIT) != REFUSED);
    for (size_t i = 0; i < count; i++)
        must(take_away(offsets[i]) == 0);
}

/* ---- sizes of regions ---- */

START_TEST(test_regions_of_sizes_around_each_limit) {
    const size_t p = page();
    const struct {
        size_t asked, given;
    } sizes[] = {
        {TWO_GIB - 1, TWO_GIB},
        {TWO_GIB, TWO_GIB},
        {TWO_GIB + 1, TWO_GIB + p},
        {2 * TWO_GIB - p, 2 * TWO_GIB - p},
        {2 * TWO_GIB, 2 * TWO_GIB},
        {2 * TWO_GIB + 1, 2 * TWO_GIB + p},
        {MOST / 2 + 1, MOST / 2 + p},
        {MOST - p, MOST - p},
        {MOST - p + 1, MOST},
        {MOST - 1, MOST},
        {MOST, MOST},
    };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        create(sizes[i].asked);
        const struct Mem_Stats stats = figures(large);
        ck_assert_uint_eq(stats.region_bytes, sizes[i].given);
        /* 2.6% for the index, and 2.4% set aside for best fit. */
        ck_assert_uint_lt(stats.index_bytes, sizes[i].given / 1000 * 51);
        assert_chunks({0, sizes[i].given});
        ck_assert_int_eq(Mem_RegionDestroy(large), 0);
    }
}
END_TEST

START_TEST(test_more_than_the_largest_region_is_E_BAD_ARGS) {
    char memory[4096];
    const size_t sizes[] = {MOST + 1, MOST + GRANULE, MOST + 4096, 2 * MOST, 2 * MOST + 4096};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_refused(E_BAD_ARGS, Mem_RegionCreate(sizes[i]));
        assert_refused(E_BAD_ARGS, Mem_RegionPlace(memory, sizes[i]));
    }
}
END_TEST

/* ---- the whole region ---- */

static void assert_too_large(size_t size) {
    for (int i = 0; i < STYLES; i++) {
        assert_refused(E_NO_SPACE, Mem_RegionAlloc(large, size, styles[i]));
        assert_refused(E_NO_SPACE, Mem_RegionAlignedAlloc(large, 64, size, styles[i]));
    }
}

START_TEST(test_one_object_is_the_whole_region) {
    const size_t all = (size_t[]){TWO_GIB + page(), MOST - page(), MOST}[_i / STYLES];
    create(all);
    for (int round = 0; round < 3; round++) {
        ck_assert_uint_eq(put(all - (size_t)round, styles[_i % STYLES]), 0);
        base[0] = base[all - 1] = 1;
        ck_assert_ptr_null(Mem_RegionFreeList(large));
        ck_assert_uint_eq(size_at(0), all);
        assert_too_large(1);
        ck_assert_int_eq(take_away(0), 0);
        assert_chunks({0, all});
    }
    const size_t sizes[] = {all + 1,      all + GRANULE, MOST + 1,     MOST + GRANULE,
                            MOST + 4096,  2 * MOST,      2 * MOST + 1, 4 * MOST,
                            SIZE_MAX / 2, SIZE_MAX - 15, SIZE_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++)
        assert_too_large(sizes[i]);
    assert_chunks({0, all});
}
END_TEST

/* The region is whole again by joining at either end, with and without a current chunk. */
START_TEST(test_the_whole_region_comes_back_from_its_parts) {
    const size_t cuts[] = {GRANULE,  4096,           1 << 20,     TWO_GIB,       TWO_GIB + GRANULE,
                           MOST / 2, MOST - TWO_GIB, MOST - 4096, MOST - GRANULE};
    const int style = styles[_i];
    create(MOST);
    for (size_t i = 0; i < COUNT(cuts); i++)
        for (int order = 0; order < 4; order++) {
            must(put(cuts[i], style) == 0);
            must(put(MOST - cuts[i], style) == cuts[i]);
            must(take_away(order % 2 == 0 ? 0 : cuts[i]) == 0);
            if (order > 1)
                must(put(GRANULE, style) == (order % 2 == 0 ? 0 : cuts[i]) &&
                     take_away(order % 2 == 0 ? 0 : cuts[i]) == 0);
            must(take_away(order % 2 == 0 ? cuts[i] : 0) == 0);
            assert_chunks({0, MOST});
        }
}
END_TEST

/* ---- nodes ---- */

START_TEST(test_nodes_show_the_cap_from_2_GiB_on) {
    const size_t sizes[] = {TWO_GIB - 2 * GRANULE,
                            TWO_GIB - GRANULE,
                            TWO_GIB,
                            TWO_GIB + GRANULE,
                            2 * TWO_GIB - GRANULE,
                            2 * TWO_GIB,
                            2 * TWO_GIB + GRANULE,
                            5 * GIB};
    size_t offsets[COUNT(sizes)];
    struct piece chunks[COUNT(sizes)];
    create(MOST);
    leave_chunks(sizes, offsets, COUNT(sizes));
    for (size_t i = 0; i < COUNT(sizes); i++)
        chunks[i] = (struct piece){offsets[i], sizes[i]};
    compare_chunks(chunks, COUNT(sizes));
    ck_assert_int_eq(CAP, 2147483632);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        MemNodePtr node = (MemNodePtr)(void *)(base + offsets[i]);
        const int right = node->size;
        node->size = right - GRANULE;
        assert_fails(E_CORRUPT_FREESPACE, Mem_RegionCheck(large));
        node->size = (int)(unsigned)sizes[i];
        ck_assert_int_eq(Mem_RegionCheck(large), right == node->size ? 0 : -1);
        node->size = right;
    }
    compare_chunks(chunks, COUNT(sizes));
}
END_TEST

/* A chunk is carved at its low end until an int counts it, and grows back; the carved pieces are
 * near and far from each other. */
START_TEST(test_a_node_follows_its_chunk_past_the_cap) {
    const size_t steps[] = {GRANULE, 64, 1024, 4096, 1 << 20};
    const size_t all = TWO_GIB + GIB / 16, step = steps[_i], edge = TWO_GIB - 8 * step;
    create(all);
    must(put(all - edge - 16 * step, FIRSTFIT) == 0);
    size_t start = all - edge - 16 * step;
    for (; start < all - edge; start += step) {
        must(put(step, FIRSTFIT) == start);
        ck_assert_int_eq(Mem_RegionFreeList(large)->size, shown(all - start - step));
    }
    while (start > all - edge - 16 * step) {
        start -= step;
        must(take_away(start) == 0);
        ck_assert_int_eq(Mem_RegionFreeList(large)->size, shown(all - start));
    }
    must(take_away(0) == 0);
    assert_chunks({0, all});
}
END_TEST

/* ---- placement ---- */

/* Larger than an int counts, and than 32 bits: none is taken for a smaller one. */
START_TEST(test_styles_choose_among_chunks_beyond_2_GiB) {
    const size_t sizes[] = {TWO_GIB + GRANULE, 3 * GIB, GRANULE, 5 * GIB, 4 * GIB + GRANULE, 4096,
                            5 * GIB,           4 * GIB, 3 * GIB};
    size_t at[COUNT(sizes)];
    create(MOST);
    leave_chunks(sizes, at, COUNT(sizes));
    const struct {
        size_t size, first, worst, best;
    } cases[] = {
        {1, at[0], at[3], at[2]},
        {17, at[0], at[3], at[5]},
        {4097, at[0], at[3], at[0]},
        {TWO_GIB + 1, at[0], at[3], at[0]},
        {TWO_GIB + 17, at[1], at[3], at[1]},
        {3 * GIB, at[1], at[3], at[1]},
        {3 * GIB + 1, at[3], at[3], at[7]},
        {4 * GIB, at[3], at[3], at[7]},
        {4 * GIB + 1, at[3], at[3], at[4]},
        {4 * GIB + 17, at[3], at[3], at[3]},
        {5 * GIB, at[3], at[3], at[3]},
        {5 * GIB + 1, REFUSED, REFUSED, REFUSED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const size_t expected[] = {cases[i].first, cases[i].worst, cases[i].best};
        const int order[] = {FIRSTFIT, WORSTFIT, BESTFIT};
        for (int s = 0; s < 3; s++) {
            ck_assert_uint_eq(put(cases[i].size, order[s]), expected[s]);
            if (expected[s] != REFUSED)
                must(take_away(expected[s]) == 0);
        }
    }
    ck_assert_int_eq(Mem_RegionCheck(large), 0);
}
END_TEST

/* The rests decide: what the current chunk loses makes another one the largest. */
START_TEST(test_worst_fit_changes_between_chunks_beyond_2_GiB) {
    const size_t sizes[] = {9 * GIB, 9 * GIB + 64, 9 * GIB + 32};
    size_t at[COUNT(sizes)];
    create(MOST);
    leave_chunks(sizes, at, COUNT(sizes));
    const size_t expected[] = {at[1],      at[1] + 32, at[2],      at[0],      at[1] + 64,
                               at[2] + 32, at[0] + 32, at[1] + 96, at[2] + 64, at[0] + 64};
    for (size_t i = 0; i < COUNT(expected); i++)
        ck_assert_uint_eq(put(32, WORSTFIT), expected[i]);
    ck_assert_int_eq(Mem_RegionCheck(large), 0);
}
END_TEST

/* ---- addresses ---- */

START_TEST(test_objects_beyond_2_and_4_GiB_are_told_apart) {
    const size_t places[] = {TWO_GIB - GRANULE, TWO_GIB,      TWO_GIB + GRANULE, 2 * TWO_GIB,
                             8 * TWO_GIB,       12 * TWO_GIB, MOST - GRANULE};
    create(MOST);
    size_t end = 0;
    for (size_t i = 0; i < COUNT(places); i++) {
        must(places[i] == end || put(places[i] - end, FIRSTFIT) == end);
        must(put(GRANULE, FIRSTFIT) == places[i]);
        memset(base + places[i], (int)i + 1, GRANULE);
        end = places[i] + GRANULE;
    }
    for (size_t i = 0; i < COUNT(places); i++) {
        must(is_all(base + places[i], (int)i + 1, GRANULE));
        ck_assert_uint_eq(size_at(places[i]), GRANULE);
        const size_t wrong[] = {1, 8, MOST, 2 * MOST, (size_t)1 << 40, (size_t)1 << 60};
        for (size_t w = 0; w < COUNT(wrong); w++) {
            assert_fails(E_BAD_POINTER, take_away(places[i] + wrong[w]));
            assert_fails(E_BAD_POINTER, take_away(places[i] - wrong[w]));
        }
        ck_assert_int_eq(take_away(places[i]), 0);
        assert_fails(E_BAD_POINTER, take_away(places[i]));
    }
    ck_assert_int_eq(Mem_RegionCheck(large), 0);
}
END_TEST

/* ---- alignment ---- */

/* How far the base is below a multiple. */
static size_t gap_to(size_t alignment) {
    return (size_t) - (uintptr_t)base & (alignment - 1);
}

START_TEST(test_alignments_up_to_the_size_of_the_region) {
    const size_t all = (size_t[]){MOST, MOST - page(), 5 * GIB}[_i / STYLES];
    const int style = styles[_i % STYLES];
    create(all);
    for (size_t alignment = 32; alignment <= all; alignment *= 2) {
        const size_t gap = gap_to(alignment), room = gap < all ? all - gap : 0;
        const size_t sizes[] = {1,    GRANULE + 1, GIB, TWO_GIB + 1, all - alignment + 1,
                                room, room + 1,    all};
        for (size_t i = 0; i < COUNT(sizes); i++) {
            const size_t size = sizes[i];
            if (size == 0 || size > room) {
                must(size == 0 || put_aligned(alignment, size, style) == REFUSED);
                continue;
            }
            must(put_aligned(alignment, size, style) == gap);
            must(size_at(gap) == rounded(size));
            must(gap == 0 || shown(gap) == Mem_RegionFreeList(large)->size);
            must(Mem_RegionCheck(large) == 0);
            must(take_away(gap) == 0);
        }
    }
    assert_chunks({0, all});
    for (size_t alignment = MOST; alignment <= SIZE_MAX / 4; alignment *= 2)
        if (alignment > all)
            assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(large, alignment, 1, style));
}
END_TEST

/* The largest chunk is ruled out by the alignment; what the styles take are others. */
START_TEST(test_alignment_rules_out_chunks_beyond_2_GiB) {
    const size_t alignment = 4 * GIB;
    create(MOST);
    const size_t gap = gap_to(alignment);
    const size_t first = gap < GRANULE ? alignment : gap;
    if (first > GRANULE)
        must(put(first - GRANULE, FIRSTFIT) == 0);
    must(put(2 * GRANULE, FIRSTFIT) == first - GRANULE);
    /* What follows has nearly the alignment, and misses the next multiple by what is put there. */
    must(put_aligned(alignment, GRANULE, FIRSTFIT) == first + alignment);
    for (int i = 0; i < STYLES; i++) {
        const size_t got = put_aligned(alignment, GIB, styles[i]);
        ck_assert_uint_eq(got, first + 2 * alignment);
        must(take_away(got) == 0);
    }
    ck_assert_int_eq(Mem_RegionCheck(large), 0);
}
END_TEST

/* ---- resizing ---- */

START_TEST(test_objects_grow_and_shrink_in_place_across_2_GiB) {
    const size_t sizes[] = {GIB,         TWO_GIB - GRANULE, TWO_GIB,   TWO_GIB + GRANULE,
                            3 * GIB,     4 * GIB,           5 * GIB,   MOST,
                            4 * GIB + 1, TWO_GIB + 1,       TWO_GIB,   TWO_GIB - 16,
                            1,           MOST - GRANULE,    MOST - 15, MOST - 4096,
                            GRANULE};
    create(MOST);
    must(put(GRANULE, FIRSTFIT) == 0);
    memset(base, 7, GRANULE);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const size_t size = rounded(sizes[i]);
        ck_assert_uint_eq(resize(0, sizes[i]), 0);
        ck_assert_uint_eq(size_at(0), size);
        must(is_all(base, 7, GRANULE));
        if (size < MOST)
            assert_chunks({size, MOST - size});
        else
            ck_assert_ptr_null(Mem_RegionFreeList(large));
    }
    assert_refused(E_NO_SPACE, Mem_RegionRealloc(large, base, MOST + 1, FIRSTFIT));
    assert_refused(E_NO_SPACE, Mem_RegionRealloc(large, base, SIZE_MAX, FIRSTFIT));
    ck_assert_uint_eq(size_at(0), GRANULE);
}
END_TEST

/* Its new end would be 2^32 granules from the base, or more. */
START_TEST(test_last_granule_cannot_become_larger_than_the_region) {
    create(MOST);
    must(put(MOST - GRANULE, FIRSTFIT) == 0 && put(GRANULE, FIRSTFIT) == MOST - GRANULE);
    const size_t sizes[] = {GRANULE + 1, MOST - GRANULE, MOST, MOST + 1, MOST + GRANULE, SIZE_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *last = base + MOST - GRANULE;
        assert_refused(E_NO_SPACE, Mem_RegionRealloc(large, last, sizes[i], styles[_i]));
        ck_assert_uint_eq(size_at(MOST - GRANULE), GRANULE);
    }
}
END_TEST

START_TEST(test_object_moves_beyond_4_GiB) {
    create(MOST);
    must(put(64, FIRSTFIT) == 0 && put(5 * GIB, FIRSTFIT) == 64);
    fill(base, 64, 3);
    ck_assert_uint_eq(resize(0, 3 * GIB), 5 * GIB + 64);
    ck_assert(holds(base + 5 * GIB + 64, 64, 3));
    assert_chunks({0, 64}, {8 * GIB + 64, MOST - 8 * GIB - 64});
}
END_TEST

/* ---- looking at a region ---- */

static struct piece seen[8];
static bool seen_live[8];
static size_t seen_count;

static int see(const struct Mem_Block *block, void *context) {
    (void)context;
    must(seen_count < COUNT(seen));
    seen[seen_count] = (struct piece){(size_t)((char *)block->address - base), block->size};
    seen_live[seen_count++] = block->live;
    return 0;
}

START_TEST(test_walk_shows_blocks_beyond_4_GiB) {
    const struct piece expected[] = {{0, GRANULE},
                                     {GRANULE, 3 * GIB},
                                     {3 * GIB + GRANULE, 6 * GIB},
                                     {9 * GIB + GRANULE, MOST - 9 * GIB - GRANULE}};
    create(MOST);
    for (size_t i = 0; i < 3; i++)
        must(put(expected[i].size, FIRSTFIT) == expected[i].offset);
    must(take_away(GRANULE) == 0);
    seen_count = 0;
    ck_assert_int_eq(Mem_RegionWalk(large, see, NULL), 0);
    ck_assert_uint_eq(seen_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        ck_assert_uint_eq(seen[i].offset, expected[i].offset);
        ck_assert_uint_eq(seen[i].size, expected[i].size);
        ck_assert(seen_live[i] == (i % 2 == 0 && i < 3));
    }
}
END_TEST

static int free_block(const struct Mem_Block *block, void *context) {
    ++*(int *)context;
    return block->live ? Mem_RegionFree(large, block->address) : 0;
}

/* The walk goes on deep inside the one chunk of the region. */
START_TEST(test_walk_ends_where_the_block_shown_became_a_part_of_the_region) {
    int blocks = 0;
    create(MOST);
    must(put(GRANULE, FIRSTFIT) == 0);
    must(put(8 * GIB, FIRSTFIT) == GRANULE && put(GRANULE, FIRSTFIT) == 8 * GIB + GRANULE);
    must(take_away(GRANULE) == 0);
    ck_assert_int_eq(Mem_RegionWalk(large, free_block, &blocks), 0);
    ck_assert_int_eq(blocks, 2);
    assert_chunks({0, MOST});
}
END_TEST

START_TEST(test_figures_count_beyond_4_GiB) {
    create(MOST);
    must(put(9 * GIB, FIRSTFIT) == 0 && put(20 * GIB, FIRSTFIT) == 9 * GIB);
    must(take_away(0) == 0 && put(GIB + 1, FIRSTFIT) == 0);
    const struct Mem_Stats stats = figures(large);
    ck_assert_uint_eq(stats.region_bytes, MOST);
    ck_assert_uint_eq(stats.live_bytes, 21 * GIB + GRANULE);
    ck_assert_uint_eq(stats.peak_live_bytes, 29 * GIB);
    ck_assert_uint_eq(stats.free_bytes, 11 * GIB - GRANULE);
    ck_assert_uint_eq(stats.largest_free, 8 * GIB - GRANULE);
    ck_assert_uint_eq(stats.free_chunks, 2);
    ck_assert_uint_eq(stats.live_blocks, 2);
}
END_TEST

static void dump(void) {
    Mem_RegionDump(large);
}

START_TEST(test_dump_shows_sizes_and_offsets_in_full) {
    create(MOST);
    must(put(20 * GIB, FIRSTFIT) == 0);
    char *text = captured(dump);
    ck_assert_ptr_nonnull(strstr(text, "offset 21474836480  size 12884901888\n"));
    ck_assert_ptr_nonnull(strstr(text, "1 chunk, 12884901888 bytes free, largest 12884901888, "
                                       "region 34359738368 bytes\n"));
    free(text);
}
END_TEST

START_TEST(test_trim_returns_the_bytes_of_all_pages) {
    create(MOST);
    ck_assert_uint_eq(Mem_RegionTrim(large), MOST - page());
    must(put(5 * GIB, FIRSTFIT) == 0);
    base[5 * GIB + page() + 1] = 1;
    ck_assert_uint_eq(Mem_RegionTrim(large), MOST - 5 * GIB - page());
    ck_assert_int_eq(base[5 * GIB + page() + 1], 0);
}
END_TEST

/* ---- placed regions ---- */

/* Its index is cleared, and so touched: some 120 MiB. */
START_TEST(test_region_is_placed_in_memory_of_more_than_4_GiB) {
    const size_t size = 5 * GIB + 4099;
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    must(memory != MAP_FAILED);
    large = Mem_RegionPlace(memory + 3, size - 3);
    ck_assert_ptr_nonnull(large);
    base = (char *)Mem_RegionFreeList(large);
    const size_t all = figures(large).region_bytes;
    ck_assert_uint_gt(all, size / 1000 * 974);
    ck_assert(base > memory && base + all <= memory + size);
    assert_chunks({0, all});
    must(put(TWO_GIB + 16, FIRSTFIT) == 0 && put(TWO_GIB, FIRSTFIT) == TWO_GIB + 16);
    must(put(all - 2 * TWO_GIB - 16, BESTFIT) == 2 * TWO_GIB + 16);
    base[0] = base[all - 1] = 1;
    must(take_away(TWO_GIB + 16) == 0);
    assert_chunks({TWO_GIB + 16, TWO_GIB});
    must(take_away(2 * TWO_GIB + 16) == 0 && take_away(0) == 0);
    assert_chunks({0, all});
    ck_assert_int_eq(Mem_RegionDestroy(large), 0);
    ck_assert_int_eq(munmap(memory, size), 0);
}
END_TEST

/* ---- all ---- */

static void add_tests_of_styles(TCase *tests) {
    tcase_add_loop_test(tests, test_one_object_is_the_whole_region, 0, 3 * STYLES);
    tcase_add_loop_test(tests, test_the_whole_region_comes_back_from_its_parts, 0, STYLES);
    tcase_add_loop_test(tests, test_alignments_up_to_the_size_of_the_region, 0, 3 * STYLES);
    tcase_add_loop_test(tests, test_last_granule_cannot_become_larger_than_the_region, 0, STYLES);
}

/* Why the tests cannot run here, or NULL. */
static const char *hindrance(void) {
    if (sizeof(size_t) <= 4)
        return "a size_t has 32 bits";
    if (light() || watched())
        return "a tool would watch each byte of 32 GiB, or all is slow";
    return can_map(MOST) ? NULL : "the system maps no region of 32 GiB";
}

int main(void) {
    const char *reason = hindrance();
    if (reason != NULL) {
        printf("test_large: skipped: %s\n", reason);
        return 77;
    }
    TCase *tests = new_case("large regions");

    tcase_add_test(tests, test_regions_of_sizes_around_each_limit);
    tcase_add_test(tests, test_more_than_the_largest_region_is_E_BAD_ARGS);
    add_tests_of_styles(tests);
    tcase_add_test(tests, test_nodes_show_the_cap_from_2_GiB_on);
    tcase_add_loop_test(tests, test_a_node_follows_its_chunk_past_the_cap, 0, 5);
    tcase_add_test(tests, test_styles_choose_among_chunks_beyond_2_GiB);
    tcase_add_test(tests, test_worst_fit_changes_between_chunks_beyond_2_GiB);
    tcase_add_test(tests, test_objects_beyond_2_and_4_GiB_are_told_apart);
    tcase_add_test(tests, test_alignment_rules_out_chunks_beyond_2_GiB);
    tcase_add_test(tests, test_objects_grow_and_shrink_in_place_across_2_GiB);
    tcase_add_test(tests, test_object_moves_beyond_4_GiB);
    tcase_add_test(tests, test_walk_shows_blocks_beyond_4_GiB);
    tcase_add_test(tests, test_walk_ends_where_the_block_shown_became_a_part_of_the_region);
    tcase_add_test(tests, test_figures_count_beyond_4_GiB);
    tcase_add_test(tests, test_dump_shows_sizes_and_offsets_in_full);
    tcase_add_test(tests, test_trim_returns_the_bytes_of_all_pages);
    tcase_add_test(tests, test_region_is_placed_in_memory_of_more_than_4_GiB);
    return run_case(tests);
}
