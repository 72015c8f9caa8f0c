/*
 * trim.c - gives free memory back to the system; see trim.h.
 *
 *     chunk       [ node | page ... page | ... | page ... page | rest )
 *     pieces             [  discarded    )( ... )(  discarded  )
 *
 * A piece is found and discarded in one section under the lock: so no other thread can have taken
 * it. Between two pieces, the region may change in any way.
 *
 * MADV_DONTNEED and not MADV_FREE: the pages are to be gone from what is resident at once, and that
 * the index's pages read as zero is relied on.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/trim.h"

#include <errno.h>
#include <stdint.h>

#include "calls/section.h"
#include "malloc/cache.h"
#include "system/os.h"

#define GRANULES(bytes) ((mem_granule)((bytes) >> MEM_GRANULE_SHIFT))

/* All in granules. Chunks smaller than CHUNK are left alone. To look at a piece costs less than
 * some page faults, so it is paid for by as much freed memory. The most is glibc's, too. */
enum {
    CHUNK = GRANULES(64 << 10),
    PIECE = GRANULES(4 << 20),
    COST_OF_PIECE = GRANULES(16 << 10),
    LEAST = GRANULES(2 << 20),
    MOST = GRANULES(64 << 20)
};

mem_granule mem_trim_threshold = LEAST;
atomic_bool mem_trim_is_noted;

/* What was learnt, in granules. With the region's lock. */
static struct {
    mem_granule least, most; /* of patience */
    mem_granule patience;    /* the threshold, but for what a trim costs */
    mem_granule free;        /* when the last trim began */
    mem_granule given;       /* by trims since the last regret, as far as it matters */
    mem_granule reached;     /* hardly an object has been at this granule or above */
} known = {LEAST, MOST, LEAST, 0, 0, 0};

static mem_granule min(mem_granule a, mem_granule b) {
    return a < b ? a : b;
}

static mem_granule max(mem_granule a, mem_granule b) {
    return a > b ? a : b;
}

/* ---- Learning ---- */

/* Free memory has risen from its least since the last trim. */
static void learn(mem_granule least_free, mem_granule rise) {
    mem_granule retaken = known.free > least_free ? known.free - least_free : 0;
    mem_granule regret = min(known.given, retaken);
    bool regretted = regret >= known.patience / 2;
    mem_granule wanted = regretted ? 2 * min(regret, MOST) : known.patience / 2;
    if (regretted)
        wanted = max(wanted, known.patience);
    known.patience = max(min(wanted, known.most), known.least);
    known.given = regretted ? rise : known.given + min(rise, MOST);
    known.given = min(known.given, MOST);
}

/* ---- A trim ---- */

struct trim {
    mem_granule position; /* all before it is done */
    mem_granule pieces;
};

/* False if it is not time after all: another thread has trimmed, or the program has allocated.
 * Objects above what was reached are as large as what was freed, or so small that it matters
 * little. */
static bool begin(struct Mem_Region *region) {
    mem_granule free = mem_index_free(&region->index);
    mem_granule least_free = region->counts.least_free;
    mem_granule last = mem_index_last_chunk(&region->index);
    atomic_store_explicit(&mem_trim_is_noted, false, memory_order_relaxed);
    if (free < least_free || free - least_free < mem_trim_threshold)
        return false;
    learn(least_free, free - least_free);
    known.free = free;
    known.reached = max(known.reached, last + (free - least_free));
    mem_counts_mark(&region->counts, free);
    return true;
}

static void discard(char *from, char *to) {
    if (from < to)
        (void)mem_os_discard_all(from, (size_t)(to - from));
}

/* The first page that begins at the address or behind it. */
static char *next_page(char *address) {
    return address + (mem_os_round((uintptr_t)address) - (uintptr_t)address);
}

/* Two pieces that follow each other share the page that both have a part of: it goes with the
 * second. What is no whole page within the chunk stays. */
static void discard_index(const struct mem_index *index, mem_granule chunk, mem_granule end,
                          mem_granule from, mem_granule to) {
    char *idle = mem_index_idle(index, chunk, end, from);
    if (idle == NULL)
        return;
    char *last = mem_index_idle(index, chunk, end, end);
    char *stop = next_page(mem_index_idle(index, chunk, end, to));
    char *last_page = last - (uintptr_t)last % mem_os_round(1);
    discard(next_page(idle), stop < last_page ? stop : last_page);
}

/* Discards the next piece of the chunk, but not its node. */
static void trim_piece(struct Mem_Region *region, struct trim *trim, mem_granule chunk) {
    mem_granule end = mem_index_chunk_end(&region->index, chunk);
    mem_granule from = max(chunk, trim->position);
    mem_granule to = from < known.reached && end - from > PIECE ? from + PIECE : end;
    char *memory = mem_region_address(region, from + (from == chunk));
    char *stop = mem_region_address(region, to);
    discard(next_page(memory),
            to < end ? next_page(stop) : stop - (uintptr_t)stop % mem_os_round(1));
    discard_index(&region->index, chunk, end, from, to);
    mem_cache_discard(from, to);
    trim->position = to;
    trim->pieces++;
}

/* False at the end. */
static bool step(struct Mem_Region *region, struct trim *trim) {
    bool taken = mem_section_enter(region);
    mem_granule chunk = mem_index_large_from(&region->index, trim->position, CHUNK);
    if (chunk != MEM_NO_GRANULE)
        trim_piece(region, trim, chunk);
    else
        mem_trim_threshold = max(known.patience, min(trim->pieces, MOST) * COST_OF_PIECE);
    mem_section_leave(region, taken);
    return chunk != MEM_NO_GRANULE;
}

void mem_trim(struct Mem_Region *region) {
    struct trim trim = {0, 0};
    int error = errno;
    bool taken = mem_section_enter(region);
    bool due = begin(region);
    mem_section_leave(region, taken);
    while (due)
        due = step(region, &trim);
    errno = error;
}

/* ---- Settings ---- */

/* Nothing smaller than a chunk that is trimmed is worth one. */
void mem_trim_set(struct Mem_Region *region, int bytes) {
    mem_granule granules = bytes < 0 ? MEM_NO_GRANULE : max(GRANULES(bytes), CHUNK);
    bool taken = mem_section_enter(region);
    known.least = known.most = known.patience = mem_trim_threshold = granules;
    mem_section_leave(region, taken);
}
