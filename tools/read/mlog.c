/*
 * mlog.c - chooses a process of a log, and reads its events as calls.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/mlog.h"

#include "plain.h"

#include <stdio.h>
#include <stdlib.h>
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

bool mlog_choose(const struct log *l, int32_t pid, uint32_t *image, struct complaint *c) {
    struct list list = {.length = 0};
    if ((l->header.flags & MEM_LOG_RECORDING) == 0)
        return complain(c, 0, "the log has figures alone, and no events");
    if (find_image(l, pid, image, &list))
        return true;
    if (list.length == 0)
        return complain(c, 0, "the log has no process");
    return complain(c, 0, "the log has no process %ld, but%s", (long)pid, list.text);
}

/* ---- Calls ---- */

static const enum call_kind kinds[] = {
    [MEM_EVENT_ALLOC] = CALL_ALLOC,     [MEM_EVENT_ALIGNED] = CALL_ALLOC,
    [MEM_EVENT_FREE] = CALL_FREE,       [MEM_EVENT_RESIZE] = CALL_RESIZE,
    [MEM_EVENT_REFUSED] = CALL_REFUSED, [MEM_EVENT_REFUSED_RESIZE] = CALL_REFUSED,
};

static uint64_t caller_of(const struct log_events *e, uint64_t number) {
    return number > 0 && number <= e->caller_count ? e->callers[number - 1] : 0;
}

static void make_call(const struct mlog *m, const struct log_event *event, struct call *call) {
    uint64_t from = m->image.base + event->from * MEM_EVENT_GRANULE;
    uint64_t to = m->image.base + event->to * MEM_EVENT_GRANULE;
    enum call_kind kind = kinds[event->kind];
    *call = (struct call){
        .kind = kind,
        .alignment = event->alignment,
        .place = kind == CALL_FREE ? from : to,
        .from = from,
        .bytes = event->bytes,
        .caller = caller_of(&m->events, event->caller),
        .line = m->events.count,
    };
}

/* ---- The format ---- */

static bool is_mlog(const unsigned char *first, size_t count) {
    return log_is_log(first, count);
}

static bool begin_image(struct mlog *m, const struct log *l, uint32_t image, struct complaint *c) {
    return (log_image(l, image, &m->image) || complain(c, 0, "the log is damaged")) &&
           log_events_begin(&m->events, l, image, c);
}

static void end(void *state) {
    struct mlog *m = state;
    log_events_end(&m->events);
    log_close(&m->own);
    free(m);
}

static struct mlog *new_mlog(struct complaint *c) {
    struct mlog *m = calloc(1, sizeof *m);
    if (m == NULL)
        complain(c, 0, "out of memory");
    return m;
}

struct mlog *mlog_begin(const struct log *l, uint32_t image, struct complaint *c) {
    struct mlog *m = new_mlog(c);
    if (m == NULL || begin_image(m, l, image, c))
        return m;
    end(m);
    return NULL;
}

static void *begin(struct input *in, int32_t process, struct complaint *c) {
    struct mlog *m = new_mlog(c);
    uint32_t image;
    if (m == NULL || (log_open(&m->own, in->file, c) && mlog_choose(&m->own, process, &image, c) &&
                      begin_image(m, &m->own, image, c)))
        return m;
    end(m);
    return NULL;
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    struct mlog *m = state;
    struct log_event event;
    switch (log_events_next(&m->events, &event, c)) {
    case LOG_EVENT:
        make_call(m, &event, call);
        return READER_CALL;
    case LOG_END:
        return READER_END;
    default:
        return READER_BAD;
    }
}

static void tell(const void *state, struct origin *origin) {
    const struct mem_process *image = &((const struct mlog *)state)->image;
    const char *slash = strrchr(image->executable, '/');
    origin->pid = image->pid;
    origin->knows_missing = true;
    origin->missing = image->begun - image->recorded;
    snprintf(origin->program, sizeof origin->program, "%.*s", (int)sizeof origin->program - 1,
             slash != NULL ? slash + 1 : image->executable);
    plain_make(origin->program);
}

static bool code(const void *state, size_t number, struct code *code) {
    const struct log_events *e = &((const struct mlog *)state)->events;
    if (number >= e->module_count)
        return false;
    const struct log_module *module = &e->modules[number];
    *code = (struct code){module->start, module->bytes, module->offset, true, module->name};
    return true;
}

const struct format mlog_format = {
    .unit = "call",
    .seeks = true,
    .has_processes = true,
    .begins_late = true,
    .is = is_mlog,
    .begin = begin,
    .next = next,
    .tell = tell,
    .code = code,
    .end = end,
};
