/*
 * android.c - reads logs of record_allocs.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/android.h"

#include "read/text.h"

#include <stdlib.h>

struct android {
    struct text text;
};

/* ---- A line ---- */

enum function { MALLOC, CALLOC, REALLOC, MEMALIGN, FREE, DONE };

static bool take_function(const char **at, enum function *function) {
    static const struct {
        const char *name;
        enum function function;
    } names[] = {{"malloc ", MALLOC},     {"calloc ", CALLOC}, {"realloc ", REALLOC},
                 {"memalign ", MEMALIGN}, {"free ", FREE},     {"thread_done ", DONE}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (lines_take(at, names[i].name)) {
            *function = names[i].function;
            return true;
        }
    return false;
}

static bool take_decimals(const char **at, uint64_t *number, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!lines_take(at, " ") || !lines_decimal(at, &number[i]))
            return false;
    return true;
}

/* Behind the arguments, newer versions have two times, and of a free the bytes that it gave. */
static bool ends(const char *at) {
    uint64_t number;
    while (lines_take(&at, " "))
        if (!lines_decimal(&at, &number))
            return false;
    return *at == '\0';
}

static bool take_arguments(const char **at, enum function function, struct call *call) {
    uint64_t number[2];
    switch (function) {
    case MALLOC:
        return take_decimals(at, &call->bytes, 1);
    case CALLOC:
        if (!take_decimals(at, number, 2))
            return false;
        call->bytes = reader_product(number[0], number[1]);
        return true;
    case REALLOC:
        return lines_take(at, " ") && lines_address(at, &call->from) &&
               take_decimals(at, &call->bytes, 1);
    case MEMALIGN:
        if (!take_decimals(at, number, 2))
            return false;
        call->alignment = reader_alignment(number[0]);
        call->bytes = number[1];
        return true;
    default:
        return true;
    }
}

static enum call_kind kind_of(enum function function, const struct call *call) {
    if (function == FREE)
        return CALL_FREE;
    if (function == REALLOC && call->place == 0 && call->bytes == 0)
        return CALL_FREE;
    if (call->place == 0)
        return CALL_REFUSED;
    return function == REALLOC ? CALL_RESIZE : CALL_ALLOC;
}

static bool parse(const char *at, struct call *call, enum function *function) {
    uint64_t thread;
    *call = (struct call){.bytes = 0};
    if (!lines_decimal(&at, &thread) || !lines_take(&at, ": ") || !take_function(&at, function) ||
        !lines_address(&at, &call->place) || !take_arguments(&at, *function, call) || !ends(at))
        return false;
    call->kind = kind_of(*function, call);
    if (*function == REALLOC && call->kind == CALL_FREE)
        call->place = call->from;
    return true;
}

/* ---- The format ---- */

static bool is_call(const char *line) {
    struct call call;
    enum function function;
    return parse(line, &call, &function);
}

static bool is_android(const unsigned char *first, size_t count) {
    return lines_any(first, count, is_call);
}

static void *begin(struct input *in, int32_t process, struct complaint *c) {
    return text_begin(sizeof(struct android), in, process, c);
}

static enum reader_next take(void *state, struct call *call, struct complaint *c) {
    struct android *r = state;
    enum function function;
    if (r->text.lines.text[0] == '\0')
        return READER_END;
    if (!parse(r->text.lines.text, call, &function))
        return text_broken(&r->text, "it is no line of record_allocs", c);
    call->line = r->text.lines.number;
    return function != DONE ? READER_CALL : READER_END;
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    return text_next(state, take, call, c);
}

const struct format android_format = {.unit = "line",
                                      .begins_late = true,
                                      .is = is_android,
                                      .begin = begin,
                                      .next = next,
                                      .end = free};
