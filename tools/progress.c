/*
 * progress.c - draws the bar, and takes it away again.
 *
 *     lua.rep.xz, first fit: timing     [############                    ]  38%   12 s left
 *     standard input, first fit: reading    [        <=>                 ]
 *
 * A carriage return and blanks are all that it asks of a terminal. The line takes the width that
 * the terminal has at the time: the bar becomes shorter first, then the title. A terminal too
 * narrow for anything gets no bar, since a line that wraps cannot be erased.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "progress.h"

#include "clock.h"
#include "plain.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    LINE_MIN = 50, /* characters; a narrower line is not drawn */
    LINE_MAX = 120,
    STAGE = 9,                /* the longest name of a stage */
    TAIL = 18,                /* " 100% 9999 h left" */
    FRAME = STAGE + TAIL + 5, /* all but title and bar: ": ", " [" and "]" are in it */
    BAR_MIN = 10,
    BAR_MAX = 40,
    COLUMNS_UNKNOWN = 80, /* of terminals that do not know, or say 0 */
    PERCENT_CERTAIN = 2,  /* before that, the time left is a guess */
};

static const uint64_t DELAY_NS = 500000000;
static const uint64_t REDRAW_NS = 100000000;

/* The characters that a line may have: on some terminals a full one wraps. */
static int line_room(void) {
    struct winsize window;
    int columns = COLUMNS_UNKNOWN;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        columns = window.ws_col;
    return columns > LINE_MAX ? LINE_MAX : columns - 1;
}

void progress_start(struct progress *p, const char *title, unsigned stages) {
    *p = (struct progress){.title = title, .stages = stages, .stage = "", .start = clock_ns()};
    p->enabled = isatty(STDERR_FILENO);
    p->due = p->start + DELAY_NS;
}

void progress_go_on(struct progress *p, unsigned stages) {
    p->stages = stages;
    p->entered = 0;
    p->start = clock_ns();
}

void progress_stage(struct progress *p, const char *stage) {
    p->stage = stage;
    p->entered++;
}

/* The parts of a line */

static bool is_inside_character(char byte) { /* of UTF-8 */
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static void fit_title(char text[LINE_MAX], const char *title, int room) {
    int length = (int)strnlen(title, LINE_MAX);
    int kept = length;
    if (length > room)
        for (kept = room - 2; kept > 0 && is_inside_character(title[kept]);)
            kept--;
    snprintf(text, LINE_MAX, "%.*s%s", kept, title, kept < length ? ".." : "");
    plain_make(text);
}

static void fill_bar(char bar[BAR_MAX + 1], int length, double part) {
    memset(bar, ' ', (size_t)length);
    memset(bar, '#', (size_t)(part * length));
    bar[length] = '\0';
}

/* For a stage of unknown length: a mark moves to and fro. */
static void mark_bar(char bar[BAR_MAX + 1], int length, unsigned drawings) {
    static const char mark[] = "<=>";
    int ways = length - (int)strlen(mark);
    int at = (int)(drawings % (2 * (unsigned)ways));
    fill_bar(bar, length, 0);
    memcpy(bar + (at < ways ? at : 2 * ways - at), mark, strlen(mark));
}

/* What stands behind the bar. */
struct tail {
    char text[64]; /* of which TAIL characters are shown */
};

static void tell_time_left(struct tail *tail, double part, uint64_t ns) {
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}};
    int percent = (int)(part * 100);
    int length = snprintf(tail->text, sizeof tail->text, " %3d%%", percent);
    if (percent < PERCENT_CERTAIN)
        return;
    double seconds = (double)ns / 1e9 * (1 - part) / part;
    size_t u = seconds < 99 ? 0 : seconds < 99 * 60 ? 1 : 2;
    snprintf(tail->text + length, sizeof tail->text - (size_t)length, " %3.0f %s left",
             seconds / units[u].seconds, units[u].unit);
}

/* Draws the line. part: how much is done, from 0 to 1; below 0 if that is not known. */
static void draw(struct progress *p, double part, uint64_t now) {
    char title[LINE_MAX], bar[BAR_MAX + 1];
    struct tail tail = {""};
    int room = line_room();
    if (room < LINE_MIN)
        return;
    fit_title(title, p->title, room - FRAME - BAR_MIN);
    int length = room - FRAME - (int)strlen(title);
    length = length < BAR_MAX ? length : BAR_MAX;
    if (part < 0) {
        mark_bar(bar, length, p->drawings);
    } else {
        fill_bar(bar, length, part);
        tell_time_left(&tail, part, now - p->start);
    }
    p->drawings++;
    p->shown = fprintf(stderr, "\r%s: %-*s [%s]%-*.*s", title, STAGE, p->stage, bar, TAIL, TAIL,
                       tail.text) -
               1;
    fflush(stderr);
}

static double part_done(const struct progress *p, uint64_t done, uint64_t total) {
    if (total == 0)
        return -1;
    double part = (p->entered - 1 + (double)done / (double)total) / p->stages;
    return part < 1 ? part : 1;
}

void progress_step(struct progress *p, uint64_t done, uint64_t total) {
    uint64_t now = p->enabled ? clock_ns() : 0;
    if (!p->enabled || now < p->due)
        return;
    draw(p, part_done(p, done, total), now);
    p->due = now + REDRAW_NS;
}

static void erase(int characters) {
    fprintf(stderr, "\r%*s\r", characters, "");
    fflush(stderr);
}

void progress_erase(struct progress *p) {
    if (p->shown > 0)
        erase(p->shown);
    p->shown = 0;
}

void progress_erase_left(void) {
    if (isatty(STDERR_FILENO) && line_room() >= LINE_MIN)
        erase(line_room());
}
