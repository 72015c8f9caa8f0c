/*
 * log_ops.h - the events of an image as operations of a trace: objects have numbers instead of
 * places.
 *
 * Left out are requests that were refused, of which nothing came, and the ends of objects whose
 * beginning is not known.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef LOG_OPS_H
#define LOG_OPS_H

#include "complaint.h"
#include "log.h"
#include "log_events.h"
#include "objects.h"
#include "trace.h"

#include <stdint.h>

struct log_ops {
    struct log_events events;
    struct objects live;
    uint32_t ids;     /* numbers given, from 0 on */
    uint64_t count;   /* operations */
    uint64_t refused; /* requests */
    uint64_t aligned; /* requests for an alignment */
    uint64_t unknown; /* objects that were freed or resized, but whose beginning is not known */
};

/* The image of a process with the most events; pid 0: of all processes. False when there is none:
 * then c says which there are. */
bool log_ops_choose(const struct log *l, int32_t pid, uint32_t *image, struct complaint *c);

/* As log_events_begin and its kin. */
bool log_ops_begin(struct log_ops *o, const struct log *l, uint32_t image, struct complaint *c);
enum log_next log_ops_next(struct log_ops *o, struct trace_op *op, struct complaint *c);
void log_ops_end(struct log_ops *o);

#endif /* LOG_OPS_H */
