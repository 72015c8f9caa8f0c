/*
 * log_events.h - the events of one image of a log, in their order: those that it has inherited from
 * the image that forked it come first.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef LOG_EVENTS_H
#define LOG_EVENTS_H

#include "complaint.h"
#include "log.h"

#include "malloc/events.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_event {
    enum mem_event_kind kind;
    uint64_t caller;    /* its number; 0: not known */
    uint64_t thread;    /* its number */
    uint64_t from;      /* granule of the object that is freed or resized */
    uint64_t to;        /* granule of the object that is allocated, or the outcome of a resize */
    uint64_t bytes;     /* asked for */
    unsigned alignment; /* its logarithm; 0: none was asked for */
    enum mem_event_why why; /* of a refused request */
};

/* Code that callers lie in. */
struct log_module {
    uint64_t start;
    uint64_t bytes;
    uint64_t offset; /* of the file */
    char *name;
};

struct log_events {
    const struct log *log;

    /* The images: the one that began, those that were forked one from the other, the one asked for;
     * and how many events each of them has at most, those that it inherited included. */
    uint32_t *images;
    uint64_t *limits;
    size_t links;
    size_t link; /* that is read */

    /* The chunk that is read: its number, and what is left of its events. */
    uint32_t chunk;
    unsigned char *bytes;
    const unsigned char *at;
    const unsigned char *end;

    bool broken;    /* what was read makes no sense */
    uint64_t count; /* events read */
    uint64_t last;  /* granule */
    uint64_t thread;

    uint64_t *callers; /* addresses, by their numbers less one */
    size_t caller_count, caller_room;
    struct log_module *modules;
    size_t module_count, module_room;
    uint64_t thread_count;
};

/* Before the first event of the image with that first chunk. False when there is none, or no
 * memory; log_events_end is to be called in either case. */
bool log_events_begin(struct log_events *e, const struct log *l, uint32_t image,
                      struct complaint *c);

/* What log_events_next found. */
enum log_next { LOG_EVENT, LOG_END, LOG_DAMAGED };

/* Reads the next event. When the log is damaged, c says where, by the number of the event. */
enum log_next log_events_next(struct log_events *e, struct log_event *event, struct complaint *c);

void log_events_end(struct log_events *e);

#endif /* LOG_EVENTS_H */
