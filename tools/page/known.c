/*
 * known.c - counts, and has the first ones named.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/known.h"

#include <stdlib.h>

struct tally {
    uint32_t caller;
    uint64_t placements;
};

static int compare(const void *a, const void *b) {
    const struct tally *x = a, *y = b;
    if (x->placements != y->placements)
        return x->placements > y->placements ? -1 : 1;
    return (x->caller > y->caller) - (x->caller < y->caller);
}

/* Of all callers, who placed most comes first. */
static struct tally *count(const struct trace *t, const struct placements *of, size_t styles) {
    uint32_t callers = t->callers.count;
    struct tally *tallies = calloc((size_t)callers + 1, sizeof *tallies);
    if (tallies == NULL)
        return NULL;
    for (uint32_t i = 0; i <= callers; i++)
        tallies[i].caller = i;
    for (size_t i = 0; i < styles; i++)
        for (size_t k = 0; k < of[i].count; k++)
            tallies[of[i].of[k].caller].placements++;
    qsort(tallies + 1, callers, sizeof *tallies, compare);
    return tallies;
}

static void name(struct known *k, const struct trace *t, const struct tally *tallies) {
    uint32_t callers = t->callers.count;
    while (k->count < KNOWN_MOST && k->count < callers && tallies[k->count + 1].placements > 0) {
        k->names[k->count].caller = tallies[k->count + 1].caller;
        k->count++;
    }
    for (uint32_t i = 1; i <= callers; i++)
        k->rank[tallies[i].caller] = i <= k->count ? i : (uint32_t)k->count + 1;
    caller_names(&t->callers, k->names, k->count);
}

bool known_find(struct known *k, const struct trace *t, const struct placements *of,
                size_t styles) {
    *k = (struct known){.count = 0};
    if (t->callers.count == 0)
        return true;
    struct tally *tallies = count(t, of, styles);
    k->rank = calloc((size_t)t->callers.count + 1, sizeof *k->rank);
    k->names = calloc(KNOWN_MOST, sizeof *k->names);
    bool right = tallies != NULL && k->rank != NULL && k->names != NULL;
    if (right)
        name(k, t, tallies);
    free(tallies);
    return right;
}

void known_end(struct known *k) {
    free(k->rank);
    free(k->names);
}
