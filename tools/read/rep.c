/*
 * rep.c - reads .rep files.
 *
 * Three layers: lines, what stands in a line, the file as a whole. White space around words and a
 * carriage return before the line end are allowed. Empty lines may follow the last operation, and
 * stand nowhere else.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/rep.h"

#include "read/lines.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_BYTES = 127 /* twice what the longest operation needs */
};

/* Numbers of ids and of operations: 32 bits hold an id. */
static const uint64_t COUNT_MAX = INT_MAX;

struct reader {
    struct lines lines;
    struct complaint *complaint;
    uint64_t ids;   /* by the header */
    uint64_t count; /* of operations, by the header */
    uint64_t done;  /* of them */
    const char *at; /* what of the line is still to be read */
};

#define wrong(r, ...) complain((r)->complaint, (r)->lines.number, __VA_ARGS__)

/* Lines */

static enum lines_next next_line(struct reader *r) {
    r->at = r->lines.text;
    return lines_read(&r->lines, r->complaint);
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

static bool read_kind(struct reader *r, enum call_kind *kind) {
    skip_blanks(r);
    switch (*r->at) {
    case 'a':
        *kind = CALL_ALLOC;
        break;
    case 'r':
        *kind = CALL_RESIZE;
        break;
    case 'f':
        *kind = CALL_FREE;
        break;
    default:
        return wrong(r, "an operation begins with a, r or f");
    }
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

static bool read_place(struct reader *r, struct call *call) {
    uint64_t id;
    if (call->kind == CALL_FREE && read_null(r))
        return word_ended(r) || wrong(r, "the id is not a number");
    if (!read_number(r, "the id", UINT32_MAX, &id))
        return false;
    call->place = call->from = id + 1;
    return id < r->ids || wrong(r,
                                "the id %" PRIu64 " is out of range: ids are below %" PRIu64
                                ", the smaller of lines 2 and 3",
                                id, r->ids);
}

static bool read_operation(struct reader *r, struct call *call) {
    *call = (struct call){.line = r->lines.number};
    return read_kind(r, &call->kind) && read_place(r, call) &&
           (call->kind == CALL_FREE || read_number(r, "the size", UINT64_MAX, &call->bytes)) &&
           end_line(r);
}

/* The file as a whole */

static bool begin_header_line(struct reader *r, const char *what) {
    switch (next_line(r)) {
    case LINES_BAD:
        return false;
    case LINES_END:
        return wrong(r, "the file ends before %s", what);
    case LINES_READ:
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

/* Every id takes an operation that allocates it. */
static bool read_header(struct reader *r) {
    if (!skip_header_line(r, "the number of heap bytes") ||
        !read_header_line(r, "the number of ids", COUNT_MAX, &r->ids) ||
        !read_header_line(r, "the number of operations", COUNT_MAX, &r->count) ||
        !skip_header_line(r, "the weight"))
        return false;
    if (r->ids > r->count)
        r->ids = r->count;
    return true;
}

static bool read_end(struct reader *r) {
    enum lines_next line;
    while ((line = next_line(r)) == LINES_READ)
        if (!line_ended(r))
            return wrong(r, "something follows the operations, of which line 3 counts %" PRIu64,
                         r->count);
    return line == LINES_END;
}

/* The format */

/* So do other formats of text; this one is asked last. */
static bool is_rep(const unsigned char *first, size_t count) {
    return count > 0 && strchr("0123456789 \t", first[0]) != NULL && first[0] != '\0' &&
           memchr(first, '\0', count) == NULL;
}

static void *begin(struct input *in, int32_t process, struct complaint *c) {
    (void)process;
    struct reader *r = malloc(sizeof *r);
    if (r == NULL) {
        complain(c, 0, "out of memory");
        return NULL;
    }
    *r = (struct reader){.complaint = c};
    lines_begin(&r->lines, in, LINE_BYTES, true);
    if (read_header(r))
        return r;
    free(r);
    return NULL;
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    struct reader *r = state;
    r->complaint = c;
    if (r->done == r->count)
        return read_end(r) ? READER_END : READER_BAD;
    switch (next_line(r)) {
    case LINES_BAD:
        return READER_BAD;
    case LINES_END:
        wrong(r, "the file ends after %" PRIu64 " of %" PRIu64 " operations", r->done, r->count);
        return READER_BAD;
    case LINES_READ:
        break;
    }
    r->done++;
    return read_operation(r, call) ? READER_CALL : READER_BAD;
}

const struct format rep_format = {
    .unit = "line", .is = is_rep, .begin = begin, .next = next, .end = free};
