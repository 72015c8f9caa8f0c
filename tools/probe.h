/*
 * probe.h - whether a trace completes in a region of a given size, tried in a
 * process of its own, which a heap that fails may end.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PROBE_H
#define PROBE_H

#include "complaint.h"
#include "replay.h"
#include "status.h"
#include "trace.h"

#include <stddef.h>

/*
 * Makes only the calls of a trace, in a region of so many bytes: whole pages, at most HEAP_MOST.
 * The watcher is called in this process.
 *
 * SERVED: *index is the bytes of libmem's index that are resident at the end, 0
 * when the system does not tell. Otherwise c says what went wrong; with REFUSED,
 * it tells the request.
 */
enum status probe(const struct trace *t, size_t region, struct replay_terms terms,
                  const struct replay_watcher *watcher, size_t *index, struct complaint *c);

#endif /* PROBE_H */
