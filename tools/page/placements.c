/*
 * placements.c - a pass that follows the objects, and writes each to a file when it ends.
 *
 * The process that replays has a file in common with the one that asked. It begins with the figures
 * of all moments; the placements come behind them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/placements.h"

#include "apart.h"
#include "blocks.h"
#include "heap.h"
#include "nameless.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static_assert(MOMENTS_MOST < UCHAR_MAX, "their numbers are unsigned chars");

struct following {
    const struct trace *trace;
    const struct moments *moments;
    size_t region;
    struct replay_terms terms;
    int file;
    FILE *to;
    struct blocks blocks;
    unsigned char *first; /* by slot: the first moment that is to come when it was placed */
    unsigned char moment; /* to come, its number */
    struct figures at[MOMENTS_MOST];
};

static bool cannot_keep(struct complaint *c) {
    return complain(c, 0, "no list of objects can be kept in $TMPDIR or /tmp: %s", strerror(errno));
}

/* ---- In the process that replays ---- */

/* An object ends, or what is known of it changes. It counts if there was a moment meanwhile. */
static void end_placement(struct following *f, uint32_t slot) {
    const struct block *b = &f->blocks.of[slot];
    if (b->bytes == 0 || f->first[slot] == f->moment)
        return;
    const struct placement one = {.offset = b->offset,
                                  .bytes = b->bytes,
                                  .since = b->since,
                                  .caller = b->caller,
                                  .first = f->first[slot],
                                  .last = (unsigned char)(f->moment - 1)};
    fwrite(&one, sizeof one, 1, f->to);
}

static void pass_moment(struct following *f, const struct Mem_Stats *s) {
    if (f->moment < f->moments->count && f->moments->of[f->moment].done == f->blocks.done)
        f->at[f->moment++] = (struct figures){s->live_bytes, s->live_blocks, s->free_bytes,
                                              s->free_chunks, s->largest_free};
}

static bool is_changed(const struct replay_step *step) {
    return step->before.offset != step->after.offset || step->before.bytes != step->after.bytes;
}

static void see(void *who, const struct replay_step *step) {
    struct following *f = who;
    uint32_t slot = step->operation->slot;
    if (is_changed(step)) {
        end_placement(f, slot);
        f->first[slot] = f->moment;
    }
    blocks_see(&f->blocks, step);
    pass_moment(f, &step->stats);
}

/* Of a trace without operations, the only moment is that of the empty heap. */
static void begin_moments(struct following *f, const struct heap *heap) {
    struct Mem_Stats stats = {.free_bytes = 0};
    (void)Mem_RegionGetStats(heap->region, &stats);
    pass_moment(f, &stats);
}

static bool follow_all(struct following *f, const struct replay_watcher *watcher,
                       struct complaint *c) {
    const struct replay_observer observer = {see, f};
    struct heap heap;
    if (!heap_make(&heap, f->region))
        return complain(c, 0, "the system refuses a region of %zu bytes", f->region);
    begin_moments(f, &heap);
    if (!replay_observe(f->trace, &heap, f->terms, &observer, watcher, c))
        return false;
    for (uint32_t slot = 0; slot < f->blocks.slots; slot++)
        end_placement(f, slot);
    return true;
}

static bool write_figures(struct following *f) {
    return fseek(f->to, 0, SEEK_SET) == 0 && fwrite(f->at, sizeof f->at, 1, f->to) == 1;
}

static bool follow(struct following *f, const struct replay_watcher *watcher, struct complaint *c) {
    f->to = fdopen(f->file, "w");
    if (f->to == NULL)
        return cannot_keep(c);
    bool kept = write_figures(f); /* makes room for them */
    bool right = follow_all(f, watcher, c);
    kept = write_figures(f) && ferror(f->to) == 0 && kept;
    kept = fclose(f->to) == 0 && kept;
    return right && (kept || cannot_keep(c));
}

static enum status find(const void *what, const struct replay_watcher *watcher, void *result,
                        struct complaint *c) {
    struct following f = *(const struct following *)what;
    (void)result; /* it is in the file */
    f.first = calloc(f.trace->slots + (size_t)1, 1);
    bool right = blocks_begin(&f.blocks, f.trace) && f.first != NULL;
    right = right ? follow(&f, watcher, c) : complain(c, 0, "out of memory");
    blocks_end(&f.blocks);
    free(f.first);
    if (right)
        return SERVED;
    return c->line == 0 ? UNUSABLE : FAILED;
}

/* ---- In the one that asked ---- */

static int compare(const void *a, const void *b) {
    const struct placement *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

void placements_sort(struct placements *p) {
    qsort(p->of, p->count, sizeof *p->of, compare);
}

static bool read_whole(int file, void *to, size_t bytes, off_t at) {
    for (ssize_t got; bytes > 0; bytes -= (size_t)got, at += got, to = (char *)to + got)
        if ((got = pread(file, to, bytes, at)) <= 0)
            return false;
    return true;
}

static bool take(struct placements *p, int file, struct complaint *c) {
    struct stat status;
    if (fstat(file, &status) != 0)
        return cannot_keep(c);
    size_t bytes = (size_t)status.st_size - sizeof p->at;
    p->of = malloc(bytes > 0 ? bytes : 1);
    if (p->of == NULL)
        return complain(c, 0, "out of memory");
    p->count = bytes / sizeof *p->of;
    if (!read_whole(file, p->at, sizeof p->at, 0) ||
        !read_whole(file, p->of, bytes, (off_t)sizeof p->at))
        return cannot_keep(c);
    placements_sort(p);
    return true;
}

enum status placements_find(struct placements *p, const struct moments *m, const struct trace *t,
                            size_t region, struct replay_terms terms,
                            const struct replay_watcher *watcher, struct complaint *c) {
    struct following f = {.trace = t, .moments = m, .region = region, .terms = terms};
    char nothing;
    *p = (struct placements){.count = 0};
    f.file = nameless_open();
    if (f.file < 0) {
        cannot_keep(c);
        return UNUSABLE;
    }
    enum status status = apart_do(find, &f, watcher, &nothing, 0, c);
    if (status == SERVED && !take(p, f.file, c))
        status = UNUSABLE;
    close(f.file);
    return status;
}

void placements_end(struct placements *p) {
    free(p->of);
    p->of = NULL;
}

/* ---- Fewer of them ---- */

/* By the number of each moment: how many that are kept come before it. */
static void count_kept(const struct moments *m, const struct moments *kept,
                       unsigned char before[MOMENTS_MOST + 1]) {
    unsigned char count = 0;
    for (size_t i = 0; i < m->count; i++) {
        before[i] = count;
        count += count < kept->count && kept->of[count].done == m->of[i].done;
    }
    before[m->count] = count;
}

bool placements_thin(struct placements *to, const struct placements *from, const struct moments *m,
                     const struct moments *kept) {
    unsigned char before[MOMENTS_MOST + 1];
    *to = (struct placements){.of = malloc((from->count + 1) * sizeof *to->of)};
    if (to->of == NULL)
        return false;
    count_kept(m, kept, before);
    for (size_t i = 0; i < m->count; i++)
        if (before[i + 1] > before[i])
            to->at[before[i]] = from->at[i];
    for (size_t i = 0; i < from->count; i++) {
        struct placement one = from->of[i];
        unsigned char end = before[one.last + 1];
        one.first = before[one.first];
        one.last = (unsigned char)(end - 1);
        if (one.first < end)
            to->of[to->count++] = one;
    }
    placements_sort(to);
    return true;
}
