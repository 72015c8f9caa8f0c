/*
 * print.c - tells who holds free memory apart.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "holders/print.h"

#include "csv_text.h"
#include "json_text.h"

#include <inttypes.h>

/* ---- For people ---- */

static void print_moment(FILE *out, const struct holders *h, const struct holders_of *of) {
    fprintf(out, "%s fit in %zu bytes: ", of->style, of->region);
    if (h->line > 0)
        fprintf(out, "after %s %" PRIu32 ", %zu of %zu free bytes lie outside the largest chunk\n",
                of->unit, h->line, h->stats.free_bytes - h->stats.largest_free,
                h->stats.free_bytes);
    else
        fputs("nothing was done\n", out);
}

static void print_holder(FILE *out, const struct holder *h) {
    fprintf(out, "%13" PRIu64 " %13" PRIu64 " %9" PRIu64 " %11" PRIu64 " %11" PRIu64 " %13" PRIu64,
            h->joins, h->largest, h->objects, h->bytes, h->age, h->average);
    fprintf(out, "  %s\n", h->name.text);
}

void holders_text(FILE *out, const struct holders *h, const struct holders_of *of) {
    print_moment(out, h, of);
    if (h->count == 0) {
        fputs("no caller holds free memory apart by itself\n", out);
        return;
    }
    fprintf(out, "%13s %13s %9s %11s %11s %13s  %s\n", "would join", "largest then", "objects",
            "their bytes", "median age", "on average", "caller");
    for (size_t i = 0; i < h->count; i++)
        print_holder(out, &h->of[i]);
    if (h->all > h->count)
        fprintf(out, "and %zu callers that hold less\n", h->all - h->count);
}

/* ---- For programs ---- */

void holders_csv_header(FILE *out) {
    fputs("trace,style,region,line,joins,largest,objects,bytes,age,average,caller\n", out);
}

void holders_csv(FILE *out, const struct holders *h, const struct holders_of *of) {
    for (size_t i = 0; i < h->count; i++) {
        const struct holder *one = &h->of[i];
        csv_text(out, of->trace);
        fprintf(out, ",%s,%zu,%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, of->style, of->region,
                h->line, one->joins, one->largest, one->objects);
        fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",", one->bytes, one->age, one->average);
        csv_text(out, one->name.text);
        fputc('\n', out);
    }
}

static void write_holder(FILE *out, const struct holder *h) {
    fprintf(out, "{\"joins\":%" PRIu64 ",\"largest\":%" PRIu64 ",\"objects\":%" PRIu64, h->joins,
            h->largest, h->objects);
    fprintf(out, ",\"bytes\":%" PRIu64 ",\"age\":%" PRIu64 ",\"average\":%" PRIu64, h->bytes,
            h->age, h->average);
    fputs(",\"caller\":", out);
    json_text(out, h->name.text);
    fputc('}', out);
}

void holders_json(FILE *out, const struct holders *h) {
    fprintf(out, "{\"line\":%" PRIu32 ",\"chunks\":%zu,\"free\":%zu,\"largest\":%zu,\"of\":[",
            h->line, h->stats.free_chunks, h->stats.free_bytes, h->stats.largest_free);
    for (size_t i = 0; i < h->count; i++) {
        if (i > 0)
            fputc(',', out);
        write_holder(out, &h->of[i]);
    }
    fputs("]}", out);
}
