/*
 * progress.c - draws the bar, and takes it away again.
 *
 * A carriage return and blanks are all that it asks of a terminal. One that is
 * too narrow for the line gets no bar, since a wrapped line cannot be erased.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "progress.h"

#include "clock.h"

#include <assert.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    BAR = 40,        /* characters between the brackets */
    LINE = BAR + 20, /* a stage of at most ten characters, brackets, percentage */
};

static const uint64_t DELAY_NS = 500000000;
static const uint64_t REDRAW_NS = 100000000;

static bool terminal_is_wide_enough(void) {
    struct winsize window;
    /* Some terminals do not know, or say 0: they are taken to be wide. */
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0)
        return true;
    return window.ws_col > LINE;
}

void progress_start(struct progress *p, unsigned stages) {
    *p = (struct progress){.stages = stages, .stage = ""};
    p->enabled = isatty(STDERR_FILENO) && terminal_is_wide_enough();
    p->due = p->enabled ? clock_ns() + DELAY_NS : 0;
}

void progress_stage(struct progress *p, const char *stage) {
    p->stage = stage;
    p->entered++;
}

static void draw(const struct progress *p, double part) {
    static const char filled[] = "########################################";
    static_assert(sizeof filled == BAR + 1, "a full bar");
    if (part > 1)
        part = 1;
    int length = (int)(part * BAR);
    fprintf(stderr, "\r%-10s [%-*.*s] %3d%%", p->stage, BAR, length, filled, (int)(part * 100));
    fflush(stderr);
}

void progress_step(struct progress *p, uint64_t done, uint64_t total) {
    uint64_t now = p->enabled ? clock_ns() : 0;
    if (now < p->due || !p->enabled)
        return;
    double part = total ? (double)done / (double)total : 0;
    draw(p, (p->entered - 1 + part) / p->stages);
    p->shown = true;
    p->due = now + REDRAW_NS;
}

static void erase(void) {
    fprintf(stderr, "\r%*s\r", LINE, "");
    fflush(stderr);
}

void progress_erase(struct progress *p) {
    if (p->shown)
        erase();
    p->shown = false;
}

void progress_erase_left(void) {
    if (isatty(STDERR_FILENO) && terminal_is_wide_enough())
        erase();
}
