/*
 * mtrace.c - reads logs of mtrace.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/mtrace.h"

#include "read/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    FILES = 1024,     /* more are left out */
    ADDRESS_BITS = 48 /* of a caller */
};

struct mtrace {
    struct text text;
    uint64_t from; /* of a resize whose other line is to come; 0: there is none */
    char **files;  /* that callers lie in */
    size_t count;
    size_t last; /* the one that was found last */
};

/* ---- Files ---- */

static bool is_file(const struct mtrace *r, size_t number, const char *name, size_t length) {
    return strncmp(r->files[number], name, length) == 0 && r->files[number][length] == '\0';
}

static bool find_file(struct mtrace *r, const char *name, size_t length) {
    if (r->count > 0 && is_file(r, r->last, name, length))
        return true;
    for (r->last = 0; r->last < r->count; r->last++)
        if (is_file(r, r->last, name, length))
            return true;
    return false;
}

/* The number, from 1 up, of a file; 0 if it cannot be kept. */
static uint64_t file_number(struct mtrace *r, const char *name, size_t length) {
    if (find_file(r, name, length))
        return r->last + 1;
    char **files = r->count < FILES ? realloc(r->files, (r->count + 1) * sizeof *files) : NULL;
    r->last = 0;
    if (files == NULL)
        return 0;
    r->files = files;
    files[r->count] = strndup(name, length);
    if (files[r->count] == NULL)
        return 0;
    r->last = r->count++;
    return r->count;
}

/* ---- A line ---- */

struct event {
    char kind; /* + - < > ! */
    uint64_t place, bytes, caller;
    const char *file; /* that the caller lies in */
    size_t length;    /* of its name; 0: not known */
};

/* Sets the file: what stands before `:` or `:(FUNCTION+OFFSET)`, which ends there. */
static void take_file(struct event *event, const char *start, const char *end) {
    if (end > start && end[-1] == ')')
        while (end > start && *end != '(')
            end--;
    event->file = start;
    event->length = end > start && end[-1] == ':' ? (size_t)(end - 1 - start) : 0;
}

/* The address of `@ FILE:(FUNCTION+OFFSET)[ADDRESS] `, or of less; file names may hold anything, so
 * the last bracket counts. False when there is none. */
static bool take_caller(const char **at, struct event *event) {
    const char *end = strrchr(*at, ']');
    const char *start = end;
    while (end != NULL && start > *at && *start != '[')
        start--;
    if (end == NULL || *start != '[')
        return false;
    take_file(event, *at, start);
    start++;
    if (!lines_hex(&start, &event->caller) || start != end || end[1] != ' ')
        return false;
    *at = end + 2;
    return true;
}

static bool is_kind(char c) {
    return c == '+' || c == '-' || c == '<' || c == '>' || c == '!';
}

static bool has_size(char kind) {
    return kind == '+' || kind == '>' || kind == '!';
}

static bool parse(const char *at, struct event *event) {
    event->caller = 0;
    event->length = 0;
    if (lines_take(&at, "@ ") && !take_caller(&at, event))
        return false;
    event->kind = *at;
    if (!is_kind(*at) || at[1] != ' ')
        return false;
    at += 2;
    event->bytes = 0;
    return lines_address(&at, &event->place) &&
           (!has_size(event->kind) || (lines_take(&at, " ") && lines_hex(&at, &event->bytes))) &&
           *at == '\0';
}

/* The program's own lines are none: mtrace has a file for itself. */
static bool is_remark(const char *line) {
    return line[0] == '=' || line[0] == '\0';
}

/* ---- The format ---- */

static bool is_call(const char *line) {
    struct event event;
    return parse(line, &event);
}

static bool is_start(const char *line) {
    return strcmp(line, "= Start") == 0 || is_call(line);
}

static bool is_mtrace(const unsigned char *first, size_t count) {
    return lines_any(first, count, is_start);
}

static void *begin(struct input *in, int32_t process, struct complaint *c) {
    return text_begin(sizeof(struct mtrace), in, process, c);
}

static uint64_t caller_of(struct mtrace *r, const struct event *event) {
    uint64_t address = event->caller & ((UINT64_C(1) << ADDRESS_BITS) - 1);
    return event->length > 0 ? file_number(r, event->file, event->length) << ADDRESS_BITS | address
                             : address;
}

/* False when the line comes to no call. */
static bool make_call(struct mtrace *r, const struct event *event, struct call *call) {
    uint64_t from = r->from;
    *call = (struct call){.place = event->place,
                          .bytes = event->bytes,
                          .caller = caller_of(r, event),
                          .line = r->text.lines.number};
    r->from = event->kind == '<' ? event->place : 0;
    switch (event->kind) {
    case '+':
        call->kind = event->place != 0 ? CALL_ALLOC : CALL_REFUSED;
        return true;
    case '-':
        call->kind = CALL_FREE;
        return true;
    case '>':
        call->kind = CALL_RESIZE;
        call->from = from;
        return true;
    case '!':
        call->kind = CALL_REFUSED;
        return true;
    default:
        return false;
    }
}

static enum reader_next take(void *state, struct call *call, struct complaint *c) {
    struct mtrace *r = state;
    struct event event;
    if (is_remark(r->text.lines.text))
        return READER_END;
    if (!parse(r->text.lines.text, &event))
        return text_broken(&r->text, "it is no line of mtrace", c);
    return make_call(r, &event, call) ? READER_CALL : READER_END;
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    return text_next(state, take, call, c);
}

static bool code(const void *state, size_t number, struct code *code) {
    const struct mtrace *r = state;
    if (number >= r->count)
        return false;
    const uint64_t bytes = UINT64_C(1) << ADDRESS_BITS;
    *code = (struct code){(number + 1) * bytes, bytes, 0, false, r->files[number]};
    return true;
}

static void end(void *state) {
    struct mtrace *r = state;
    for (size_t i = 0; i < r->count; i++)
        free(r->files[i]);
    free(r->files);
    free(r);
}

const struct format mtrace_format = {.unit = "line",
                                     .begins_late = true,
                                     .is = is_mtrace,
                                     .begin = begin,
                                     .next = next,
                                     .code = code,
                                     .end = end};
