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

struct mtrace {
    struct text text;
    uint64_t from; /* of a resize whose other line is to come; 0: there is none */
};

/* ---- A line ---- */

/* The address of `@ FILE:(FUNCTION+OFFSET)[ADDRESS] `, or of less; file names may hold anything, so
 * the last bracket counts. False when there is none. */
static bool take_caller(const char **at, uint64_t *caller) {
    const char *end = strrchr(*at, ']');
    const char *start = end;
    while (end != NULL && start > *at && *start != '[')
        start--;
    if (end == NULL || *start != '[')
        return false;
    start++;
    if (!lines_hex(&start, caller) || start != end || end[1] != ' ')
        return false;
    *at = end + 2;
    return true;
}

struct event {
    char kind; /* + - < > ! */
    uint64_t place, bytes, caller;
};

static bool is_kind(char c) {
    return c == '+' || c == '-' || c == '<' || c == '>' || c == '!';
}

static bool has_size(char kind) {
    return kind == '+' || kind == '>' || kind == '!';
}

static bool parse(const char *at, struct event *event) {
    event->caller = 0;
    if (lines_take(&at, "@ ") && !take_caller(&at, &event->caller))
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

/* False when the line comes to no call. */
static bool make_call(struct mtrace *r, const struct event *event, struct call *call) {
    uint64_t from = r->from;
    *call = (struct call){.place = event->place,
                          .bytes = event->bytes,
                          .caller = event->caller,
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

const struct format mtrace_format = {.unit = "line",
                                     .begins_late = true,
                                     .is = is_mtrace,
                                     .begin = begin,
                                     .next = next,
                                     .end = free};
