/*
 * valgrind.c - reads logs of Valgrind.
 *
 * Valgrind writes a call when it begins, and the result when it is known: what the program writes
 * in between may tear them apart. Then the result has a line of its own.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/valgrind.h"

#include "read/signature.h"
#include "read/text.h"

#include <stdlib.h>
#include <string.h>

struct valgrind {
    struct text text;
    struct call pending; /* its result is to come, if is_pending */
    bool is_pending;
};

/* ---- A line ---- */

/* What the program has written without a newline may stand in front. Not `--PID:LEVEL:MODULE`,
 * which tells of other things. */
static bool take_process(const char **at, uint64_t *process) {
    for (const char *start = strstr(*at, "--"); start != NULL; start = strstr(start + 1, "--")) {
        const char *here = start;
        if (lines_take(&here, "--") && lines_decimal(&here, process) && lines_take(&here, "-- ")) {
            *at = here;
            return true;
        }
    }
    return false;
}

/* Whether what follows the process is the beginning of a call. */
static bool is_name(const char *at) {
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return length > 0 && at[length] == '(';
}

/* ---- The format ---- */

static bool is_call(const char *line) {
    uint64_t process;
    struct call call;
    bool has_result;
    return take_process(&line, &process) && is_name(line) &&
           signature_take(&line, &call, &has_result) == SIGNATURE_CALL;
}

static bool is_valgrind(const unsigned char *first, size_t count) {
    return lines_any(first, count, is_call);
}

static void *begin(struct input *in, int32_t process, struct complaint *c) {
    return text_begin(sizeof(struct valgrind), in, process, c);
}

static enum reader_next broken(const struct valgrind *r, struct complaint *c) {
    return text_broken(&r->text, "the call of --trace-malloc is not all there", c);
}

/* ` = RESULT`. */
static enum reader_next take_result(struct valgrind *r, const char *at, struct call *call,
                                    struct complaint *c) {
    uint64_t result;
    if (!r->is_pending || !lines_address(&at, &result) || *at != '\0')
        return broken(r, c);
    r->is_pending = false;
    *call = r->pending;
    signature_finish(call, result);
    return READER_CALL;
}

/* READER_END when the line comes to no call, or not yet. `realloc(OLD,0)free(OLD)` frees once. A
 * calloc of more bytes than there are has no result, and the next call follows it at once. */
static enum reader_next take_call(struct valgrind *r, const char *at, struct call *call,
                                  struct complaint *c) {
    bool has_result;
    switch (signature_take(&at, call, &has_result)) {
    case SIGNATURE_OTHER:
        return READER_END;
    case SIGNATURE_BROKEN:
        return broken(r, c);
    default:
        break;
    }
    call->line = r->text.lines.number;
    if (!has_result)
        return *at == '\0' ? READER_CALL : broken(r, c);
    r->pending = *call;
    r->is_pending = true;
    if (lines_take(&at, " = "))
        return take_result(r, at, call, c);
    if (*at == '\0' || lines_take(&at, "free("))
        return READER_END;
    return is_name(at) ? take_call(r, at, call, c) : broken(r, c);
}

static enum reader_next take(void *state, struct call *call, struct complaint *c) {
    struct valgrind *r = state;
    const char *at = r->text.lines.text;
    uint64_t process;
    if (!take_process(&at, &process))
        return READER_END;
    bool is_result = lines_take(&at, " = ");
    if ((!is_result && !is_name(at)) || !text_is_wanted(&r->text, process))
        return READER_END;
    return is_result ? take_result(r, at, call, c) : take_call(r, at, call, c);
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    return text_next(state, take, call, c);
}

const struct format valgrind_format = {.unit = "line",
                                       .has_processes = true,
                                       .begins_late = true,
                                       .is = is_valgrind,
                                       .begin = begin,
                                       .next = next,
                                       .tell = text_tell,
                                       .end = free};
