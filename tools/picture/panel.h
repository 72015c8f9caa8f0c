/*
 * panel.h - what a picture shows of one style: map, curves and refusals of one pass.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_PANEL_H
#define PICTURE_PANEL_H

#include "complaint.h"
#include "picture/curves.h"
#include "picture/raster.h"
#include "replay.h"
#include "status.h"
#include "trace.h"

#include <stddef.h>
#include <stdint.h>

/* What was refused in a column: some of these. */
enum { PANEL_FULL = 1, PANEL_FRAGMENTED = 2 };

struct panel {
    struct raster raster;
    struct curves curves;
    unsigned char refused[RASTER_COLUMNS];
    uint64_t full, fragmented; /* requests that were refused */
};

/*
 * Replays the trace once, in a process of its own, which has to share the memory of *p with this
 * one. The watcher is called in this process. SERVED, whatever was refused; otherwise c says what
 * went wrong.
 */
enum status panel_make(struct panel *p, const struct trace *t, size_t region,
                       struct replay_terms terms, const struct replay_watcher *watcher,
                       struct complaint *c);

#endif /* PICTURE_PANEL_H */
