/*
 * svg.c - puts the parts of a picture where they belong.
 *
 *     title
 *     first fit       worst fit
 *     [ map       ]   [ map       ]   addresses
 *     refused: full, fragmented
 *     [ curves    ]   [ curves    ]   bytes
 *     [ curve     ]   [ curve     ]   free chunks
 *     0 ... operations
 *     legend
 *
 * All panels have the same axes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/svg.h"

#include "picture/axis.h"
#include "picture/bands.h"
#include "picture/legend.h"
#include "picture/marks.h"
#include "picture/plot.h"
#include "picture/shades.h"
#include "xml_text.h"

#include <inttypes.h>

/* Pixels */
enum {
    LEFT = 92,
    RIGHT = 26,
    GAP = 30,   /* between panels */
    TOP = 98,   /* of the maps */
    STRIP = 12, /* of marks of one kind */
    STRIPS = 2 * STRIP + 22,
    BYTES = 120,  /* the height of that plot */
    CHUNKS = 70,  /* likewise */
    BETWEEN = 14, /* those two */
    BELOW = 58,   /* for the axis of time */
    NAME = 80     /* characters of the trace's name, at most */
};

struct layout {
    const struct svg *svg;
    FILE *out;
    int panel;   /* width of one */
    int map;     /* height of one */
    int columns; /* of a panel that the curves show as one */
    int width, height;
    struct axis time, addresses, bytes, chunks;
};

static uint64_t most_chunks(const struct svg *s) {
    uint64_t most = 0;
    for (size_t i = 0; i < s->styles.count; i++) {
        uint64_t one = curves_most(&s->panels[i].curves, CURVE_CHUNKS);
        most = one > most ? one : most;
    }
    return most;
}

/* Alone, a panel has a pixel for each cell. Of several, the curves have about a pixel for several
 * columns: they would be too thin to be seen otherwise. */
static struct layout lay_out(FILE *out, const struct svg *s) {
    static const struct {
        int panel, columns;
    } sizes[STYLES] = {{RASTER_COLUMNS, 1}, {RASTER_COLUMNS / 2, 2}, {360, 4}};
    int count = (int)s->styles.count;
    struct layout l = {.svg = s, .out = out};
    l.panel = sizes[count - 1].panel;
    l.columns = sizes[count - 1].columns;
    l.map = count == 1 ? RASTER_ROWS : 400;
    l.width = LEFT + count * l.panel + (count - 1) * GAP + RIGHT;
    l.height = TOP + l.map + STRIPS + BYTES + BETWEEN + CHUNKS + BELOW + LEGEND_HEIGHT;
    l.time = axis_of_numbers(s->trace->count, (unsigned)l.panel / 90);
    l.addresses = axis_of_bytes(s->region, 8);
    l.bytes = axis_of_bytes(s->region, 4);
    uint64_t chunks = most_chunks(s);
    l.chunks = axis_of_numbers(chunks + chunks / 8 + 1, 3);
    return l;
}

/* ---- One panel ---- */

static void begin_scaled(const struct layout *l, const struct box *box, int across, int down) {
    fprintf(l->out, "<g transform=\"translate(%d %d) scale(%.5g %.5g)\">\n", box->x, box->y,
            (double)box->width / across, (double)box->height / down);
}

static void end_scaled(const struct layout *l) {
    fputs("</g>\n", l->out);
}

static void write_head(const struct layout *l, const struct panel *p, const char *style, int x) {
    char full[AXIS_LABEL], fragmented[AXIS_LABEL];
    axis_group(p->full, full);
    axis_group(p->fragmented, fragmented);
    fprintf(l->out, "<g font-size=\"15\" font-weight=\"bold\">");
    plot_text(l->out, x, TOP - 10, ANCHOR_START, "%s fit", style);
    fputs("</g>\n", l->out);
    if (p->full + p->fragmented == 0)
        plot_text(l->out, x + l->panel, TOP - 10, ANCHOR_END, "no request refused");
    else
        plot_text(l->out, x + l->panel, TOP - 10, ANCHOR_END, "refused: %s full, %s fragmented",
                  full, fragmented);
}

static void write_map(const struct layout *l, const struct panel *p, const struct box *box) {
    begin_scaled(l, box, RASTER_COLUMNS, (int)p->raster.rows);
    shades_write(l->out, &p->raster);
    end_scaled(l);
    plot_frame(l->out, box);
}

static void write_bytes(const struct layout *l, const struct panel *p, const struct box *box) {
    struct band largest = {l->columns, l->svg->region, box->height, 0, legend_largest};
    struct band live = {l->columns, l->svg->region, box->height, 2, legend_live};
    struct band free = {l->columns, l->svg->region, box->height, 2, legend_free};
    begin_scaled(l, box, RASTER_COLUMNS / l->columns, box->height);
    bands_write_area(l->out, p->curves.at[CURVE_LARGEST], &largest);
    end_scaled(l);
    plot_grid(l->out, box, &l->time, &l->bytes);
    begin_scaled(l, box, RASTER_COLUMNS / l->columns, box->height);
    bands_write(l->out, p->curves.at[CURVE_FREE], &free);
    bands_write(l->out, p->curves.at[CURVE_LIVE], &live);
    end_scaled(l);
    plot_frame(l->out, box);
}

static void write_chunks(const struct layout *l, const struct panel *p, const struct box *box) {
    struct band chunks = {l->columns, l->chunks.most, box->height, 2, legend_live};
    plot_grid(l->out, box, &l->time, &l->chunks);
    begin_scaled(l, box, RASTER_COLUMNS / l->columns, box->height);
    bands_write(l->out, p->curves.at[CURVE_CHUNKS], &chunks);
    end_scaled(l);
    plot_frame(l->out, box);
}

struct boxes {
    struct box map, bytes, chunks;
};

static struct boxes boxes_at(const struct layout *l, int x) {
    int bytes = TOP + l->map + STRIPS;
    return (struct boxes){{x, TOP, l->panel, l->map},
                          {x, bytes, l->panel, BYTES},
                          {x, bytes + BYTES + BETWEEN, l->panel, CHUNKS}};
}

static int left_of(const struct layout *l, size_t i) {
    return LEFT + (int)i * (l->panel + GAP);
}

static void write_panel(const struct layout *l, size_t i) {
    const struct panel *p = &l->svg->panels[i];
    int x = left_of(l, i);
    struct boxes boxes = boxes_at(l, x);
    write_head(l, p, l->svg->styles.of[i]->name, x);
    write_map(l, p, &boxes.map);
    marks_write(l->out, p, x, TOP + l->map + 12, l->panel, PANEL_FULL);
    marks_write(l->out, p, x, TOP + l->map + 12 + STRIP, l->panel, PANEL_FRAGMENTED);
    write_bytes(l, p, &boxes.bytes);
    write_chunks(l, p, &boxes.chunks);
    plot_labels_below(l->out, &boxes.chunks, &l->time);
    plot_text(l->out, x + l->panel / 2, boxes.chunks.y + CHUNKS + 34, ANCHOR_MIDDLE, "operations");
}

/* ---- What all have in common ---- */

static void write_left(const struct layout *l) {
    struct boxes boxes = boxes_at(l, LEFT);
    plot_labels_left(l->out, &boxes.map, &l->addresses);
    plot_text_upwards(l->out, &boxes.map, "address in the region");
    plot_text(l->out, LEFT - 7, TOP + l->map + 20, ANCHOR_END, "full");
    plot_text(l->out, LEFT - 7, TOP + l->map + 20 + STRIP, ANCHOR_END, "fragmented");
    plot_labels_left(l->out, &boxes.bytes, &l->bytes);
    plot_text_upwards(l->out, &boxes.bytes, "bytes");
    plot_labels_left(l->out, &boxes.chunks, &l->chunks);
    plot_text_upwards(l->out, &boxes.chunks, "free chunks");
}

static void write_name(const struct layout *l) {
    xml_text(l->out, l->svg->name, NAME);
    fputs(": the heap through time", l->out);
}

/* For those who cannot see the picture. */
static void write_words(const struct layout *l) {
    const struct svg *s = l->svg;
    fputs("<title>", l->out);
    write_name(l);
    fprintf(l->out,
            "</title>\n<desc>Which addresses of a region of %zu bytes are live, operation "
            "by operation, of %zu.",
            s->region, s->trace->count);
    for (size_t i = 0; i < s->styles.count; i++) {
        const struct panel *p = &s->panels[i];
        fprintf(l->out,
                " By %s fit: bytes live, at most %" PRIu64 "; free chunks, at most %" PRIu64
                "; requests refused because the heap was full, %" PRIu64
                ", because it was fragmented, %" PRIu64 ".",
                s->styles.of[i]->name, curves_most(&p->curves, CURVE_LIVE),
                curves_most(&p->curves, CURVE_CHUNKS), p->full, p->fragmented);
    }
    fputs("</desc>\n", l->out);
}

static void write_title(const struct layout *l) {
    char operations[AXIS_LABEL], region[AXIS_LABEL], peak[AXIS_LABEL];
    axis_group(l->svg->trace->count, operations);
    axis_group(l->svg->region, region);
    axis_group(l->svg->trace->peak, peak);
    fputs("<g font-size=\"19\" font-weight=\"bold\">", l->out);
    plot_begin_text(l->out, LEFT, 32, ANCHOR_START);
    write_name(l);
    fputs("</text></g>\n", l->out);
    plot_text(l->out, LEFT, 54, ANCHOR_START,
              "%s operations in a region of %s bytes; the program has %s bytes live at its peak",
              operations, region, peak);
}

static void write_legend(const struct layout *l) {
    double granules = (double)l->svg->panels[0].raster.granules;
    double operations = l->svg->trace->count > 0 ? (double)l->svg->trace->count : 1;
    legend_write(l->out, LEFT, l->height - LEGEND_HEIGHT + 14,
                 granules * TRACE_GRANULE / l->svg->panels[0].raster.rows,
                 operations / RASTER_COLUMNS);
}

void svg_write(FILE *out, const struct svg *s) {
    struct layout l = lay_out(out, s);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n",
            l.width, l.height, l.width, l.height);
    write_words(&l);
    fprintf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", l.width, l.height);
    write_title(&l);
    for (size_t i = 0; i < s->styles.count; i++)
        write_panel(&l, i);
    write_left(&l);
    write_legend(&l);
    fputs("</svg>\n", out);
}

struct box svg_panel(const struct svg *s, size_t panel) {
    struct layout l = lay_out(NULL, s);
    struct boxes boxes = boxes_at(&l, left_of(&l, panel));
    int end = boxes.chunks.y + boxes.chunks.height;
    return (struct box){boxes.map.x, boxes.map.y, l.panel, end - boxes.map.y};
}
