/*
 * rows.h - what each process made of its heap, as it is told: a row for each image, in the order
 * in which they came.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ROWS_H
#define ROWS_H

#include "malloc/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How an image stands when the program has ended. */
enum standing {
    EXITED,   /* by exit(), or by returning from main */
    ENDED,    /* by a signal or _exit() */
    REPLACED, /* by exec() */
    ALIVE
};

/* Bytes but for the counts; of a sum, what all have together, but for largest_free, which is the
 * largest of all. ROWS_UNKNOWN where it is not known. */
#define ROWS_UNKNOWN UINT64_MAX

struct row {
    size_t number; /* in their order */
    int32_t pid;
    int32_t parent;
    enum standing standing;
    unsigned limit; /* enum mem_limit of the module */
    uint64_t allocations;
    uint64_t frees;
    uint64_t peak;
    uint64_t live;
    uint64_t full;       /* requests refused when so many bytes were not free */
    uint64_t fragmented; /* requests refused when they were, but not in one piece */
    uint64_t largest_free;
    uint64_t foreign; /* frees of pointers outside of the region */
    uint64_t bad;     /* frees of pointers in it that start no object */
    uint64_t region_resident;
    uint64_t index_resident;
    uint64_t region;  /* its size; unknown in a sum */
    char *executable; /* its path, or the end of it */
};

struct rows {
    struct row *first;
    size_t count;
    size_t room;
    uint32_t missed;            /* images that have no row */
    struct mem_refusal refusal; /* what was refused as it was told */
};

/* Adds what an image told. False with errno set when memory is short. */
bool rows_add(struct rows *rows, const struct mem_process *process);

/* When all were added: finds out which processes live. */
void rows_settle(struct rows *rows);

/* The largest by their peaks to the front. */
void rows_sort(struct rows *rows);

/* The sum of the rows from that one on. It has no executable. */
struct row rows_sum(const struct rows *rows, size_t from);

/* The last part of the path. */
const char *rows_program(const struct row *row);

void rows_free(struct rows *rows);

#endif /* ROWS_H */
