/*
 * convert.c - makes a trace of a log, in two passes: the first counts what its first lines tell.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "convert.h"

#include "complaint.h"
#include "log.h"
#include "log_ops.h"
#include "message.h"
#include "outcome.h"
#include "progress.h"
#include "xz.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A trace as it is written */

struct writing {
    FILE *file;
    struct xz *xz; /* NULL: plain text */
    bool good;     /* memory was not short */
};

static void put(struct writing *w, const char *format, ...) {
    char line[128];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (w->xz == NULL)
        fwrite(line, 1, (size_t)length, w->file);
    else
        w->good &= xz_put(w->xz, line, (size_t)length, false);
}

/* The heap bytes that are suggested, and the weight, mean nothing here. */
static void put_header(struct writing *w, const struct log_ops *counted) {
    put(w, "0\n%" PRIu32 "\n%" PRIu64 "\n1\n", counted->ids, counted->count);
}

static void put_operation(struct writing *w, const struct trace_op *op) {
    if (op->kind == TRACE_FREE)
        put(w, "f %" PRIu32 "\n", op->id);
    else
        put(w, "%c %" PRIu32 " %" PRIu64 "\n", op->kind, op->id, op->bytes);
}

/* A pass through the log */

struct conversion {
    const struct log *log;
    uint32_t number; /* of the image's first chunk */
    struct mem_process image;
    struct log_ops counted; /* by the first pass */
    struct progress progress;
    struct complaint *complaint;
};

/* Events between two looks at the clock. */
enum { STAGES = 2, STEP = 4096 };

static void show_progress(struct conversion *v, uint64_t events) {
    if (events % STEP == 0)
        progress_step(&v->progress, events, v->image.inherited + v->image.recorded);
}

/* At most so many operations: a process that still lives goes on meanwhile. w: NULL to count alone.
 */
static bool pass(struct conversion *v, uint64_t most, struct log_ops *ops, struct writing *w) {
    struct trace_op op;
    enum log_next next = LOG_DAMAGED;
    if (log_ops_begin(ops, v->log, v->number, v->complaint))
        next = LOG_EVENT;
    while (next == LOG_EVENT && ops->count < most) {
        next = log_ops_next(ops, &op, v->complaint);
        if (next == LOG_EVENT && w != NULL)
            put_operation(w, &op);
        show_progress(v, ops->events.count);
    }
    log_ops_end(ops);
    return next != LOG_DAMAGED;
}

static bool write_trace(struct conversion *v, struct writing *w) {
    struct log_ops written;
    put_header(w, &v->counted);
    if (!pass(v, v->counted.count, &written, w))
        return false;
    if (w->xz != NULL)
        w->good &= xz_put(w->xz, NULL, 0, true);
    if (!w->good)
        return complain(v->complaint, 0, "out of memory for the compression");
    if (fflush(w->file) != 0 || ferror(w->file))
        return complain(v->complaint, 0, "%s", strerror(errno));
    return true;
}

/* Writes it to a file beside the log, and has it take the log's place. */
static bool replace_log(struct conversion *v, const char *path, bool compressed) {
    char temporary[PATH_MAX + sizeof ".XXXXXX"];
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int file = mkostemp(temporary, O_CLOEXEC);
    struct writing w = {.file = file >= 0 ? fdopen(file, "w") : NULL, .good = true};
    if (w.file == NULL)
        return complain(v->complaint, 0, "%s", strerror(errno));
    w.xz = compressed ? xz_new(w.file) : NULL;
    w.good = !compressed || w.xz != NULL;
    bool written = write_trace(v, &w);
    xz_delete(w.xz);
    bool replaced = fclose(w.file) == 0 && written && rename(temporary, path) == 0;
    if (!replaced)
        unlink(temporary);
    return replaced || (written && complain(v->complaint, 0, "%s", strerror(errno)));
}

/* What was lost */

static void tell_stopped(const struct log *l, const char *path) {
    struct mem_process image;
    for (uint32_t i = 0; i < l->count; i++)
        if (log_image(l, i, &image) && image.stopped != 0)
            note("%s: of process %ld, the last %" PRIu64 " calls are not recorded: %s", path,
                 (long)image.pid, image.begun - image.recorded, strerror(image.stopped));
    if (l->header.missed > 0)
        note("%s: %" PRIu32 " processes are not recorded", path, l->header.missed);
}

static uint64_t count_others(const struct log *l, uint32_t image) {
    uint64_t others = 0;
    for (uint32_t i = 0; i < l->count; i++)
        others += i != image && l->of[i].kind == MEM_CHUNK_FIRST;
    return others;
}

static void tell_left_out(const struct conversion *v, const char *path) {
    const struct log_ops *counted = &v->counted;
    note("%s: process %ld, %" PRIu64 " operations; without callers, %" PRIu64
         " alignments, %" PRIu64 " threads, %" PRIu64 " refused requests, %" PRIu64
         " other processes or programs",
         path, (long)v->image.pid, counted->count, counted->aligned, counted->events.thread_count,
         counted->refused, count_others(v->log, v->number));
}

static bool make_trace(struct conversion *v, const struct recording *r, const char *path) {
    if (!log_ops_choose(v->log, r->process, &v->number, v->complaint))
        return false;
    if (!log_image(v->log, v->number, &v->image))
        return complain(v->complaint, 0, "the log is damaged");
    progress_start(&v->progress, r->path, STAGES);
    progress_stage(&v->progress, "reading");
    bool made = pass(v, UINT64_MAX, &v->counted, NULL);
    progress_stage(&v->progress, "writing");
    made = made && replace_log(v, path, r->kind == RECORDING_XZ);
    progress_erase(&v->progress);
    if (made)
        tell_left_out(v, r->path);
    return made;
}

int convert(const struct collection *c, const struct recording *r, int status) {
    struct log log;
    struct complaint complaint;
    struct conversion conversion = {.log = &log, .complaint = &complaint};
    bool good = log_open(&log, c->file, &complaint);
    if (good)
        tell_stopped(&log, r->path);
    if (good && r->kind != RECORDING_LOG)
        good = make_trace(&conversion, r, c->path);
    log_close(&log);
    return good ? status : fail(BROKEN, "%s: it is left a log: %s", r->path, complaint.text);
}
