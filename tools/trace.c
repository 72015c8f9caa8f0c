/*
 * trace.c - reads and checks an allocation trace.
 *
 * Three layers: lines, what stands in a line, the trace as a whole. White space around words and a
 * carriage return before the line end are allowed. Empty lines may follow the last operation, and
 * stand nowhere else.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "trace.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_LINES = 4,
    LINE_BYTES = 128,      /* twice what the longest operation needs */
    FIRST_CAPACITY = 4096, /* operations */
    STEP = 4096,           /* operations between two looks at the clock */
};

/* Numbers of ids and of operations: 32 bits hold an id. */
static const uint64_t COUNT_MAX = INT_MAX;

struct reader {
    struct input *input;
    struct progress *progress;
    struct complaint *complaint;
    size_t line;    /* number of the line in text, from 1 */
    const char *at; /* what of text is still to be read */
    char text[LINE_BYTES];
};

#define wrong(r, ...) complain((r)->complaint, (r)->line, __VA_ARGS__)

/* Lines */

enum line_state { LINE_READ, LINE_NONE, LINE_BAD };

static enum line_state line_bad(struct reader *r, const char *what) {
    wrong(r, "%s", what);
    return LINE_BAD;
}

static enum line_state next_line(struct reader *r) {
    size_t length = 0;
    int byte;
    r->line++;
    while ((byte = input_byte(r->input)) >= 0 && byte != '\n') {
        if (byte == '\0')
            return line_bad(r, "a NUL byte: this is not a text file");
        if (length == sizeof r->text - 1)
            return line_bad(r, "the line is too long");
        r->text[length++] = (char)byte;
    }
    if (byte == INPUT_ERROR)
        return line_bad(r, r->input->error);
    if (byte == INPUT_END && length == 0)
        return LINE_NONE;
    if (length > 0 && r->text[length - 1] == '\r')
        length--;
    r->text[length] = '\0';
    r->at = r->text;
    return LINE_READ;
}

/* What stands in a line */

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct reader *r) {
    while (is_blank(*r->at))
        r->at++;
}

static bool word_ended(const struct reader *r) {
    return *r->at == '\0' || is_blank(*r->at);
}

static bool line_ended(struct reader *r) {
    skip_blanks(r);
    return *r->at == '\0';
}

static bool end_line(struct reader *r) {
    return line_ended(r) || wrong(r, "something follows at the end of the line");
}

static bool begin_number(struct reader *r, const char *what) {
    skip_blanks(r);
    if (*r->at == '\0')
        return wrong(r, "%s is missing", what);
    if (r->at[0] == '-' && is_digit(r->at[1]))
        return wrong(r, "%s is negative", what);
    return is_digit(*r->at) || wrong(r, "%s is not a number", what);
}

/* Reads digits; false when they say more than max. */
static bool read_digits(struct reader *r, uint64_t max, uint64_t *value) {
    *value = 0;
    for (; is_digit(*r->at); r->at++) {
        uint64_t digit = (uint64_t)(*r->at - '0');
        if (*value > (max - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return true;
}

static bool end_number(const struct reader *r, const char *what) {
    return word_ended(r) || wrong(r, "%s is not a number", what);
}

static bool read_number(struct reader *r, const char *what, uint64_t max, uint64_t *value) {
    return begin_number(r, what) &&
           (read_digits(r, max, value) || wrong(r, "%s is too large", what)) && end_number(r, what);
}

/* A number that is not used may be as large as it likes. */
static bool skip_number(struct reader *r, const char *what) {
    if (!begin_number(r, what))
        return false;
    while (is_digit(*r->at))
        r->at++;
    return end_number(r, what);
}

static bool read_kind(struct reader *r, unsigned char *value) {
    skip_blanks(r);
    *value = (unsigned char)*r->at;
    if (*value != TRACE_ALLOC && *value != TRACE_RESIZE && *value != TRACE_FREE)
        return wrong(r, "an operation begins with a, r or f");
    r->at++;
    return word_ended(r) || wrong(r, "an operation begins with a, r or f");
}

/* `f -1` stands for free(NULL). */
static bool read_null(struct reader *r) {
    skip_blanks(r);
    if (strncmp(r->at, "-1", 2) != 0 || is_digit(r->at[2]))
        return false;
    r->at += 2;
    return true;
}

static bool read_id(struct reader *r, const struct trace *t, const struct trace_op *op,
                    uint64_t *id) {
    if (op->kind == TRACE_FREE && read_null(r)) {
        *id = t->ids;
        return word_ended(r) || wrong(r, "the id is not a number");
    }
    if (!read_number(r, "the id", UINT32_MAX, id))
        return false;
    return *id < t->ids ||
           wrong(r,
                 "the id %" PRIu64
                 " is out of range: ids are below %zu, the smaller of lines 2 and 3",
                 *id, t->ids);
}

static bool read_operation(struct reader *r, const struct trace *t, struct trace_op *op) {
    uint64_t id, bytes = 0;
    if (!read_kind(r, &op->kind) || !read_id(r, t, op, &id))
        return false;
    if (op->kind != TRACE_FREE && !read_number(r, "the size", UINT64_MAX, &bytes))
        return false;
    op->id = (uint32_t)id;
    op->bytes = bytes;
    return end_line(r);
}

/* The trace as a whole */

static bool begin_header_line(struct reader *r, const char *what) {
    switch (next_line(r)) {
    case LINE_BAD:
        return false;
    case LINE_NONE:
        return wrong(r, "the file ends before %s", what);
    case LINE_READ:
        break;
    }
    return true;
}

static bool read_header_line(struct reader *r, const char *what, uint64_t max, uint64_t *value) {
    return begin_header_line(r, what) && read_number(r, what, max, value) && end_line(r);
}

static bool skip_header_line(struct reader *r, const char *what) {
    return begin_header_line(r, what) && skip_number(r, what) && end_line(r);
}

static bool read_header(struct reader *r, struct trace *t, size_t *count) {
    uint64_t ids, operations;
    if (!skip_header_line(r, "the number of heap bytes") ||
        !read_header_line(r, "the number of ids", COUNT_MAX, &ids) ||
        !read_header_line(r, "the number of operations", COUNT_MAX, &operations) ||
        !skip_header_line(r, "the weight"))
        return false;
    *count = (size_t)operations;
    /* Every id takes an operation that allocates it. */
    t->ids = (size_t)(ids < operations ? ids : operations);
    return true;
}

/* Room grows as operations come, since the header may promise any number. */
bool trace_make_room(struct trace *t, size_t *capacity, size_t most) {
    size_t larger = *capacity == 0 ? FIRST_CAPACITY : 2 * *capacity;
    if (t->count < *capacity)
        return true;
    if (larger > most)
        larger = most;
    struct trace_op *ops =
        larger <= SIZE_MAX / sizeof *ops ? realloc(t->ops, larger * sizeof *ops) : NULL;
    if (ops == NULL)
        return false;
    t->ops = ops;
    *capacity = larger;
    return true;
}

static bool add_operation(struct reader *r, struct trace *t) {
    if (!read_operation(r, t, &t->ops[t->count]))
        return false;
    if (t->count++ % STEP == 0)
        progress_step(r->progress, r->input->file_read, r->input->file_size);
    return true;
}

static bool read_operations(struct reader *r, struct trace *t, size_t count) {
    size_t capacity = 0;
    while (t->count < count) {
        enum line_state line = next_line(r);
        if (line == LINE_BAD)
            return false;
        if (line == LINE_NONE)
            return wrong(r, "the file ends after %zu of %zu operations", t->count, count);
        if (!trace_make_room(t, &capacity, count))
            return wrong(r, "out of memory");
        if (!add_operation(r, t))
            return false;
    }
    return true;
}

static bool read_end(struct reader *r, size_t count) {
    enum line_state line;
    while ((line = next_line(r)) == LINE_READ)
        if (!line_ended(r))
            return wrong(r, "something follows the operations, of which line 3 counts %zu", count);
    return line == LINE_NONE;
}

/* The lives of its ids */

struct life {
    uint64_t bytes; /* of the object that is live; 0: none is */
    bool ended;     /* one was, and is not any more */
};

/* What objects need at a time. */
struct demand {
    uint64_t live;  /* bytes that were asked for */
    uint64_t taken; /* bytes of a region */
};

static const char *misuse(const struct trace_op *op, const struct life *life, bool null) {
    bool live = life->bytes > 0;
    switch (op->kind) {
    case TRACE_ALLOC:
        return live ? "allocated, but it is live" : NULL;
    case TRACE_RESIZE: /* of an id that never was: realloc(NULL) */
        return !live && life->ended ? "resized, but it is not live" : NULL;
    default:
        return live || null ? NULL : "freed, but it is not live";
    }
}

static void raise(uint64_t *most, uint64_t value) {
    *most = value > *most ? value : *most;
}

static uint64_t counted(uint64_t bytes) {
    return bytes < TRACE_ABSURD ? bytes : 0;
}

/* The new object of a resize is there before the old one goes. */
static void live_on(struct trace *t, const struct trace_op *op, struct life *life,
                    struct demand *now) {
    uint64_t more = op->kind == TRACE_FREE ? 0 : trace_size(op->bytes);
    now->live += counted(more);
    now->live -= counted(life->bytes);
    raise(&t->peak, now->live);
    now->taken += trace_taken(counted(more));
    raise(&t->taken, now->taken);
    now->taken -= trace_taken(counted(life->bytes));
    *life = (struct life){.bytes = more, .ended = more == 0};
}

/* Only at the end of the file, when it is known that there are operations for so many ids. */
bool trace_settle(struct trace *t, struct complaint *c) {
    struct life *lives = calloc(t->ids + 1, sizeof *lives); /* + 1: the null pointer's */
    const char *what = NULL;
    struct demand now = {0};
    if (lives == NULL)
        return complain(c, 0, "out of memory");
    size_t i;
    for (i = 0; i < t->count; i++) {
        const struct trace_op *op = &t->ops[i];
        if ((what = misuse(op, &lives[op->id], op->id == t->ids)) != NULL)
            break;
        live_on(t, op, &lives[op->id], &now);
    }
    free(lives);
    return what == NULL ||
           complain(c, trace_line(t, i), "the id %" PRIu32 " is %s", t->ops[i].id, what);
}

bool trace_read(struct trace *t, struct input *in, struct progress *p, struct complaint *c) {
    struct reader r = {.input = in, .progress = p, .complaint = c};
    size_t count;
    *t = (struct trace){.first_line = HEADER_LINES + 1};
    return read_header(&r, t, &count) && read_operations(&r, t, count) && read_end(&r, count) &&
           trace_settle(t, c);
}

void trace_free(struct trace *t) {
    free(t->ops);
    t->ops = NULL;
}
