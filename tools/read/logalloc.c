/*
 * logalloc.c - reads logs of logalloc.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/logalloc.h"

#include "read/lines.h"
#include "read/signature.h"

#include <stdlib.h>

struct logalloc {
    struct lines lines;
    uint64_t process; /* that is read; 0: that of the first call */
    bool is_found;
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
    struct logalloc *r = calloc(1, sizeof *r);
    if (r == NULL) {
        complain(c, 0, "out of memory");
        return NULL;
    }
    lines_begin(&r->lines, in, LINES_ROOM - 1, false);
    r->process = (uint64_t)process;
    return r;
}

static bool is_of_process(struct logalloc *r, uint64_t process) {
    if (r->process == 0)
        r->process = process;
    r->is_found |= r->process == process;
    return r->process == process;
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    struct logalloc *r = state;
    enum lines_next line;
    while ((line = lines_read(&r->lines, c)) == LINES_READ) {
        uint64_t process;
        if (r->lines.text[0] == '\0')
            continue;
        switch (parse(r->lines.text, &process, call)) {
        case SIGNATURE_BROKEN:
            complain(c, r->lines.number, "it is no line of logalloc");
            return READER_BAD;
        case SIGNATURE_CALL:
            call->line = r->lines.number;
            if (is_of_process(r, process))
                return READER_CALL;
            break;
        default:
            break;
        }
    }
    return line == LINES_END ? reader_end(r->process, r->is_found, c) : READER_BAD;
}

static void tell(const void *state, struct origin *origin) {
    origin->pid = (long)((const struct logalloc *)state)->process;
}

const struct format logalloc_format = {.unit = "line",
                                       .has_processes = true,
                                       .begins_late = true,
                                       .is = is_logalloc,
                                       .begin = begin,
                                       .next = next,
                                       .tell = tell,
                                       .end = free};
