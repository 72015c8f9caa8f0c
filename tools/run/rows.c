/*
 * rows.c - makes rows of what images told.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "rows.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static_assert(ROWS_UNKNOWN == MEM_UNKNOWN, "unknown figures are taken over as they are");

/* A process that has ended, but for which nobody has waited, has no executable any more. */
static bool is_alive(pid_t pid) {
    char link[sizeof "/proc//exe" + 3 * sizeof pid];
    char target[1];
    if (kill(pid, 0) != 0 && errno != EPERM)
        return false;
    snprintf(link, sizeof link, "/proc/%d/exe", (int)pid);
    return readlink(link, target, sizeof target) >= 0 || errno != ENOENT ||
           access("/proc/self", F_OK) != 0;
}

static struct row row_of(const struct mem_process *p) {
    uint64_t refused = p->now.refused - p->before.refused;
    return (struct row){
        .pid = p->pid,
        .parent = p->parent,
        .standing = p->state == MEM_PROCESS_EXITED ? EXITED : ENDED,
        .limit = p->limit,
        .allocations = p->now.allocations - p->before.allocations,
        .frees = p->now.frees - p->before.frees,
        .peak = p->now.peak_live_bytes,
        .live = p->now.live_bytes,
        .full = refused > p->fragmented ? refused - p->fragmented : 0,
        .fragmented = p->fragmented,
        .largest_free = p->now.largest_free,
        .foreign = p->foreign,
        .bad = p->bad,
        .region_resident = p->region_resident,
        .index_resident = p->index_resident,
        .region = p->now.region_bytes,
        .executable = strndup(p->executable, sizeof p->executable),
    };
}

static bool make_room(struct rows *rows) {
    if (rows->count < rows->room)
        return true;
    size_t room = rows->room > 0 ? 2 * rows->room : 64;
    struct row *first = realloc(rows->first, room * sizeof *first);
    if (first == NULL)
        return false;
    rows->first = first;
    rows->room = room;
    return true;
}

bool rows_add(struct rows *rows, const struct mem_process *process) {
    if (!make_room(rows))
        return false;
    struct row row = row_of(process);
    if (row.executable == NULL)
        return false;
    row.number = rows->count;
    rows->first[rows->count++] = row;
    return true;
}

static int compare(uint64_t a, uint64_t b) {
    return a < b ? -1 : a > b;
}

static int compare_numbers(const void *a, const void *b) {
    return compare(((const struct row *)a)->number, ((const struct row *)b)->number);
}

static int compare_processes(const void *a, const void *b) {
    int order =
        compare((uint32_t)((const struct row *)a)->pid, (uint32_t)((const struct row *)b)->pid);
    return order != 0 ? order : compare_numbers(a, b);
}

static int compare_peaks(const void *a, const void *b) {
    int order = compare(((const struct row *)b)->peak, ((const struct row *)a)->peak);
    return order != 0 ? order : compare_numbers(a, b);
}

static void sort(struct rows *rows, int (*order)(const void *, const void *)) {
    if (rows->count > 0)
        qsort(rows->first, rows->count, sizeof *rows->first, order);
}

/* Of the images of one process, all but the last were ended by exec(). */
void rows_settle(struct rows *rows) {
    sort(rows, compare_processes);
    for (size_t i = 0; i < rows->count; i++) {
        struct row *r = &rows->first[i];
        if (r->standing == EXITED)
            continue;
        if (i + 1 < rows->count && r[1].pid == r->pid)
            r->standing = REPLACED;
        else if (is_alive(r->pid))
            r->standing = ALIVE;
    }
    sort(rows, compare_numbers);
}

void rows_sort(struct rows *rows) {
    sort(rows, compare_peaks);
}

static void add_known(uint64_t *sum, uint64_t value) {
    bool known = *sum != ROWS_UNKNOWN && value != ROWS_UNKNOWN;
    *sum = known ? *sum + value : ROWS_UNKNOWN;
}

struct row rows_sum(const struct rows *rows, size_t from) {
    struct row sum = {.executable = NULL, .region = ROWS_UNKNOWN};
    for (size_t i = from; i < rows->count; i++) {
        const struct row *r = &rows->first[i];
        sum.allocations += r->allocations;
        sum.frees += r->frees;
        sum.peak += r->peak;
        sum.live += r->live;
        sum.full += r->full;
        sum.fragmented += r->fragmented;
        sum.largest_free = r->largest_free > sum.largest_free ? r->largest_free : sum.largest_free;
        sum.foreign += r->foreign;
        sum.bad += r->bad;
        add_known(&sum.region_resident, r->region_resident);
        add_known(&sum.index_resident, r->index_resident);
    }
    return sum;
}

const char *rows_program(const struct row *row) {
    const char *slash = strrchr(row->executable, '/');
    return slash != NULL ? slash + 1 : row->executable;
}

void rows_free(struct rows *rows) {
    for (size_t i = 0; i < rows->count; i++)
        free(rows->first[i].executable);
    free(rows->first);
}
