/*
 * answer_text.c - answers for people.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "answer_print.h"

#include <inttypes.h>

/* ---- In words ---- */

static void tell_other(FILE *out, const struct answers *a, const struct answer *one) {
    if (one->search.region > 0)
        fprintf(out, "; by %s fit %.3f times", one->style->name,
                answers_to_peak(a, one->search.region));
    else
        fprintf(out, "; by %s fit, no region is large enough", one->style->name);
}

void answer_words(FILE *out, const struct answers *a) {
    const struct answer *least = answers_least(a);
    if (least == NULL) {
        fprintf(out, "%s needs more than a region can have", a->name);
        return;
    }
    fprintf(out, "%s needs %zu bytes by %s fit", a->name, least->search.region, least->style->name);
    if (a->trace->peak > 0)
        fprintf(out, ", %.3f times its peak", answers_to_peak(a, least->search.region));
    for (size_t i = 0; i < a->count; i++)
        if (&a->of[i] != least)
            tell_other(out, a, &a->of[i]);
}

/* ---- The table ---- */

static void print_row(FILE *out, const struct answers *a, const struct answer *one) {
    const struct replay_figures *f = &one->replay;
    fprintf(out, "%-5s", one->style->name);
    if (one->search.region > 0)
        fprintf(out, " %13zu %8.3f", one->search.region, answers_to_peak(a, one->search.region));
    else
        fprintf(out, " %13s %8s", "none", "-");
    fprintf(out, " %10zu %10zu %9.1f %12zu %13zu\n", f->full, f->refused - f->full, f->ns,
            f->worst.chunks, f->worst.largest);
}

static void print_table(FILE *out, const struct answers *a) {
    char given[32];
    snprintf(given, sizeof given, "in %zu bytes", a->region);
    fprintf(out, "%-5s %13s %8s %21s %9s %26s\n", "", "smallest", "to the", given, "ns an",
            "at the worst moment");
    fprintf(out, "%-5s %13s %8s %10s %10s %9s %12s %13s\n", "style", "region", "peak", "full",
            "fragmented", "operation", "free chunks", "largest");
    for (size_t i = 0; i < a->count; i++)
        print_row(out, a, &a->of[i]);
}

/* ---- What was refused ---- */

void answer_refusals(FILE *out, const struct refusals *r, const char *unit) {
    struct replay_refusal one;
    if (!refusals_get(r, 0, &one))
        return;
    fprintf(out, "%12s %20s %13s %13s  %s\n", unit, "asked for", "free", "largest", "refused");
    for (size_t i = 0; refusals_get(r, i, &one); i++)
        fprintf(out, "%12" PRIu32 " %20" PRIu64 " %13zu %13zu  %s\n", one.line, one.bytes, one.free,
                one.largest, replay_is_full(&one) ? "full" : "fragmented");
}

static void print_refusals(FILE *out, const struct answers *a) {
    for (size_t i = 0; i < a->count; i++) {
        const struct answer *one = &a->of[i];
        fprintf(out, "\n%s fit: %zu requests refused in %zu bytes\n", one->style->name,
                one->replay.refused, a->region);
        answer_refusals(out, &one->refusals, a->trace->unit);
    }
}

/* ---- The budget ---- */

static void print_point(FILE *out, const struct answers *a, const struct budget_point *point) {
    fprintf(out, "%13zu %8.3f", point->region, answers_to_peak(a, point->region));
    for (size_t i = 0; i < a->count; i++)
        fprintf(out, " %9" PRIu64 " %15" PRIu64, point->refused[i].requests,
                point->refused[i].bytes);
    fputc('\n', out);
}

static void print_budget(FILE *out, const struct answers *a) {
    fprintf(out, "\n%13s %8s", "", "to the");
    for (size_t i = 0; i < a->count; i++)
        fprintf(out, " %21s fit", a->of[i].style->name);
    fprintf(out, "\n%13s %8s", "region", "peak");
    for (size_t i = 0; i < a->count; i++)
        fprintf(out, " %9s %15s", "refused", "bytes");
    fputc('\n', out);
    for (size_t i = 0; i < a->budget->count; i++)
        print_point(out, a, &a->budget->at[i]);
}

/* ---- The holders ---- */

struct holders_of answer_holders_of(const struct answers *a, const struct answer *one) {
    return (struct holders_of){a->name, one->style->name, a->trace->unit, a->region};
}

static void print_holders(FILE *out, const struct answers *a) {
    for (size_t i = 0; i < a->count; i++) {
        const struct holders_of of = answer_holders_of(a, &a->of[i]);
        fputc('\n', out);
        holders_text(out, &a->holders[i], &of);
    }
}

/* ---- All ---- */

void answer_origin(FILE *out, const struct trace *t) {
    const struct origin *origin = &t->origin;
    if (origin->pid != 0 && origin->program[0] != '\0')
        fprintf(out, "process:            %ld (%s)\n", origin->pid, origin->program);
    else if (origin->pid != 0)
        fprintf(out, "process:            %ld\n", origin->pid);
    if (origin->knows_missing)
        fprintf(out, "not recorded:       %" PRIu64 " calls\n", origin->missing);
    if (origin->pid != 0 || t->refused > 0 || t->unknown > 0)
        fprintf(out,
                "left out:           %" PRIu64 " requests refused, %" PRIu64 " unknown objects\n",
                t->refused, t->unknown);
}

void answer_text(FILE *out, const struct answers *a) {
    const struct trace *t = a->trace;
    answer_words(out, a);
    fputs("\n\n", out);
    answer_origin(out, t);
    fprintf(out, "operations:         %zu\n", t->count);
    fprintf(out,
            "peak of live bytes: %" PRIu64 " as requested, %" PRIu64
            " rounded to 16: no allocator can do with less\n\n",
            t->peak, t->rounded);
    print_table(out, a);
    if (a->lists_refusals)
        print_refusals(out, a);
    if (a->budget != NULL)
        print_budget(out, a);
    if (a->holders != NULL)
        print_holders(out, a);
}
