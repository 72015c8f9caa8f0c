/*
 * log_events.c - decodes the events of an image.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "log_events.h"

#include <stdlib.h>
#include <string.h>

/* ---- The images ---- */

/* An image lies behind the one that forked it, since its chunk was taken later: so there is no
 * circle. */
static bool add_link(struct log_events *e, uint32_t image, uint64_t limit) {
    uint32_t *images = realloc(e->images, (e->links + 1) * sizeof *images);
    if (images == NULL)
        return false;
    e->images = images;
    uint64_t *limits = realloc(e->limits, (e->links + 1) * sizeof *limits);
    if (limits == NULL)
        return false;
    e->limits = limits;
    e->images[e->links] = image;
    e->limits[e->links++] = limit;
    return true;
}

/* From the image asked for to the one that began. */
static bool add_links(struct log_events *e, uint32_t image, struct complaint *c) {
    struct mem_process process;
    uint64_t limit = UINT64_MAX;
    for (;;) {
        if (!log_image(e->log, image, &process))
            return complain(c, 0, "the log has no process at chunk %lu", (unsigned long)image);
        if (!add_link(e, image, limit))
            return complain(c, 0, "out of memory");
        if (process.inherited == 0)
            return true;
        if (process.inherits >= image)
            return complain(c, 0, "the log is damaged: a process is older than its parent");
        image = process.inherits;
        limit = process.inherited;
    }
}

/* ---- Chunks ---- */

static bool damaged(const struct log_events *e, struct complaint *c) {
    return complain(c, (size_t)e->count + 1, "the log is damaged in chunk %lu",
                    (unsigned long)e->chunk);
}

static bool read_chunk(struct log_events *e, uint32_t number, struct complaint *c) {
    struct mem_chunk head;
    size_t size = e->log->header.chunk;
    e->chunk = number;
    if (!log_read(e->log, number, 0, e->bytes, size))
        return damaged(e, c);
    memcpy(&head, e->bytes, sizeof head);
    size_t begin = head.kind == MEM_CHUNK_FIRST ? sizeof(struct mem_process) : sizeof head;
    if (head.used > size - begin)
        return damaged(e, c);
    e->at = e->bytes + begin;
    e->end = e->at + head.used;
    return true;
}

/* The next chunk of the image that is read; 0 when there is none: that is the first of some image.
 */
static uint32_t next_chunk(const struct log_events *e) {
    const struct log *l = e->log;
    for (uint32_t i = e->chunk + 1; i < l->count; i++)
        if (l->of[i].kind == MEM_CHUNK_MORE && l->of[i].image == e->images[e->link])
            return i;
    return 0;
}

/* Goes on to where there are bytes to read. */
static enum log_next seek(struct log_events *e, struct complaint *c) {
    for (;;) {
        uint32_t next;
        if (e->count >= e->limits[e->link])
            next = e->images[--e->link];
        else if (e->at != e->end)
            return LOG_EVENT;
        else if ((next = next_chunk(e)) == 0)
            break;
        if (!read_chunk(e, next, c))
            return LOG_DAMAGED;
    }
    if (e->link == 0)
        return LOG_END;
    complain(c, (size_t)e->count + 1, "the parent has not recorded all that a process inherited");
    return LOG_DAMAGED;
}

/* ---- Numbers ---- */

/* 0, and the log is broken, where the chunk ends amid a number, or it has more than 64 bits. */
static uint64_t get(struct log_events *e) {
    uint64_t number = 0;
    for (unsigned shift = 0; e->at != e->end && shift < 64; shift += 7) {
        unsigned char byte = *e->at++;
        number |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return number;
    }
    e->broken = true;
    return 0;
}

static uint64_t get_address(struct log_events *e) {
    e->last += (uint64_t)mem_event_unfolded(get(e));
    return e->last;
}

/* ---- Notes ---- */

/* Makes room for one more element; NULL when memory is short. */
static void *grown(void *first, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return first;
    *room = *room > 0 ? 2 * *room : 256;
    return realloc(first, *room * size);
}

static bool add_caller(struct log_events *e) {
    uint64_t *callers = grown(e->callers, e->caller_count, &e->caller_room, sizeof *callers);
    if (callers == NULL)
        return false;
    e->callers = callers;
    callers[e->caller_count++] = get(e);
    return true;
}

static char *get_name(struct log_events *e) {
    uint64_t length = get(e);
    if (length > (uint64_t)(e->end - e->at)) {
        e->broken = true;
        length = 0;
    }
    char *name = strndup((const char *)e->at, (size_t)length);
    e->at += length;
    return name;
}

static bool add_module(struct log_events *e) {
    struct log_module *modules =
        grown(e->modules, e->module_count, &e->module_room, sizeof *modules);
    if (modules == NULL)
        return false;
    e->modules = modules;
    struct log_module *module = &modules[e->module_count];
    module->start = get(e);
    module->bytes = get(e);
    module->offset = get(e);
    module->name = get_name(e);
    e->module_count += module->name != NULL;
    return module->name != NULL;
}

/* False when memory is short. */
static bool take_note(struct log_events *e, uint64_t kind) {
    switch (kind) {
    case MEM_NOTE_CALLER:
        return add_caller(e);
    case MEM_NOTE_MODULE:
        return add_module(e);
    case MEM_NOTE_THREAD:
        e->thread = get(e);
        return true;
    case MEM_NOTE_TASK:
        (void)get(e);
        e->thread = ++e->thread_count;
        return true;
    default:
        e->broken = true;
        return true;
    }
}

/* ---- Events ---- */

static void get_details(struct log_events *e, struct log_event *event) {
    uint64_t details = get(e);
    event->why = (enum mem_event_why)(details & ((1 << MEM_EVENT_WHY_BITS) - 1));
    event->alignment = (unsigned)(details >> MEM_EVENT_WHY_BITS & 63);
}

static void get_event(struct log_events *e, struct log_event *event, enum mem_event_kind kind) {
    if (kind == MEM_EVENT_FREE || kind == MEM_EVENT_RESIZE || kind == MEM_EVENT_REFUSED_RESIZE)
        event->from = get_address(e);
    if (kind == MEM_EVENT_ALLOC || kind == MEM_EVENT_ALIGNED || kind == MEM_EVENT_RESIZE)
        event->to = get_address(e);
    if (kind != MEM_EVENT_FREE)
        event->bytes = get(e);
    if (kind == MEM_EVENT_ALIGNED)
        event->alignment = (unsigned)(get(e) & 63);
    if (kind == MEM_EVENT_REFUSED || kind == MEM_EVENT_REFUSED_RESIZE)
        get_details(e, event);
    e->broken |= kind > MEM_EVENT_NOTE;
}

enum log_next log_events_next(struct log_events *e, struct log_event *event, struct complaint *c) {
    enum log_next found;
    while ((found = seek(e, c)) == LOG_EVENT) {
        uint64_t head = get(e);
        enum mem_event_kind kind = (enum mem_event_kind)(head & ((1 << MEM_EVENT_BITS) - 1));
        *event = (struct log_event){.kind = kind, .caller = head >> MEM_EVENT_BITS};
        if (kind != MEM_EVENT_NOTE)
            get_event(e, event, kind);
        else if (!take_note(e, event->caller) && !complain(c, 0, "out of memory"))
            return LOG_DAMAGED;
        if (e->broken && !damaged(e, c))
            return LOG_DAMAGED;
        if (kind != MEM_EVENT_NOTE)
            break;
    }
    event->thread = e->thread;
    e->count += found == LOG_EVENT;
    return found;
}

/* ---- Beginning and end ---- */

bool log_events_begin(struct log_events *e, const struct log *l, uint32_t image,
                      struct complaint *c) {
    *e = (struct log_events){.log = l, .bytes = malloc(l->header.chunk)};
    if (e->bytes == NULL)
        return complain(c, 0, "out of memory");
    if (!add_links(e, image, c))
        return false;
    e->link = e->links - 1;
    return read_chunk(e, e->images[e->link], c);
}

void log_events_end(struct log_events *e) {
    for (size_t i = 0; i < e->module_count; i++)
        free(e->modules[i].name);
    free(e->modules);
    free(e->callers);
    free(e->images);
    free(e->limits);
    free(e->bytes);
}
