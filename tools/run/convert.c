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

/* A pass through the log; w: NULL to count alone. */

static bool pass(const struct log *l, uint32_t image, struct log_ops *ops, struct writing *w,
                 struct complaint *c) {
    struct trace_op op;
    enum log_next next = LOG_DAMAGED;
    if (log_ops_begin(ops, l, image, c))
        while ((next = log_ops_next(ops, &op, c)) == LOG_EVENT)
            if (w != NULL)
                put_operation(w, &op);
    log_ops_end(ops);
    return next == LOG_END;
}

static bool write_trace(const struct log *l, uint32_t image, struct writing *w,
                        const struct log_ops *counted, struct complaint *c) {
    struct log_ops written;
    put_header(w, counted);
    if (!pass(l, image, &written, w, c))
        return false;
    if (w->xz != NULL)
        w->good &= xz_put(w->xz, NULL, 0, true);
    if (!w->good)
        return complain(c, 0, "out of memory for the compression");
    if (written.count != counted->count)
        return complain(c, 0, "the process still runs: it is not clear what its trace is");
    if (fflush(w->file) != 0 || ferror(w->file))
        return complain(c, 0, "%s", strerror(errno));
    return true;
}

/* Writes it to a file beside the log, and has it take the log's place. */
static bool replace_log(const struct log *l, uint32_t image, const char *path, bool compressed,
                        const struct log_ops *counted, struct complaint *c) {
    char temporary[PATH_MAX + sizeof ".XXXXXX"];
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    int file = mkostemp(temporary, O_CLOEXEC);
    struct writing w = {.file = file >= 0 ? fdopen(file, "w") : NULL, .good = true};
    if (w.file == NULL)
        return complain(c, 0, "%s", strerror(errno));
    w.xz = compressed ? xz_new(w.file) : NULL;
    w.good = !compressed || w.xz != NULL;
    bool written = write_trace(l, image, &w, counted, c);
    xz_delete(w.xz);
    bool closed = fclose(w.file) == 0 || complain(c, 0, "%s", strerror(errno));
    bool replaced = written && closed &&
                    (rename(temporary, path) == 0 || complain(c, 0, "%s", strerror(errno)));
    if (!replaced)
        unlink(temporary);
    return replaced;
}

/* What was lost */

static void tell_stopped(const struct log *l, const char *path) {
    struct mem_process image;
    for (uint32_t i = 0; i < l->count; i++)
        if (log_image(l, i, &image) && image.stopped != 0)
            fail(BROKEN, "%s: of process %ld, the last %" PRIu64 " calls are not recorded: %s",
                 path, (long)image.pid, image.begun - image.recorded, strerror(image.stopped));
    if (l->header.missed > 0)
        fail(BROKEN, "%s: %" PRIu32 " processes are not recorded", path, l->header.missed);
}

static uint64_t count_others(const struct log *l, uint32_t image) {
    uint64_t others = 0;
    for (uint32_t i = 0; i < l->count; i++)
        others += i != image && l->of[i].kind == MEM_CHUNK_FIRST;
    return others;
}

static void tell_left_out(const struct log *l, uint32_t number, const struct log_ops *counted,
                          const char *path) {
    struct mem_process image;
    if (!log_image(l, number, &image))
        return;
    fail(BROKEN,
         "%s: process %ld, %" PRIu64 " operations; without callers, %" PRIu64
         " alignments, %" PRIu64 " threads, %" PRIu64 " refused requests, %" PRIu64
         " other processes",
         path, (long)image.pid, counted->count, counted->aligned, counted->events.thread_count,
         counted->refused, count_others(l, number));
}

static bool make_trace(const struct log *l, const struct recording *r, const char *path,
                       struct complaint *c) {
    uint32_t image;
    struct log_ops counted;
    if (!log_ops_choose(l, r->process, &image, c) || !pass(l, image, &counted, NULL, c) ||
        !replace_log(l, image, path, r->kind == RECORDING_XZ, &counted, c))
        return false;
    tell_left_out(l, image, &counted, r->path);
    return true;
}

int convert(const struct collection *c, const struct recording *r, int status) {
    struct log log;
    struct complaint complaint;
    bool good = log_open(&log, c->file, &complaint);
    if (good)
        tell_stopped(&log, r->path);
    if (good && r->kind != RECORDING_LOG)
        good = make_trace(&log, r, c->path, &complaint);
    log_close(&log);
    return good ? status : fail(BROKEN, "%s: it is left a log: %s", r->path, complaint.text);
}
