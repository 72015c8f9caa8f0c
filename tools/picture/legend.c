/*
 * legend.c - writes three lines of signs and words.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/legend.h"

#include "picture/marks.h"
#include "picture/plot.h"
#include "picture/shades.h"

const char legend_live[] = "#000";
const char legend_free[] = "#888";
const char legend_largest[] = "#d4d4d4";

enum { LINE = 24, INDENT = 130, SAMPLE = 22 };

static void swatch(FILE *out, int x, int y, int height, const char *fill) {
    fprintf(out,
            "<rect x=\"%d.5\" y=\"%d.5\" width=\"%d\" height=\"%d\" fill=\"%s\" "
            "stroke=\"#777\" stroke-width=\"%d\"/>\n",
            x, y - 5 - height / 2, SAMPLE, height, fill, height > 6);
}

/* Few digits, since they may not be whole. */
static void write_cell(FILE *out, int x, int y, double bytes, double operations) {
    char rounded[2][AXIS_LABEL];
    const double values[2] = {bytes, operations};
    for (int i = 0; i < 2; i++)
        if (values[i] < 100)
            snprintf(rounded[i], AXIS_LABEL, "%.3g", values[i]);
        else
            axis_group((uint64_t)(values[i] + 0.5), rounded[i]);
    plot_text(out, x, y, ANCHOR_START, "of a cell of %s bytes by %s operations", rounded[0],
              rounded[1]);
}

static void write_shades(FILE *out, int x, int y, double bytes, double operations) {
    plot_text(out, x, y, ANCHOR_START, "share that is live:");
    for (unsigned shade = 0; shade <= RASTER_SHADES; shade++) {
        int at = x + INDENT + (int)shade * 82;
        swatch(out, at, y, 12, shades_grey(shade));
        if (shade == 0)
            plot_text(out, at + SAMPLE + 6, y, ANCHOR_START, "none");
        else
            plot_text(out, at + SAMPLE + 6, y, ANCHOR_START, "to %u%%",
                      100 * shade / RASTER_SHADES);
    }
    write_cell(out, x + INDENT + 82 * (RASTER_SHADES + 1), y, bytes, operations);
}

static void write_curves(FILE *out, int x, int y) {
    static const struct {
        const char *fill, *text;
        int height, at;
    } curves[] = {{legend_live, "live", 3, 0},
                  {legend_free, "free", 3, 82},
                  {legend_largest, "in the largest free chunk", 12, 164}};
    plot_text(out, x, y, ANCHOR_START, "bytes:");
    for (int i = 0; i < 3; i++) {
        int at = x + INDENT + curves[i].at;
        swatch(out, at, y, curves[i].height, curves[i].fill);
        plot_text(out, at + SAMPLE + 6, y, ANCHOR_START, "%s", curves[i].text);
    }
    plot_text(out, x + INDENT + 350, y, ANCHOR_START,
              "(curves: all that it was there; the area: the least)");
}

static void write_marks(FILE *out, int x, int y) {
    static const struct {
        unsigned kind;
        int at;
        const char *text;
    } marks[] = {{PANEL_FULL, 0, "full: fewer bytes were free than were asked for"},
                 {PANEL_FRAGMENTED, 328,
                  "fragmented: enough were free, but not in one piece, or not so aligned"}};
    plot_text(out, x, y, ANCHOR_START, "requests refused:");
    for (int i = 0; i < 2; i++) {
        int at = x + INDENT + marks[i].at;
        marks_write_one(out, at + (SAMPLE - MARK_SIZE) / 2, y - 8, marks[i].kind);
        plot_text(out, at + SAMPLE + 6, y, ANCHOR_START, "%s", marks[i].text);
    }
}

void legend_write(FILE *out, int x, int y, double bytes, double operations) {
    write_shades(out, x, y, bytes, operations);
    write_curves(out, x, y + LINE);
    write_marks(out, x, y + 2 * LINE);
}
