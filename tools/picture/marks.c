/*
 * marks.c - writes marks.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/marks.h"

#include <stdbool.h>

static void begin(FILE *out, unsigned kind) {
    fprintf(out, "<path fill=\"%s\" stroke=\"#a00\" d=\"", kind == PANEL_FULL ? "#a00" : "none");
}

static void draw(FILE *out, int x, int y, unsigned kind) {
    if (kind == PANEL_FULL)
        fprintf(out, "M%d %dl3 6h-6z", x + MARK_SIZE / 2, y + 1);
    else
        fprintf(out, "M%d %dl3 3-3 3-3-3z", x + MARK_SIZE / 2, y + 1);
}

static void end(FILE *out) {
    fputs("\"/>\n", out);
}

void marks_write_one(FILE *out, int x, int y, unsigned kind) {
    begin(out, kind);
    draw(out, x, y, kind);
    end(out);
}

static bool is_any(const struct panel *p, unsigned kind) {
    return (kind == PANEL_FULL ? p->full : p->fragmented) > 0;
}

void marks_write(FILE *out, const struct panel *p, int x, int y, int width, unsigned kind) {
    int free_from = 0; /* no mark reaches beyond it */
    if (!is_any(p, kind))
        return;
    begin(out, kind);
    for (int i = 0; i < RASTER_COLUMNS; i++) {
        int at = i * width / RASTER_COLUMNS;
        if ((p->refused[i] & kind) == 0 || at < free_from)
            continue;
        draw(out, x + at - MARK_SIZE / 2, y, kind);
        free_from = at + MARK_SIZE;
    }
    end(out);
}
