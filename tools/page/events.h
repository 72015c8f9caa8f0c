/*
 * events.h - when it first happens that a page shows the heap of a style.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_EVENTS_H
#define PAGE_EVENTS_H

#include "complaint.h"
#include "page/moments.h"
#include "replay.h"
#include "status.h"
#include "trace.h"

#include <stddef.h>

/* Replays the trace once, in a process of its own. The watcher is called in this process. SERVED,
 * whatever was refused; otherwise c says what went wrong. */
enum status events_find(struct events *events, const struct trace *t, size_t region,
                        struct replay_terms terms, const struct replay_watcher *watcher,
                        struct complaint *c);

#endif /* PAGE_EVENTS_H */
