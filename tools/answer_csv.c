/*
 * answer_csv.c - answers as comma-separated values (RFC 4180), a table at a time. What is not known
 * is empty.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "answer_print.h"
#include "csv_text.h"

#include <inttypes.h>

static void begin_row(FILE *out, const struct answers *a, const struct answer *one) {
    csv_text(out, a->name);
    fprintf(out, ",%s", one->style->name);
}

static void write_row(FILE *out, const struct answers *a, const struct answer *one) {
    const struct trace *t = a->trace;
    const struct replay_figures *f = &one->replay;
    begin_row(out, a, one);
    fprintf(out, ",%zu,%" PRIu64 ",%" PRIu64, t->count, t->peak, t->rounded);
    if (one->search.region > 0 && t->peak > 0)
        fprintf(out, ",%zu,%.3f", one->search.region, answers_to_peak(a, one->search.region));
    else if (one->search.region > 0)
        fprintf(out, ",%zu,", one->search.region);
    else
        fputs(",,", out);
    if (one->search.index > 0)
        fprintf(out, ",%zu", one->search.index);
    else
        fputc(',', out);
    fprintf(out, ",%zu,%zu,%zu,%.1f,%" PRIu32 ",%zu,%zu,%zu\n", a->region, f->full,
            f->refused - f->full, f->ns, f->worst.line, f->worst.chunks, f->worst.free,
            f->worst.largest);
}

static void write_refusals(FILE *out, const struct answers *a, const struct answer *one) {
    struct replay_refusal r;
    for (size_t i = 0; refusals_get(&one->refusals, i, &r); i++) {
        begin_row(out, a, one);
        fprintf(out, ",%zu,%" PRIu32 ",%" PRIu64 ",%zu,%zu,%s\n", a->region, r.line, r.bytes,
                r.free, r.largest, replay_is_full(&r) ? "full" : "fragmented");
    }
}

static void write_point(FILE *out, const struct answers *a, const struct budget_point *point) {
    for (size_t i = 0; i < a->count; i++) {
        const struct replay_refused *r = &point->refused[i];
        begin_row(out, a, &a->of[i]);
        fprintf(out, ",%zu,%.3f,%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", point->region,
                answers_to_peak(a, point->region), r->full, r->requests - r->full, r->bytes);
    }
}

static void write_budget(FILE *out, const struct answers *a, bool header) {
    if (header)
        fputs("trace,style,region,region_to_peak,full,fragmented,bytes\n", out);
    for (size_t i = 0; i < a->budget->count; i++)
        write_point(out, a, &a->budget->at[i]);
}

static void write_holders(FILE *out, const struct answers *a, bool header) {
    if (header)
        holders_csv_header(out);
    for (size_t i = 0; i < a->count; i++) {
        const struct holders_of of = answer_holders_of(a, &a->of[i]);
        holders_csv(out, &a->holders[i], &of);
    }
}

static void write_styles(FILE *out, const struct answers *a, bool header) {
    if (header)
        fputs(a->lists_refusals
                  ? "trace,style,region,line,bytes,free,largest,why\n"
                  : "trace,style,operations,peak,peak_rounded,smallest_region,region_to_peak,"
                    "index_resident,region,full,fragmented,ns,worst_line,worst_chunks,worst_free,"
                    "worst_largest\n",
              out);
    for (size_t i = 0; i < a->count; i++)
        if (a->lists_refusals)
            write_refusals(out, a, &a->of[i]);
        else
            write_row(out, a, &a->of[i]);
}

void answer_csv(FILE *out, const struct answers *a, bool header) {
    if (a->budget != NULL)
        write_budget(out, a, header);
    else if (a->holders != NULL)
        write_holders(out, a, header);
    else
        write_styles(out, a, header);
}
