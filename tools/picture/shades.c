/*
 * shades.c - writes the outlines of shades.
 *
 * The path of a shade goes around the cells of all darker ones, too, which are painted over it. So
 * where a picture is shown smaller than it is, no light shines through between two dark shades.
 *
 * For the nine shipped traces by first fit, outlines take 6 to 21 KB. Horizontal runs of the same
 * cells would take 26 to 104, and runs of each shade alone, which let light through, 11 to 56.
 *
 * An edge between cells has the cells of the shade at its right hand. So an outline goes around
 * them clockwise, and counterclockwise around a hole.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/shades.h"

#include <stdbool.h>
#include <string.h>

const char *shades_grey(unsigned shade) {
    static const char *const greys[1 + RASTER_SHADES] = {"#fff", "#ddd", "#bbb",
                                                         "#888", "#555", "#111"};
    return greys[shade];
}

/* Each is the one before, turned right. */
enum direction { EAST, SOUTH, WEST, NORTH, DIRECTIONS };

static const int step_x[DIRECTIONS] = {1, 0, -1, 0};
static const int step_y[DIRECTIONS] = {0, 1, 0, -1};

/* For each corner of cells, a bit for each direction in which an edge begins there that is still to
 * be drawn. Static: it is large. */
static unsigned char edges[RASTER_ROWS + 1][RASTER_COLUMNS + 1];

/* Rows count from the top here. */
static bool has(const struct raster *r, unsigned least, int x, int y) {
    return x >= 0 && x < RASTER_COLUMNS && y >= 0 && y < (int)r->rows &&
           r->shade[(int)r->rows - 1 - y][x] >= least;
}

static void find_edges_of(const struct raster *r, unsigned least, int x, int y) {
    if (!has(r, least, x, y - 1))
        edges[y][x] |= 1 << EAST;
    if (!has(r, least, x + 1, y))
        edges[y][x + 1] |= 1 << SOUTH;
    if (!has(r, least, x, y + 1))
        edges[y + 1][x + 1] |= 1 << WEST;
    if (!has(r, least, x - 1, y))
        edges[y + 1][x] |= 1 << NORTH;
}

static void find_edges(const struct raster *r, unsigned least) {
    memset(edges, 0, sizeof edges);
    for (int y = 0; y < (int)r->rows; y++)
        for (int x = 0; x < RASTER_COLUMNS; x++)
            if (has(r, least, x, y))
                find_edges_of(r, least, x, y);
}

struct pen {
    FILE *out;
    int x, y;
    enum direction to;
    int from_x, from_y; /* where the outline began */
};

static bool has_edge(const struct pen *pen, enum direction to) {
    return (edges[pen->y][pen->x] >> to & 1) != 0;
}

/* Follows all edges that go straight on from here, and returns their number. (Where two cells touch
 * by a corner, none does.) */
static int go_straight(struct pen *pen) {
    int length = 0;
    for (; has_edge(pen, pen->to); length++) {
        edges[pen->y][pen->x] &= (unsigned char)~(1 << pen->to);
        pen->x += step_x[pen->to];
        pen->y += step_y[pen->to];
    }
    return length;
}

static void draw_line(const struct pen *pen, enum direction to, int length) {
    fprintf(pen->out, "%c%d", to == EAST || to == WEST ? 'h' : 'v',
            to == EAST || to == SOUTH ? length : -length);
}

/* False at the end. */
static bool turn(struct pen *pen) {
    enum direction right = (pen->to + 1) % DIRECTIONS, left = (pen->to + 3) % DIRECTIONS;
    if (!has_edge(pen, right) && !has_edge(pen, left))
        return false;
    pen->to = has_edge(pen, right) ? right : left;
    return true;
}

/* From the beginning of the outline before, which is where that was closed. */
static void move(struct pen *pen, int x, int y) {
    fprintf(pen->out, "%sm%d %d", y != pen->from_y ? "\n" : "", x - pen->from_x, y - pen->from_y);
    pen->x = pen->from_x = x;
    pen->y = pen->from_y = y;
}

/* From its first corner, row by row: there its upper edge begins or, of a hole, the left one. The
 * last line is the one that closes it. */
static void draw_outline(struct pen *pen, int x, int y) {
    move(pen, x, y);
    pen->to = has_edge(pen, EAST) ? EAST : SOUTH;
    for (;;) {
        enum direction to = pen->to;
        int length = go_straight(pen);
        if (!turn(pen))
            break;
        draw_line(pen, to, length);
    }
    fputc('z', pen->out);
}

static void draw_shade(FILE *out, const struct raster *r, unsigned shade) {
    struct pen pen = {.out = out};
    find_edges(r, shade);
    fprintf(out, "<path fill=\"%s\" d=\"M0 0", shades_grey(shade));
    for (int y = 0; y <= (int)r->rows; y++)
        for (int x = 0; x <= RASTER_COLUMNS; x++)
            while (edges[y][x] != 0)
                draw_outline(&pen, x, y);
    fputs("\"/>\n", out);
}

void shades_write(FILE *out, const struct raster *r) {
    for (unsigned shade = 1; shade <= RASTER_SHADES; shade++)
        draw_shade(out, r, shade);
}
