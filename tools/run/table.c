/*
 * table.c - the report as a table: the columns are as wide as what is in them, and programs, whose
 * names have any length, come last.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "hints.h"
#include "place.h"
#include "plain.h"
#include "report.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

/* Lines for single processes, and one for the rest. */
enum { LARGEST = 20, LINES = LARGEST + 2 };

/* In front of the figures. */
enum { PID, STATE, BEFORE_FIGURES, COLUMNS = BEFORE_FIGURES + REPORT_FIGURES };

struct table {
    char cells[LINES][COLUMNS][24];
    char programs[LINES][256];
    size_t lines;
};

/* Lines */

static void put_figures(struct table *t, const struct row *row) {
    for (size_t i = 0; i < REPORT_FIGURES; i++) {
        uint64_t value = report_figure(row, i);
        char *cell = t->cells[t->lines][BEFORE_FIGURES + i];
        if (value == ROWS_UNKNOWN)
            strcpy(cell, "-");
        else
            snprintf(cell, sizeof t->cells[0][0], "%" PRIu64, value);
    }
}

static void put_program(struct table *t, const char *program) {
    char *cell = t->programs[t->lines];
    snprintf(cell, sizeof t->programs[0], "%s", program);
    plain_make(cell);
}

static void put_titles(struct table *t) {
    strcpy(t->cells[t->lines][PID], "pid");
    strcpy(t->cells[t->lines][STATE], "state");
    for (size_t i = 0; i < REPORT_FIGURES; i++)
        strcpy(t->cells[t->lines][BEFORE_FIGURES + i], report_figures[i].title);
    put_program(t, "program");
    t->lines++;
}

static void put_row(struct table *t, const struct row *row) {
    snprintf(t->cells[t->lines][PID], sizeof t->cells[0][0], "%" PRId32, row->pid);
    strcpy(t->cells[t->lines][STATE], report_standing(row));
    put_figures(t, row);
    put_program(t, rows_program(row));
    t->lines++;
}

static void put_rest(struct table *t, const struct rows *rows) {
    char program[64];
    struct row sum = rows_sum(rows, LARGEST);
    snprintf(program, sizeof program, "(%zu others together)", rows->count - LARGEST);
    put_figures(t, &sum);
    put_program(t, program);
    t->lines++;
}

static void put_rows(struct table *t, const struct rows *rows) {
    for (size_t i = 0; i < rows->count && i < LARGEST; i++)
        put_row(t, &rows->first[i]);
    if (rows->count > LARGEST)
        put_rest(t, rows);
}

/* Output */

static size_t width_of(const struct table *t, size_t column) {
    size_t width = 0;
    for (size_t i = 0; i < t->lines; i++) {
        size_t length = strlen(t->cells[i][column]);
        width = length > width ? length : width;
    }
    return width;
}

static void write_table(FILE *out, const struct table *t) {
    for (size_t i = 0; i < t->lines; i++) {
        for (size_t column = 0; column < COLUMNS; column++)
            fprintf(out, "%*s  ", (int)width_of(t, column), t->cells[i][column]);
        fprintf(out, "%s\n", t->programs[i]);
    }
}

/* The budget is that of the first process, the program itself. */
static void write_head(FILE *out, const struct report *r) {
    const struct row *first = r->rows->first;
    if (r->rows->count > 0)
        fprintf(out, "mem-run: %s fit, %" PRIu64 " bytes for each process (%s)\n", r->style,
                first->region, report_limit(first));
    else if (r->rows->missed > 0)
        fputs("mem-run: no process could keep figures\n", out);
    else
        fputs("mem-run: no process had a heap of libmem\n", out);
}

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void write_whole(FILE *out, const struct ending *ending) {
    if (WIFSIGNALED(ending->status))
        fprintf(out, "the program was ended by signal %d (%s)\n", WTERMSIG(ending->status),
                strsignal(WTERMSIG(ending->status)));
    fprintf(out, "elapsed %.2f s, user %.2f s, system %.2f s, peak resident %" PRIu64 " bytes\n",
            (double)ending->elapsed_ns / 1e9, seconds(ending->usage.ru_utime),
            seconds(ending->usage.ru_stime), (uint64_t)ending->usage.ru_maxrss * 1024);
}

static bool any_is_of(const struct rows *rows, const struct own_heap *own) {
    for (size_t i = 0; i < rows->count; i++)
        if (hints_own_heap(&rows->first[i]) == own)
            return true;
    return false;
}

/* Once for each program. Returns how many were written. */
static unsigned write_own_heaps(FILE *out, const struct rows *rows) {
    unsigned written = 0;
    for (size_t i = 0; i < HINTS_OWN_HEAPS; i++) {
        const struct own_heap *own = &hints_own_heaps[i];
        if (!any_is_of(rows, own))
            continue;
        fprintf(out, "few calls arrived: %s has a heap of its own, which %s turns off\n",
                own->program, own->setting);
        written++;
    }
    return written;
}

static void write_refusal(FILE *out, const struct mem_refusal *refusal) {
    char place[320];
    if (refusal->refused == 0)
        return;
    place_name(place, sizeof place, refusal);
    fprintf(out, "%" PRIu64 " allocations were refused as told, the first of them in %s\n",
            refusal->refused, place);
}

static void write_hints(FILE *out, const struct report *r) {
    const char *whole = r->rows->refusal.refused == 0 ? hints_whole(r) : NULL;
    if (write_own_heaps(out, r->rows) == 0 && whole != NULL)
        fprintf(out, "%s\n", whole);
    if (r->rows->missed > 0)
        fprintf(out, "processes without figures: %" PRIu32 "\n", r->rows->missed);
}

void report_table(FILE *out, const struct report *r) {
    static struct table table;
    write_head(out, r);
    rows_sort(r->rows);
    put_titles(&table);
    put_rows(&table, r->rows);
    if (r->rows->count > 0)
        write_table(out, &table);
    write_whole(out, r->ending);
    write_refusal(out, &r->rows->refusal);
    write_hints(out, r);
}
