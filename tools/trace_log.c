/*
 * trace_log.c - reads a process of a log as a trace.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "trace_log.h"

#include "log.h"
#include "log_ops.h"
#include "plain.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Operations between two looks at the clock. */
enum { STEP = 4096 };

static void name_origin(struct trace_origin *origin, const struct mem_process *image) {
    const char *slash = strrchr(image->executable, '/');
    origin->pid = image->pid;
    origin->missing = image->begun - image->recorded;
    snprintf(origin->program, sizeof origin->program, "%.*s", (int)sizeof origin->program - 1,
             slash != NULL ? slash + 1 : image->executable);
    plain_make(origin->program);
}

static bool add_operation(struct trace *t, size_t *capacity, const struct trace_op *op,
                          struct complaint *c) {
    if (!trace_make_room(t, capacity, INT_MAX))
        return complain(c, 0, "out of memory");
    t->ops[t->count++] = *op;
    return true;
}

static bool read_operations(struct trace *t, struct log_ops *ops, uint64_t total,
                            struct progress *p, struct complaint *c) {
    size_t capacity = 0;
    struct trace_op op;
    enum log_next next;
    while ((next = log_ops_next(ops, &op, c)) == LOG_EVENT) {
        if (t->count == INT_MAX)
            return complain(c, 0, "more operations than a trace can have");
        if (!add_operation(t, &capacity, &op, c))
            return false;
        if (t->count % STEP == 0)
            progress_step(p, ops->events.count, total);
    }
    return next == LOG_END;
}

static bool read_image(struct trace *t, const struct log *l, uint32_t number, struct progress *p,
                       struct complaint *c) {
    struct mem_process image;
    struct log_ops ops;
    if (!log_image(l, number, &image))
        return complain(c, 0, "the log is damaged");
    name_origin(&t->origin, &image);
    bool right = log_ops_begin(&ops, l, number, c) &&
                 read_operations(t, &ops, image.inherited + image.recorded, p, c);
    t->ids = ops.ids;
    t->origin.refused = ops.refused;
    t->origin.unknown = ops.unknown;
    log_ops_end(&ops);
    return right && trace_settle(t, c);
}

bool trace_log_read(struct trace *t, int file, int32_t pid, struct progress *p,
                    struct complaint *c) {
    struct log log;
    uint32_t image;
    *t = (struct trace){.first_line = 1};
    bool right = log_open(&log, file, c) && log_ops_choose(&log, pid, &image, c) &&
                 read_image(t, &log, image, p, c);
    log_close(&log);
    return right;
}
