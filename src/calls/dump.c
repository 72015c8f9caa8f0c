/*
 * dump.c - Mem_Dump and Mem_RegionDump: the free chunks in print.
 *
 * Writing may block for as long as it likes, so no lock is held meanwhile: some
 * chunks are gathered under the lock, then printed (output.h), and the next batch starts
 * where the last one ended, whatever has happened since.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <stddef.h>

#include "calls/default.h"
#include "calls/section.h"
#include "region/survey.h"
#include "system/error.h"
#include "system/output.h"
#include "system/public.h"

/* Chunks gathered under one hold of the lock. */
#define BATCH 16

struct totals {
    size_t chunks;
    mem_granule granules;
    mem_granule largest;
};

/* Gathers the chunks at granule g and after it, as many as fit; returns how many. */
static size_t gather(struct Mem_Region *region, mem_granule g, struct mem_chunk *chunks) {
    size_t count = 0;
    bool taken = mem_section_enter(region);
    bool more = mem_survey_chunk_from(region, g, &chunks[0]);
    while (more && ++count < BATCH) {
        chunks[count] = chunks[count - 1];
        more = mem_survey_chunk_next(region, &chunks[count]);
    }
    mem_section_leave(region, taken);
    return count;
}

static void count(struct totals *totals, const struct mem_chunk *chunk) {
    totals->chunks++;
    totals->granules += chunk->granules;
    if (chunk->granules > totals->largest)
        totals->largest = chunk->granules;
}

static void put_chunk(struct mem_output *output, const struct mem_chunk *chunk, size_t number) {
    mem_output_number(output, number, 6);
    mem_output_string(output, "  ");
    mem_output_address(output, chunk->address);
    mem_output_string(output, "  offset ");
    mem_output_number(output, mem_granule_bytes(chunk->g), 10);
    mem_output_string(output, "  size ");
    mem_output_number(output, mem_granule_bytes(chunk->granules), 10);
    mem_output_string(output, chunk->intact ? "" : "  node overwritten");
    mem_output_end_line(output);
}

static void put_chunks(struct mem_output *output, struct Mem_Region *region,
                       struct totals *totals) {
    struct mem_chunk chunks[BATCH];
    mem_granule g = 0;
    size_t gathered;
    while (!output->failed && (gathered = gather(region, g, chunks)) > 0) {
        for (size_t i = 0; i < gathered; i++) {
            count(totals, &chunks[i]);
            put_chunk(output, &chunks[i], totals->chunks);
        }
        g = chunks[gathered - 1].g + chunks[gathered - 1].granules;
    }
}

static void put_totals(struct mem_output *output, const struct Mem_Region *region,
                       const struct totals *totals) {
    mem_output_number(output, totals->chunks, 0);
    mem_output_string(output, totals->chunks == 1 ? " chunk, " : " chunks, ");
    mem_output_number(output, mem_granule_bytes(totals->granules), 0);
    mem_output_string(output, " bytes free, largest ");
    mem_output_number(output, mem_granule_bytes(totals->largest), 0);
    mem_output_string(output, ", region ");
    mem_output_number(output, mem_region_bytes(region), 0);
    mem_output_string(output, " bytes");
    mem_output_end_line(output);
}

static void put_region(struct mem_output *output, struct Mem_Region *region) {
    struct totals totals = {0, 0, 0};
    mem_output_string(output, "libmem: free chunks of the region");
    mem_output_end_line(output);
    put_chunks(output, region, &totals);
    put_totals(output, region, &totals);
}

static void put_nothing(struct mem_output *output) {
    mem_output_string(output, "libmem: no region");
    mem_output_end_line(output);
}

static void dump(struct Mem_Region *region) {
    struct mem_output output;
    mem_output_begin(&output);
    if (region == NULL)
        put_nothing(&output);
    else
        put_region(&output, region);
    mem_output_end(&output);
}

void Mem_Dump(void) {
    dump(mem_default());
}

void Mem_RegionDump(Mem_Region *region) {
    if (region == NULL)
        mem_error_set(E_BAD_ARGS);
    else
        dump(region);
}
