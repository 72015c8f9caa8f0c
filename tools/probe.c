/*
 * probe.c - a region, and one pass in it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "probe.h"

#include "apart.h"
#include "heap.h"
#include "resident.h"

#include <stdlib.h>

struct probe_terms {
    const struct trace *trace;
    size_t region;
    struct replay_terms replay;
};

static enum status replay(const struct probe_terms *terms, const struct heap *heap,
                          const struct replay_watcher *watcher, struct complaint *c) {
    bool refused;
    if (!replay_probe(terms->trace, heap, terms->replay, watcher, &refused, c))
        return c->line == 0 ? UNUSABLE : FAILED;
    return refused ? REFUSED : SERVED;
}

/* The mappings are listed right before and after the region is made, so that only the region and
 * its index come in between. */
static enum status attempt(const void *what, const struct replay_watcher *watcher, void *result,
                           struct complaint *c) {
    const struct probe_terms *terms = what;
    struct resident_mappings before;
    struct heap heap;
    size_t *index = result;
    resident_list(&before);
    if (!heap_make(&heap, terms->region)) {
        complain(c, 0, "the system refuses a region of %zu bytes", terms->region);
        return UNUSABLE;
    }
    const void *mapping = resident_added(&before, heap.start);
    enum status status = replay(terms, &heap, watcher, c);
    *index = mapping != NULL ? resident_mapping(mapping) : 0;
    return status;
}

enum status probe(const struct trace *t, size_t region, struct replay_terms terms,
                  const struct replay_watcher *watcher, size_t *index, struct complaint *c) {
    const struct probe_terms all = {t, region, terms};
    return apart_do(attempt, &all, watcher, index, sizeof *index, c);
}
