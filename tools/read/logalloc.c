/*
 * logalloc.c - reads logs of logalloc.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/logalloc.h"

#include "read/signature.h"
#include "read/text.h"

#include <stdlib.h>

struct logalloc {
    struct text text;
};

/* ---- A line ---- */

static enum signature parse(const char *at, uint64_t *process, struct call *call) {
    uint64_t thread, result;
    bool has_result;
    if (!lines_decimal(&at, process) || !lines_take(&at, " ") || !lines_decimal(&at, &thread) ||
        !lines_take(&at, " "))
        return SIGNATURE_BROKEN;
    enum signature found = signature_take(&at, call, &has_result);
    if (found != SIGNATURE_CALL)
        return found;
    if (has_result && !(lines_take(&at, "=") && lines_address(&at, &result)))
        return SIGNATURE_BROKEN;
    if (has_result)
        signature_finish(call, result);
    return *at == '\0' ? SIGNATURE_CALL : SIGNATURE_BROKEN;
}

/* ---- The format ---- */

static bool is_call(const char *line) {
    uint64_t process;
    struct call call;
    return parse(line, &process, &call) == SIGNATURE_CALL;
}

static bool is_logalloc(const unsigned char *first, size_t count) {
    return lines_any(first, count, is_call);
}

static void *begin(struct input *in, int32_t process, struct complaint *c) {
    return text_begin(sizeof(struct logalloc), in, process, c);
}

static enum reader_next take(void *state, struct call *call, struct complaint *c) {
    struct logalloc *r = state;
    uint64_t process;
    if (r->text.lines.text[0] == '\0')
        return READER_END;
    enum signature found = parse(r->text.lines.text, &process, call);
    if (found == SIGNATURE_BROKEN)
        return text_broken(&r->text, "it is no line of logalloc", c);
    call->line = r->text.lines.number;
    return found == SIGNATURE_CALL && text_is_wanted(&r->text, process) ? READER_CALL : READER_END;
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    return text_next(state, take, call, c);
}

const struct format logalloc_format = {.unit = "line",
                                       .has_processes = true,
                                       .begins_late = true,
                                       .is = is_logalloc,
                                       .begin = begin,
                                       .next = next,
                                       .tell = text_tell,
                                       .end = free};
