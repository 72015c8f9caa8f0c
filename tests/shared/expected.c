/*
 * expected.c - the figures of a region as they must be; see expected.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "expected.h"

struct Mem_Stats expected;

/* ---- comparisons ---- */

void assert_figure(const char *figure, unsigned long long is, unsigned long long wanted) {
    if (is != wanted)
        ck_abort_msg("%s must be %llu, but is %llu", figure, wanted, is);
}

const char *disagreement(const struct Mem_Stats *stats) {
    if (stats->live_bytes + stats->free_bytes != stats->region_bytes)
        return "live_bytes + free_bytes == region_bytes";
    if (stats->frees != stats->allocations - stats->live_blocks)
        return "frees == allocations - live_blocks";
    if (stats->peak_live_bytes < stats->live_bytes || stats->peak_live_bytes > stats->region_bytes)
        return "live_bytes <= peak_live_bytes <= region_bytes";
    if (stats->largest_free > stats->free_bytes)
        return "largest_free <= free_bytes";
    if (stats->largest_free * stats->free_chunks < stats->free_bytes)
        return "largest_free * free_chunks >= free_bytes";
    if ((stats->live_blocks == 0) != (stats->live_bytes == 0))
        return "no block lives without bytes";
    if ((stats->free_chunks == 0) != (stats->free_bytes == 0))
        return "no chunk is free without bytes";
    for (size_t i = 0; i < COUNT(stats->reserved); i++)
        if (stats->reserved[i] != 0)
            return "reserved is 0";
    return NULL;
}

void assert_figures_agree(const struct Mem_Stats *stats) {
    if (disagreement(stats) != NULL)
        ck_abort_msg("it does not hold that %s", disagreement(stats));
}

void assert_figures_of(Mem_Region *of, const struct Mem_Stats *wanted) {
    const struct Mem_Stats is = figures(of);
    assert_figure("region_bytes", is.region_bytes, wanted->region_bytes);
    assert_figure("index_bytes", is.index_bytes, wanted->index_bytes);
    assert_figure("live_bytes", is.live_bytes, wanted->live_bytes);
    assert_figure("live_blocks", is.live_blocks, wanted->live_blocks);
    assert_figure("peak_live_bytes", is.peak_live_bytes, wanted->peak_live_bytes);
    assert_figure("free_chunks", is.free_chunks, wanted->free_chunks);
    assert_figure("largest_free", is.largest_free, wanted->largest_free);
    assert_figure("allocations", is.allocations, wanted->allocations);
    assert_figure("refused", is.refused, wanted->refused);
    assert_figure("bad_frees", is.bad_frees, wanted->bad_frees);
    assert_figures_agree(&is);
}

void assert_expected(void) {
    assert_figures_of(Mem_DefaultRegion(), &expected);
}

/* ---- how the figures must change ---- */

void expect_fresh(Mem_Region *of, size_t size) {
    expected = (struct Mem_Stats){.region_bytes = size,
                                  .index_bytes = figures(of).index_bytes,
                                  .free_chunks = 1,
                                  .largest_free = size};
    ck_assert_uint_gt(expected.index_bytes, 0);
    assert_figures_of(of, &expected);
}

void init_and_expect(int size) {
    init_region(size);
    expect_fresh(Mem_DefaultRegion(), region_size);
}

void expect_live(size_t bytes) {
    expected.live_bytes = bytes;
    if (bytes > expected.peak_live_bytes)
        expected.peak_live_bytes = bytes;
}

void expect_object(size_t size) {
    expected.allocations++;
    expected.live_blocks++;
    expect_live(expected.live_bytes + rounded(size));
}

void expect_free(size_t size) {
    expected.live_blocks--;
    expect_live(expected.live_bytes - rounded(size));
}

void expect_chunks(size_t count, size_t largest) {
    expected.free_chunks = count;
    expected.largest_free = largest;
}
