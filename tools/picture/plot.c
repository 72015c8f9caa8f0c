/*
 * plot.c - writes frames, axes and texts.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/plot.h"

#include <stdarg.h>
#include <stdbool.h>

void plot_begin_text(FILE *out, int x, int y, enum anchor anchor) {
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    fprintf(out, "<text x=\"%d\" y=\"%d\"%s>", x, y, anchors[anchor]);
}

void plot_text(FILE *out, int x, int y, enum anchor anchor, const char *format, ...) {
    va_list args;
    va_start(args, format);
    plot_begin_text(out, x, y, anchor);
    vfprintf(out, format, args);
    fputs("</text>\n", out);
    va_end(args);
}

void plot_text_upwards(FILE *out, const struct box *box, const char *text) {
    fprintf(out,
            "<text transform=\"translate(%d %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
            16, box->y + box->height / 2, text);
}

void plot_frame(FILE *out, const struct box *box) {
    fprintf(out,
            "<rect x=\"%d.5\" y=\"%d.5\" width=\"%d\" height=\"%d\" fill=\"none\" "
            "stroke=\"#777\"/>\n",
            box->x - 1, box->y - 1, box->width + 1, box->height + 1);
}

/* How far from 0 a value is, if the end of the axis is so far from there. */
static int distance(const struct axis *a, uint64_t value, int length) {
    return (int)((double)value * length / (double)a->most + 0.5);
}

void plot_grid(FILE *out, const struct box *box, const struct axis *across, const struct axis *up) {
    fputs("<path fill=\"none\" stroke=\"#ddd\" d=\"", out);
    for (uint64_t value = across->step; value < across->most; value += across->step)
        fprintf(out, "M%d.5 %dv%d", box->x + distance(across, value, box->width), box->y,
                box->height);
    for (uint64_t value = up->step; value < up->most; value += up->step)
        fprintf(out, "M%d %d.5h%d", box->x, box->y + box->height - distance(up, value, box->height),
                box->width);
    fputs("\"/>\n", out);
}

void plot_labels_left(FILE *out, const struct box *box, const struct axis *up) {
    char label[AXIS_LABEL];
    for (uint64_t value = 0; value <= up->most; value += up->step) {
        int y = box->y + box->height - distance(up, value, box->height);
        axis_label(up, value, label);
        plot_text(out, box->x - 7, y + 4, ANCHOR_END, "%s", label);
    }
}

/* A label at the end of the axis ends there, too: another plot may be beside it. */
void plot_labels_below(FILE *out, const struct box *box, const struct axis *across) {
    char label[AXIS_LABEL];
    for (uint64_t value = 0; value <= across->most; value += across->step) {
        int x = distance(across, value, box->width);
        bool is_last = x > box->width - 30;
        axis_label(across, value, label);
        plot_text(out, box->x + (is_last ? box->width : x), box->y + box->height + 16,
                  is_last ? ANCHOR_END : ANCHOR_MIDDLE, "%s", label);
    }
}
