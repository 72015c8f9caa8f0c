/*
 * numbers.c - lists allocations by their numbers.
 *
 * The module counts allocations, and resizes if their object needs more granules than it has. What
 * an object has is known from the events before; so they are numbered here as there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "numbers.h"

#include "lives.h"
#include "log.h"
#include "log_events.h"

#include <inttypes.h>
#include <stdlib.h>

bool numbers_all(struct numbers *n, uint64_t first, uint64_t last) {
    uint64_t count = last >= first ? last - first + 1 : 0;
    n->count = 0;
    n->of = count < SIZE_MAX / sizeof *n->of ? malloc((size_t)(count + 1) * sizeof *n->of) : NULL;
    if (n->of == NULL)
        return false;
    for (uint64_t number = first; number <= last; number++)
        n->of[n->count++] = number;
    return true;
}

/* ---- By caller ---- */

/* The pass through the events of one image after the other of a process. */
struct counting {
    struct numbers *numbers;
    uint64_t first;
    uint64_t last;
    uint64_t asked;
    struct lives lives;
    uint32_t *granules;  /* that objects have, by slot */
    uint32_t slots;      /* elements of granules */
    unsigned char *seen; /* callers of this image */
    size_t seen_count;
};

static uint32_t granules_of(uint64_t bytes) {
    return (uint32_t)((bytes + (bytes == 0) + MEM_EVENT_GRANULE - 1) / MEM_EVENT_GRANULE);
}

/* An object has so many granules at a place; false when memory is short. */
static bool put(struct counting *k, uint64_t place, uint32_t granules) {
    uint32_t slot = lives_find(&k->lives, place);
    if (slot == LIVES_NONE)
        slot = lives_begin(&k->lives, place);
    if (slot >= k->slots) {
        uint32_t slots = slot + slot / 2 + 1024;
        uint32_t *larger = realloc(k->granules, slots * sizeof *larger);
        if (larger == NULL)
            return false;
        k->granules = larger;
        k->slots = slots;
    }
    k->granules[slot] = granules;
    return slot != LIVES_NONE;
}

/* The granules of the object that leaves a place; 0 if none is known. */
static uint32_t take(struct counting *k, uint64_t place) {
    uint32_t slot = lives_find(&k->lives, place);
    if (slot == LIVES_NONE)
        return 0;
    lives_end(&k->lives, slot);
    return k->granules[slot];
}

/* Whether it is the first of its place. */
static bool is_new(struct counting *k, uint64_t caller, bool *good) {
    if (caller >= k->seen_count) {
        size_t count = 2 * (size_t)caller + 64;
        unsigned char *seen = realloc(k->seen, count);
        if (seen == NULL) {
            *good = false;
            return false;
        }
        for (size_t i = k->seen_count; i < count; i++)
            seen[i] = 0;
        k->seen = seen;
        k->seen_count = count;
    }
    bool was_seen = k->seen[caller] != 0;
    k->seen[caller] = 1;
    return !was_seen;
}

static bool add(struct numbers *n, uint64_t number) {
    uint64_t *of = realloc(n->of, (n->count + 1) * sizeof *of);
    if (of == NULL)
        return false;
    n->of = of;
    of[n->count++] = number;
    return true;
}

static bool count_one(struct counting *k, const struct log_event *event) {
    bool good = true;
    k->asked++;
    if (k->asked < k->first || k->asked > k->last || !is_new(k, event->caller, &good))
        return good;
    return add(k->numbers, k->asked);
}

/* Whether the object needs more granules; it has those that it needs then. */
static bool resize(struct counting *k, const struct log_event *event, bool *grew) {
    uint32_t before = take(k, event->from);
    *grew = granules_of(event->bytes) > before;
    return put(k, event->to, granules_of(event->bytes));
}

/* A resize that was refused was one that grows: others are served. */
static bool count_event(struct counting *k, const struct log_event *event) {
    bool grew = true;
    switch (event->kind) {
    case MEM_EVENT_ALLOC:
    case MEM_EVENT_ALIGNED:
        return put(k, event->to, granules_of(event->bytes)) && count_one(k, event);
    case MEM_EVENT_RESIZE:
        return resize(k, event, &grew) && (!grew || count_one(k, event));
    case MEM_EVENT_FREE:
        (void)take(k, event->from);
        return true;
    default:
        return count_one(k, event);
    }
}

static bool count_image(struct counting *k, const struct log *l, uint32_t image,
                        struct complaint *c) {
    struct log_events events;
    struct log_event event;
    enum log_next next = LOG_DAMAGED;
    k->seen_count = 0;
    if (log_events_begin(&events, l, image, c))
        while ((next = log_events_next(&events, &event, c)) == LOG_EVENT) {
            if (event.caller > events.caller_count)
                event.caller = 0;
            if (!count_event(k, &event) && !complain(c, 0, "out of memory"))
                break;
        }
    log_events_end(&events);
    lives_free(&k->lives);
    return next == LOG_END;
}

bool numbers_by_caller(struct numbers *n, int file, const struct mem_refusal *model, uint64_t first,
                       uint64_t last, struct complaint *c) {
    struct log log;
    struct counting k = {.numbers = n, .first = first, .last = last};
    struct mem_process image;
    bool good = log_open(&log, file, c);
    *n = (struct numbers){NULL, 0};
    for (uint32_t i = 0; good && i < log.count; i++)
        if (log_image(&log, i, &image) && image.pid == model->pid && image.inherited == 0)
            good = count_image(&k, &log, i, c);
    free(k.seen);
    free(k.granules);
    log_close(&log);
    if (good && k.asked != model->asked)
        return complain(c, 0,
                        "of its %" PRIu64 " allocations, %" PRIu64 " could be recorded: there "
                        "is no room for the others in $TMPDIR, /dev/shm or /tmp",
                        model->asked, k.asked);
    return good;
}

void numbers_free(struct numbers *n) {
    free(n->of);
}
