/*
 * answer_json.c - answers as JSON (RFC 8259). What is not known is null.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "answer_print.h"
#include "holders/print.h"
#include "json_text.h"

#include <inttypes.h>

static void write_size(FILE *out, const char *name, size_t size) {
    if (size > 0)
        fprintf(out, ",\"%s\":%zu", name, size);
    else
        fprintf(out, ",\"%s\":null", name);
}

static void write_refusals(FILE *out, const struct refusals *refusals) {
    struct replay_refusal r;
    fputs(",\"refusals\":[", out);
    for (size_t i = 0; refusals_get(refusals, i, &r); i++)
        fprintf(out,
                "%s{\"line\":%" PRIu32 ",\"bytes\":%" PRIu64
                ",\"free\":%zu,\"largest\":%zu,\"why\":\"%s\"}",
                i > 0 ? "," : "", r.line, r.bytes, r.free, r.largest,
                replay_is_full(&r) ? "full" : "fragmented");
    fputc(']', out);
}

static void write_style(FILE *out, const struct answers *a, const struct answer *one) {
    const struct replay_figures *f = &one->replay;
    fprintf(out, "{\"style\":\"%s\"", one->style->name);
    write_size(out, "smallest_region", one->search.region);
    if (one->search.region > 0 && a->trace->peak > 0)
        fprintf(out, ",\"region_to_peak\":%.3f", answers_to_peak(a, one->search.region));
    else
        fputs(",\"region_to_peak\":null", out);
    write_size(out, "index_resident", one->search.index);
    fprintf(out, ",\"full\":%zu,\"fragmented\":%zu,\"ns\":%.1f", f->full, f->refused - f->full,
            f->ns);
    fprintf(out, ",\"worst\":{\"line\":%" PRIu32 ",\"chunks\":%zu,\"free\":%zu,\"largest\":%zu}",
            f->worst.line, f->worst.chunks, f->worst.free, f->worst.largest);
    if (a->lists_refusals)
        write_refusals(out, &one->refusals);
    if (a->holders != NULL) {
        fputs(",\"holders\":", out);
        holders_json(out, &a->holders[one - a->of]);
    }
    fputc('}', out);
}

static void write_point(FILE *out, const struct answers *a, const struct budget_point *point) {
    fprintf(out, "{\"region\":%zu", point->region);
    for (size_t i = 0; i < a->count; i++) {
        const struct replay_refused *r = &point->refused[i];
        fprintf(out,
                ",\"%s\":{\"full\":%" PRIu64 ",\"fragmented\":%" PRIu64 ",\"bytes\":%" PRIu64 "}",
                a->of[i].style->name, r->full, r->requests - r->full, r->bytes);
    }
    fputc('}', out);
}

static void write_budget(FILE *out, const struct answers *a) {
    fputs(",\"budget\":[", out);
    for (size_t i = 0; i < a->budget->count; i++) {
        if (i > 0)
            fputc(',', out);
        write_point(out, a, &a->budget->at[i]);
    }
    fputc(']', out);
}

static void write_trace(FILE *out, const struct answers *a) {
    const struct trace *t = a->trace;
    fputs("\"trace\":", out);
    json_text(out, a->name);
    if (t->origin.pid != 0)
        fprintf(out, ",\"process\":%ld", t->origin.pid);
    else
        fputs(",\"process\":null", out);
    if (t->origin.knows_missing)
        fprintf(out, ",\"not_recorded\":%" PRIu64, t->origin.missing);
    else
        fputs(",\"not_recorded\":null", out);
    fprintf(out,
            ",\"operations\":%zu,\"left_out\":{\"refused\":%" PRIu64 ",\"unknown\":%" PRIu64
            "},\"peak\":%" PRIu64 ",\"peak_rounded\":%" PRIu64 ",\"region\":%zu",
            t->count, t->refused, t->unknown, t->peak, t->rounded, a->region);
}

void answer_json(FILE *out, const struct answers *a) {
    fputc('{', out);
    write_trace(out, a);
    fputs(",\"styles\":[", out);
    for (size_t i = 0; i < a->count; i++) {
        if (i > 0)
            fputc(',', out);
        write_style(out, a, &a->of[i]);
    }
    fputc(']', out);
    if (a->budget != NULL)
        write_budget(out, a);
    fputs("}\n", out);
}
