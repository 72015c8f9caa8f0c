/*
 * findings.c - gathers findings.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "findings.h"

#include "place.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct findings *f) {
    size_t room = f->room > 0 ? 2 * f->room : 64;
    if (f->count < f->room)
        return true;
    struct finding *first = realloc(f->first, room * sizeof *first);
    if (first == NULL)
        return false;
    f->first = first;
    f->room = room;
    return true;
}

static struct finding *find(const struct findings *f, const struct finding *like) {
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->first[i].what, like->what) == 0 &&
            strcmp(f->first[i].place, like->place) == 0)
            return &f->first[i];
    return NULL;
}

bool findings_add(struct findings *f, const char *what, uint64_t number,
                  const struct mem_refusal *refusal) {
    struct finding one = {.first = number, .count = 1};
    snprintf(one.what, sizeof one.what, "%s", what);
    place_name(one.place, sizeof one.place, refusal);
    struct finding *known = find(f, &one);
    if (known != NULL) {
        known->count++;
        return true;
    }
    if (!make_room(f))
        return false;
    f->first[f->count++] = one;
    return true;
}

void findings_print(const struct findings *f, FILE *out) {
    int what = (int)strlen("outcome");
    for (size_t i = 0; i < f->count; i++)
        if ((int)strlen(f->first[i].what) > what)
            what = (int)strlen(f->first[i].what);
    if (f->count > 0)
        fprintf(out, "%10s  %8s  %-*s  called from\n", "allocation", "findings", what, "outcome");
    for (size_t i = 0; i < f->count; i++)
        fprintf(out, "%10" PRIu64 "  %8" PRIu64 "  %-*s  %s\n", f->first[i].first,
                f->first[i].count, what, f->first[i].what, f->first[i].place);
}

void findings_free(struct findings *f) {
    free(f->first);
}
