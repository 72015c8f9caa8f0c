/*
 * csv.c - the report as comma-separated values (RFC 4180).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "csv_text.h"
#include "hints.h"
#include "report.h"

#include <inttypes.h>
#include <stddef.h>

/* With a comma in front of it. */
static void write_text(FILE *out, const char *text) {
    fputc(',', out);
    csv_text(out, text);
}

static void write_bytes(FILE *out, uint64_t bytes) {
    fputc(',', out);
    if (bytes != ROWS_UNKNOWN)
        fprintf(out, "%" PRIu64, bytes);
}

static void write_figures(FILE *out, const struct row *row) {
    write_bytes(out, row->region);
    for (size_t i = 0; i < REPORT_FIGURES; i++)
        write_bytes(out, report_figure(row, i));
}

static void write_titles(FILE *out) {
    fputs("pid,parent,state,program,limit,region", out);
    for (size_t i = 0; i < REPORT_FIGURES; i++)
        write_text(out, report_figures[i].name);
    fputs(",elapsed,user,system,peak_resident,hint\n", out);
}

static void write_row(FILE *out, const struct row *row) {
    const struct own_heap *own = hints_own_heap(row);
    fprintf(out, "%" PRId32 ",%" PRId32, row->pid, row->parent);
    write_text(out, report_standing(row));
    write_text(out, row->executable);
    write_text(out, report_limit(row));
    write_figures(out, row);
    fputs(",,,,", out);
    write_text(out, own != NULL ? own->setting : "");
    fputc('\n', out);
}

static void write_time(FILE *out, struct timeval time) {
    fprintf(out, ",%jd.%06ld", (intmax_t)time.tv_sec, (long)time.tv_usec);
}

static void write_whole(FILE *out, const struct report *r) {
    struct row sum = rows_sum(r->rows, 0);
    const struct rusage *usage = &r->ending->usage;
    const char *hint = hints_whole(r);
    fputs(",,whole", out);
    write_text(out, r->program);
    fputc(',', out);
    write_figures(out, &sum);
    fprintf(out, ",%.6f", (double)r->ending->elapsed_ns / 1e9);
    write_time(out, usage->ru_utime);
    write_time(out, usage->ru_stime);
    write_bytes(out, (uint64_t)usage->ru_maxrss * 1024);
    write_text(out, hint != NULL ? hint : "");
    fputc('\n', out);
}

void report_csv(FILE *out, const struct report *r) {
    write_titles(out);
    for (size_t i = 0; i < r->rows->count; i++)
        write_row(out, &r->rows->first[i]);
    write_whole(out, r);
}
