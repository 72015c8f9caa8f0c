/*
 * dump.c - Mem_Dump and Mem_RegionDump: the free chunks in print.
 *
 * Writing may block for as long as it likes, so no lock is held meanwhile: some
 * chunks are gathered under the lock, then printed, and the next batch starts
 * where the last one ended, whatever has happened since. Formatting goes into a
 * buffer on the stack and straight to the descriptor of stdout, because stdio
 * would allocate a buffer; what stdout holds already is flushed first, so that
 * the output stays in order.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "default.h"
#include "error.h"
#include "public.h"
#include "section.h"

/* Chunks gathered at a time. */
#define BATCH 32

/* More than the longest line: four numbers of at most 20 digits, and words. */
#define LINE_BYTES 160

struct totals {
    size_t chunks;
    mem_granule granules;
    mem_granule largest;
};

/* Whether a write that failed may be tried again; waits until it may, as a write to
 * a descriptor that blocks does by itself. */
static bool may_write_again(int descriptor) {
    struct pollfd room = {.fd = descriptor, .events = POLLOUT};
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    return poll(&room, 1, -1) >= 0 || errno == EINTR;
}

/* Writes a string; false when the descriptor takes no more. */
static bool write_all(int descriptor, const char *text) {
    size_t bytes = strlen(text);
    while (bytes > 0) {
        ssize_t written = write(descriptor, text, bytes);
        if (written == 0 || (written < 0 && !may_write_again(descriptor)))
            return false;
        if (written > 0) {
            text += written;
            bytes -= (size_t)written;
        }
    }
    return true;
}

/* Gathers the chunks at granule g and after it, as many as fit; returns how many. */
static size_t gather(struct Mem_Region *region, mem_granule g, struct mem_chunk *chunks) {
    size_t count = 0;
    bool taken = mem_section_enter(region);
    bool more = mem_region_chunk_from(region, g, &chunks[0]);
    while (more && ++count < BATCH) {
        chunks[count] = chunks[count - 1];
        more = mem_region_chunk_next(region, &chunks[count]);
    }
    mem_section_leave(region, taken);
    return count;
}

/* Formats a line, and returns where it ends. */
static char *format_chunk(char *line, const struct mem_chunk *chunk, size_t number) {
    int length =
        snprintf(line, LINE_BYTES, "%6zu  %p  offset %10zu  size %10zu%s\n", number, chunk->address,
                 mem_granule_bytes(chunk->g), mem_granule_bytes(chunk->granules),
                 chunk->intact ? "" : "  node overwritten");
    return line + length;
}

static void count(struct totals *totals, const struct mem_chunk *chunk) {
    totals->chunks++;
    totals->granules += chunk->granules;
    if (chunk->granules > totals->largest)
        totals->largest = chunk->granules;
}

static bool write_chunks(int descriptor, struct Mem_Region *region, struct totals *totals) {
    struct mem_chunk chunks[BATCH];
    char text[BATCH * LINE_BYTES];
    mem_granule g = 0;
    size_t gathered;
    while ((gathered = gather(region, g, chunks)) > 0) {
        char *end = text;
        for (size_t i = 0; i < gathered; i++) {
            count(totals, &chunks[i]);
            end = format_chunk(end, &chunks[i], totals->chunks);
        }
        if (!write_all(descriptor, text))
            return false;
        g = chunks[gathered - 1].g + chunks[gathered - 1].granules;
    }
    return true;
}

static void write_totals(int descriptor, const struct Mem_Region *region,
                         const struct totals *totals) {
    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%zu chunk%s, %zu bytes free, largest %zu, region %zu bytes\n",
             totals->chunks, totals->chunks == 1 ? "" : "s", mem_granule_bytes(totals->granules),
             mem_granule_bytes(totals->largest), mem_region_bytes(region));
    write_all(descriptor, line);
}

static void dump(int descriptor, struct Mem_Region *region) {
    struct totals totals = {0, 0, 0};
    if (write_all(descriptor, "libmem: free chunks of the region\n") &&
        write_chunks(descriptor, region, &totals))
        write_totals(descriptor, region, &totals);
}

/* What the program has printed comes first. */
static int flushed_stdout(void) {
    fflush(stdout);
    return fileno(stdout);
}

void Mem_Dump(void) {
    int descriptor = flushed_stdout();
    struct Mem_Region *region = mem_default();
    if (region == NULL)
        write_all(descriptor, "libmem: no region\n");
    else
        dump(descriptor, region);
}

void Mem_RegionDump(Mem_Region *region) {
    if (region == NULL)
        mem_error_set(E_BAD_ARGS);
    else
        dump(flushed_stdout(), region);
}
