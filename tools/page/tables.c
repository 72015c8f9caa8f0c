/*
 * tables.c - writes rows.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/tables.h"

#include "picture/axis.h"

#include <stdint.h>

static void begin_row(FILE *out, const char *head, const char *more) {
    fprintf(out, "<tr><th scope=\"row\">%s%s</th>", head, more);
}

static void write_cell(FILE *out, uint64_t value) {
    char label[AXIS_LABEL];
    axis_group(value, label);
    fprintf(out, "<td>%s</td>", label);
}

static void write_ratio(FILE *out, const struct answers *a, uint64_t region) {
    if (a->trace->peak > 0)
        fprintf(out, "<td>%.3f</td>", answers_to_peak(a, region));
    else
        fputs("<td>none</td>", out);
}

/* ---- Styles ---- */

static void write_style(FILE *out, const struct answers *a, const struct answer *one) {
    const struct replay_figures *f = &one->replay;
    begin_row(out, one->style->name, " fit");
    if (one->search.region > 0) {
        write_cell(out, one->search.region);
        write_ratio(out, a, one->search.region);
    } else {
        fputs("<td>none is large enough</td><td>none</td>", out);
    }
    write_cell(out, f->full);
    write_cell(out, f->refused - f->full);
    fprintf(out, "<td>%.1f</td>", f->ns);
    write_cell(out, f->worst.chunks);
    write_cell(out, f->worst.largest);
    fputs("</tr>\n", out);
}

static void write_least(FILE *out, const struct answers *a) {
    fputs("<tr class=\"least\"><th scope=\"row\">the least any allocator can do with</th>", out);
    write_cell(out, a->trace->rounded);
    write_ratio(out, a, a->trace->rounded);
    fputs("<td colspan=\"5\">the peak of live bytes, each object rounded to 16</td></tr>\n", out);
}

void tables_styles(FILE *out, const struct answers *a) {
    char region[AXIS_LABEL];
    axis_group(a->region, region);
    fprintf(
        out,
        "<table>\n<thead>\n<tr><td></td><th scope=\"colgroup\" colspan=\"2\">smallest region</th>"
        "<th scope=\"colgroup\" colspan=\"2\">refused in %s bytes</th><th scope=\"col\">time</th>"
        "<th scope=\"colgroup\" colspan=\"2\">at the worst moment there</th></tr>\n"
        "<tr><th scope=\"col\">policy</th><th scope=\"col\">bytes</th>"
        "<th scope=\"col\">over the peak</th><th scope=\"col\">full</th>"
        "<th scope=\"col\">fragmented</th><th scope=\"col\">ns an operation</th>"
        "<th scope=\"col\">free chunks</th><th scope=\"col\">largest</th></tr>\n"
        "</thead>\n<tbody>\n",
        region);
    for (size_t i = 0; i < a->count; i++)
        write_style(out, a, &a->of[i]);
    write_least(out, a);
    fputs("</tbody>\n</table>\n", out);
}

/* ---- The budget ---- */

static void write_point(FILE *out, const struct answers *a, const struct budget_point *point) {
    char region[AXIS_LABEL];
    axis_group(point->region, region);
    begin_row(out, region, "");
    write_ratio(out, a, point->region);
    for (size_t i = 0; i < a->count; i++) {
        write_cell(out, point->refused[i].requests);
        write_cell(out, point->refused[i].bytes);
    }
    fputs("</tr>\n", out);
}

void tables_budget(FILE *out, const struct answers *a, const struct budget *b) {
    fputs("<table>\n<thead>\n<tr><th scope=\"colgroup\" colspan=\"2\">region</th>", out);
    for (size_t i = 0; i < a->count; i++)
        fprintf(out, "<th scope=\"colgroup\" colspan=\"2\">refused by %s fit</th>",
                a->of[i].style->name);
    fputs("</tr>\n<tr><th scope=\"col\">bytes</th><th scope=\"col\">over the peak</th>", out);
    for (size_t i = 0; i < a->count; i++)
        fputs("<th scope=\"col\">requests</th><th scope=\"col\">bytes</th>", out);
    fputs("</tr>\n</thead>\n<tbody>\n", out);
    for (size_t i = 0; i < b->count; i++)
        write_point(out, a, &b->at[i]);
    fputs("</tbody>\n</table>\n", out);
}
