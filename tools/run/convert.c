/*
 * convert.c - makes a trace of a log, in two passes: the first counts what its first lines tell.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "convert.h"

#include "attend.h"
#include "complaint.h"
#include "log.h"
#include "message.h"
#include "operations.h"
#include "outcome.h"
#include "progress.h"
#include "read/mlog.h"
#include "replacement.h"
#include "xz.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A trace as it is written */

struct writing {
    FILE *file;
    struct xz *xz;  /* NULL: plain text */
    bool good;      /* memory was not short */
    uint64_t ids;   /* given so far */
    uint64_t *id;   /* by slot */
    uint32_t slots; /* elements of id */
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

/* No id is used twice: there are tools that do not know what to make of that. */
static void number(struct writing *w, uint32_t slot) {
    if (slot >= w->slots) {
        uint32_t slots = slot + slot / 2 + 1024;
        uint64_t *id = realloc(w->id, slots * sizeof *id);
        w->good &= id != NULL;
        if (id == NULL)
            return;
        w->id = id;
        w->slots = slots;
    }
    w->id[slot] = w->ids++;
}

static void put_operation(struct writing *w, const struct operation *op) {
    if (op->kind == OPERATION_ALLOC)
        number(w, op->slot);
    if (!w->good)
        return;
    if (op->slot == LIVES_NONE) {
        put(w, "f -1\n");
        return;
    }
    if (op->kind == OPERATION_FREE)
        put(w, "f %" PRIu64 "\n", w->id[op->slot]);
    else
        put(w, "%c %" PRIu64 " %" PRIu64 "\n", op->kind == OPERATION_ALLOC ? 'a' : 'r',
            w->id[op->slot], op->bytes);
}

/* A pass through the log */

struct tally {
    uint64_t objects, aligned, operations, refused, threads;
};

struct conversion {
    const struct log *log;
    uint32_t number; /* of the image's first chunk */
    struct mem_process image;
    struct tally tally; /* of the first pass */
    struct progress progress;
    int signal; /* that interrupted it, or 0 */
    struct complaint *complaint;
};

/* The heap bytes that are suggested, and the weight, mean nothing here. */
static void put_header(struct writing *w, const struct tally *tally) {
    put(w, "0\n%" PRIu64 "\n%" PRIu64 "\n1\n", tally->objects, tally->operations);
}

/* Events between two looks at the clock. */
enum { STAGES = 2, STEP = 4096 };

/* False when it is interrupted: what was begun is taken away then. */
static bool show_progress(struct conversion *v, uint64_t events) {
    if (events % STEP != 0)
        return true;
    progress_step(&v->progress, events, v->image.inherited + v->image.recorded);
    v->signal = attend_interrupted();
    return v->signal == 0 || complain(v->complaint, 0, "%s", strsignal(v->signal));
}

static void count(struct tally *tally, const struct operation *op) {
    tally->operations++;
    tally->objects += op->kind == OPERATION_ALLOC;
    tally->aligned += op->alignment > 0;
}

static bool read_operations(struct conversion *v, struct mlog *log, uint64_t most,
                            struct tally *tally, struct writing *w) {
    struct operations ops;
    struct operation op;
    enum reader_next next = READER_CALL;
    operations_begin(&ops, &mlog_format, log);
    while (next == READER_CALL && tally->operations < most) {
        next = operations_next(&ops, &op, v->complaint);
        if (next == READER_CALL)
            count(tally, &op);
        if (next == READER_CALL && w != NULL)
            put_operation(w, &op);
        if (!show_progress(v, log->events.count))
            next = READER_BAD;
    }
    tally->refused = ops.refused;
    tally->threads = log->events.thread_count;
    operations_end(&ops);
    return next != READER_BAD;
}

/* At most so many operations: a process that still lives goes on meanwhile. w: NULL to count alone.
 */
static bool pass(struct conversion *v, uint64_t most, struct tally *tally, struct writing *w) {
    struct mlog *log = mlog_begin(v->log, v->number, v->complaint);
    *tally = (struct tally){.operations = 0};
    return log != NULL && read_operations(v, log, most, tally, w);
}

static bool write_trace(struct conversion *v, struct writing *w) {
    struct tally written;
    put_header(w, &v->tally);
    if (!pass(v, v->tally.operations, &written, w))
        return false;
    if (w->xz != NULL)
        w->good &= xz_put(w->xz, NULL, 0, true);
    if (!w->good)
        return complain(v->complaint, 0, "out of memory");
    if (fflush(w->file) != 0 || ferror(w->file))
        return complain(v->complaint, 0, "%s", strerror(errno));
    return true;
}

/* Writes it to a file beside the log, and has it take the log's place. */
static bool replace_log(struct conversion *v, const char *path, bool compressed) {
    struct replacement file;
    if (!replacement_begin(&file, path, v->complaint))
        return false;
    struct writing w = {.file = file.file, .good = true};
    w.xz = compressed ? xz_new(w.file) : NULL;
    w.good = !compressed || w.xz != NULL;
    bool written = write_trace(v, &w);
    xz_delete(w.xz);
    free(w.id);
    if (written)
        return replacement_end(&file, v->complaint);
    replacement_drop(&file);
    return false;
}

/* What was lost */

/* Of a log that has all of its memory from the beginning, no memory is asked for later. */
static const char *why_stopped(const struct log *l, int error) {
    bool is_full = error == ENOSPC && (l->header.flags & MEM_LOG_WHOLE) != 0;
    return is_full ? "--record-size is reached" : strerror(error);
}

static void tell_stopped(const struct log *l, const char *path) {
    struct mem_process image;
    for (uint32_t i = 0; i < l->count; i++)
        if (log_image(l, i, &image) && image.stopped != 0)
            note("%s: of process %ld, the last %" PRIu64 " calls are not recorded: %s", path,
                 (long)image.pid, image.begun - image.recorded, why_stopped(l, image.stopped));
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
    const struct tally *tally = &v->tally;
    note("%s: process %ld, %" PRIu64 " operations; without callers, %" PRIu64
         " alignments, %" PRIu64 " threads, %" PRIu64 " refused requests, %" PRIu64
         " other processes or programs",
         path, (long)v->image.pid, tally->operations, tally->aligned, tally->threads,
         tally->refused, count_others(v->log, v->number));
}

static bool make_trace(struct conversion *v, const struct recording *r, const char *path) {
    if (!mlog_choose(v->log, r->process, &v->number, v->complaint))
        return false;
    if (!log_image(v->log, v->number, &v->image))
        return complain(v->complaint, 0, "the log is damaged");
    progress_start(&v->progress, r->path, STAGES);
    progress_stage(&v->progress, "reading");
    bool made = pass(v, UINT64_MAX, &v->tally, NULL);
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
    attend_hold();
    bool good = log_open(&log, c->file, &complaint);
    if (good)
        tell_stopped(&log, r->path);
    if (good && r->kind != RECORDING_LOG)
        good = make_trace(&conversion, r, c->path);
    log_close(&log);
    if (good)
        return status;
    (void)fail(BROKEN, "%s: it is left a log: %s", r->path, complaint.text);
    return conversion.signal != 0 ? BY_SIGNAL + conversion.signal : BROKEN;
}
