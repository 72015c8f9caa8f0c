/*
 * trace.c - passes through a recording.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "trace.h"

#include "read/formats.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- A pass through the file ---- */

struct trace_reading {
    struct input input;
    struct operations operations;
    struct operation block[TRACE_BLOCK];
};

static bool open_reading(struct trace_reading *r, const struct trace *t, struct complaint *c) {
    const unsigned char *first;
    size_t count;
    if (!input_open_file(&r->input, fcntl(t->file, F_DUPFD_CLOEXEC, 0)))
        return complain(c, 0, "%s", r->input.error);
    bool right = input_peek(&r->input, &first, &count);
    const struct format *format =
        formats_find(first, right ? count : 0); /* it sees what is wrong */
    if (t->process != 0 && !format->has_processes)
        return complain(c, 0, "--process is for recordings of several processes, and this is none");
    void *reader = format->begin(&r->input, t->process, c);
    if (reader != NULL)
        operations_begin(&r->operations, format, reader);
    return reader != NULL;
}

static void close_reading(struct trace_reading *r) {
    if (r->operations.format != NULL)
        operations_end(&r->operations);
    input_close(&r->input);
}

static struct trace_reading *new_reading(const struct trace *t, struct complaint *c) {
    struct trace_reading *r = malloc(sizeof *r);
    if (r == NULL) {
        complain(c, 0, "out of memory");
        return NULL;
    }
    r->operations.format = NULL;
    if (open_reading(r, t, c))
        return r;
    close_reading(r);
    free(r);
    return NULL;
}

static void delete_reading(struct trace_reading *r) {
    if (r != NULL)
        close_reading(r);
    free(r);
}

/* ---- The first pass ---- */

struct first_pass {
    struct trace *trace;
    uint64_t *bytes; /* of the object that is live, by slot; 0: none is */
    uint32_t room;   /* elements of bytes */
    uint64_t live, rounded;
    size_t keep, kept_room;
};

static void raise(uint64_t *most, uint64_t value) {
    *most = value > *most ? value : *most;
}

static uint64_t counted(uint64_t bytes) {
    return bytes < TRACE_ABSURD ? bytes : 0;
}

/* The new object of a resize may be there before the old one goes. */
static void live_on(struct first_pass *f, const struct operation *op) {
    struct trace *t = f->trace;
    uint64_t old = f->bytes[op->slot];
    uint64_t new = op->kind != OPERATION_FREE ? counted(trace_size(op->bytes)) : 0;
    raise(&t->moving, f->rounded + trace_taken(new));
    f->live += new - old;
    f->rounded += trace_taken(new) - trace_taken(old);
    raise(&t->peak, f->live);
    raise(&t->rounded, f->rounded);
    f->bytes[op->slot] = new;
}

static bool make_slot(struct first_pass *f, uint32_t slot) {
    if (slot >= f->trace->slots)
        f->trace->slots = slot + 1;
    if (slot < f->room)
        return true;
    uint32_t room = slot + slot / 2 + 1024;
    uint64_t *bytes = realloc(f->bytes, room * sizeof *bytes);
    if (bytes == NULL)
        return false;
    memset(bytes + f->room, 0, (room - f->room) * sizeof *bytes);
    f->bytes = bytes;
    f->room = room;
    return true;
}

/* Keeps an operation, unless there are too many: then none is kept. */
static bool keep(struct first_pass *f, const struct operation *op) {
    struct trace *t = f->trace;
    if (t->count >= f->keep) {
        free(t->ops);
        t->ops = NULL;
        f->kept_room = f->keep = 0;
        return true;
    }
    if (t->count == f->kept_room) {
        size_t room = f->kept_room > 0 ? 2 * f->kept_room : TRACE_BLOCK;
        struct operation *ops = realloc(t->ops, room * sizeof *ops);
        if (ops == NULL)
            return false;
        t->ops = ops;
        f->kept_room = room;
    }
    t->ops[t->count] = *op;
    return true;
}

/* Another number if any operation is another, but for an accident. */
static void add_to_sum(uint64_t *sum, const struct operation *op) {
    uint64_t kind = op->kind | (uint64_t)op->alignment << 8;
    *sum =
        (*sum ^ op->bytes ^ (uint64_t)op->slot << 32 ^ kind << 16) * UINT64_C(0x9e3779b97f4a7c15);
    *sum ^= *sum >> 29;
}

static bool take(struct first_pass *f, const struct operation *op, struct complaint *c) {
    if (!make_slot(f, op->slot) || !keep(f, op))
        return complain(c, 0, "out of memory");
    live_on(f, op);
    add_to_sum(&f->trace->sum, op);
    f->trace->count++;
    return true;
}

/* Operations between two looks at the clock. */
enum { STEP = 4096 };

static bool read_all(struct first_pass *f, struct trace_reading *r, struct progress *p,
                     struct complaint *c) {
    struct operation op;
    enum reader_next next;
    while ((next = operations_next(&r->operations, &op, c)) == READER_CALL) {
        if (!take(f, &op, c))
            return false;
        if (f->trace->count % STEP == 0)
            progress_step(p, r->input.file_read, r->input.file_size);
    }
    return next == READER_END;
}

static bool tell(struct trace *t, const struct trace_reading *r, struct complaint *c) {
    const struct operations *o = &r->operations;
    t->unit = o->format->unit;
    t->refused = o->refused;
    t->unknown = o->unknown;
    if (o->format->tell != NULL)
        o->format->tell(o->reader, &t->origin);
    return callers_take(&t->callers, &o->callers, o->format, o->reader) ||
           complain(c, 0, "out of memory");
}

bool trace_read(struct trace *t, int file, int32_t process, size_t keep_most, struct progress *p,
                struct complaint *c) {
    *t = (struct trace){.slots = 1, .file = file, .process = process};
    struct first_pass f = {.trace = t, .keep = keep_most};
    struct trace_reading *r = new_reading(t, c);
    bool right = r != NULL && read_all(&f, r, p, c) && tell(t, r, c);
    delete_reading(r);
    free(f.bytes);
    return right;
}

void trace_free(struct trace *t) {
    callers_end(&t->callers);
    free(t->ops);
    t->ops = NULL;
    if (t->file >= 0)
        close(t->file);
    t->file = -1;
}

/* ---- Other passes ---- */

bool trace_begin(struct trace_cursor *cursor, const struct trace *t, struct complaint *c) {
    *cursor = (struct trace_cursor){.trace = t};
    if (t->ops == NULL && t->count > 0)
        cursor->read = new_reading(t, c);
    return t->ops != NULL || t->count == 0 || cursor->read != NULL;
}

static bool changed(struct complaint *c) {
    return complain(c, 0, "the file has changed since it was read first");
}

/* A file that another process still writes may have more than there was. */
static bool read_block(struct trace_cursor *cursor, size_t count, struct complaint *c) {
    struct trace_reading *r = cursor->read;
    for (size_t i = 0; i < count; i++)
        switch (operations_next(&r->operations, &r->block[i], c)) {
        case READER_BAD: /* it was right before; or memory is short */
            return c->line > 0 ? changed(c) : false;
        case READER_END:
            return changed(c);
        default:
            if (r->block[i].slot >= cursor->trace->slots)
                return changed(c);
            add_to_sum(&cursor->sum, &r->block[i]);
        }
    bool is_last = cursor->at + count == cursor->trace->count;
    return !is_last || cursor->sum == cursor->trace->sum || changed(c);
}

bool trace_next(struct trace_cursor *cursor, const struct operation **ops, size_t *count,
                struct complaint *c) {
    const struct trace *t = cursor->trace;
    size_t left = t->count - cursor->at;
    *count = left < TRACE_BLOCK ? left : TRACE_BLOCK;
    *ops = t->ops != NULL ? t->ops + cursor->at : NULL;
    if (cursor->read != NULL) {
        if (!read_block(cursor, *count, c))
            return false;
        *ops = cursor->read->block;
    }
    cursor->at += *count;
    return true;
}

void trace_end(struct trace_cursor *cursor) {
    delete_reading(cursor->read);
    cursor->read = NULL;
}
