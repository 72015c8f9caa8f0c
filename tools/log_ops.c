/*
 * log_ops.c - numbers the objects of a log.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "log_ops.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* ---- The image ---- */

/* A list of processes for a message: as many as fit, and dots. */
struct list {
    char text[100];
    size_t length;
    bool full;
};

static void add_to_list(struct list *list, const struct mem_process *image) {
    const char *slash = strrchr(image->executable, '/');
    size_t room = sizeof list->text - sizeof "..." - list->length;
    if (list->full)
        return;
    int length = snprintf(list->text + list->length, room, " %ld (%.20s)", (long)image->pid,
                          slash != NULL ? slash + 1 : image->executable);
    list->full = length >= (int)room;
    if (list->full)
        memcpy(list->text + list->length, "...", sizeof "...");
    else
        list->length += (size_t)length;
}

static bool find_image(const struct log *l, int32_t pid, uint32_t *image, struct list *list) {
    struct mem_process process;
    uint64_t most = 0;
    bool found = false;
    for (uint32_t i = 0; i < l->count; i++) {
        if (!log_image(l, i, &process))
            continue;
        add_to_list(list, &process);
        if ((pid != 0 && process.pid != pid) || (found && process.recorded <= most))
            continue;
        *image = i;
        most = process.recorded;
        found = true;
    }
    return found;
}

bool log_ops_choose(const struct log *l, int32_t pid, uint32_t *image, struct complaint *c) {
    struct list list = {.length = 0};
    if ((l->header.flags & MEM_LOG_RECORDING) == 0)
        return complain(c, 0, "the log has figures alone, and no events");
    if (find_image(l, pid, image, &list))
        return true;
    if (list.length == 0)
        return complain(c, 0, "the log has no process");
    return complain(c, 0, "the log has no process %ld, but%s", (long)pid, list.text);
}

/* ---- Operations ---- */

static bool out_of_memory(struct complaint *c) {
    return complain(c, 0, "out of memory");
}

/* A new object at a place. */
static bool begin_object(struct log_ops *o, const struct log_event *event, struct trace_op *op,
                         struct complaint *c) {
    if (o->ids == INT_MAX)
        return complain(c, 0, "more objects than a trace can have");
    *op = (struct trace_op){.kind = TRACE_ALLOC, .id = o->ids++, .bytes = event->bytes};
    o->aligned += event->alignment > 0;
    return objects_put(&o->live, event->to, op->id) || out_of_memory(c);
}

static bool resize_object(struct log_ops *o, const struct log_event *event, struct trace_op *op,
                          struct complaint *c) {
    *op = (struct trace_op){.kind = TRACE_RESIZE, .bytes = event->bytes};
    if (objects_take(&o->live, event->from, &op->id))
        return objects_put(&o->live, event->to, op->id) || out_of_memory(c);
    o->unknown++;
    return begin_object(o, event, op, c);
}

/* False when there is no operation: of an event without one, or because of c. */
static bool take_event(struct log_ops *o, const struct log_event *event, struct trace_op *op,
                       struct complaint *c) {
    switch (event->kind) {
    case MEM_EVENT_ALLOC:
    case MEM_EVENT_ALIGNED:
        return begin_object(o, event, op, c);
    case MEM_EVENT_RESIZE:
        return resize_object(o, event, op, c);
    case MEM_EVENT_FREE:
        *op = (struct trace_op){.kind = TRACE_FREE};
        if (objects_take(&o->live, event->from, &op->id))
            return true;
        o->unknown++;
        return false;
    default:
        o->refused++;
        return false;
    }
}

enum log_next log_ops_next(struct log_ops *o, struct trace_op *op, struct complaint *c) {
    struct log_event event;
    enum log_next found;
    c->text[0] = '\0';
    while ((found = log_events_next(&o->events, &event, c)) == LOG_EVENT) {
        if (take_event(o, &event, op, c)) {
            o->count++;
            return LOG_EVENT;
        }
        if (c->text[0] != '\0')
            return LOG_DAMAGED;
    }
    return found;
}

bool log_ops_begin(struct log_ops *o, const struct log *l, uint32_t image, struct complaint *c) {
    *o = (struct log_ops){.ids = 0};
    return log_events_begin(&o->events, l, image, c);
}

void log_ops_end(struct log_ops *o) {
    log_events_end(&o->events);
    objects_free(&o->live);
}
