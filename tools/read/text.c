/*
 * text.c - reads lines until there is a call.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/text.h"

#include <inttypes.h>
#include <stdlib.h>

void *text_begin(size_t bytes, struct input *in, int32_t process, struct complaint *c) {
    struct text *t = calloc(1, bytes);
    if (t == NULL) {
        complain(c, 0, "out of memory");
        return NULL;
    }
    lines_begin(&t->lines, in, LINES_ROOM - 1, false);
    t->process = (uint64_t)process;
    return t;
}

static enum reader_next end(const struct text *t, struct complaint *c) {
    if (t->process == 0 || t->is_found)
        return READER_END;
    complain(c, 0, "the recording has no process %" PRIu64, t->process);
    return READER_BAD;
}

enum reader_next text_next(void *state, text_take *take, struct call *call, struct complaint *c) {
    struct text *t = state;
    enum lines_next line;
    while ((line = lines_read(&t->lines, c)) == LINES_READ) {
        enum reader_next taken = take(state, call, c);
        if (taken != READER_END)
            return taken;
    }
    return line == LINES_END ? end(t, c) : READER_BAD;
}

bool text_is_wanted(struct text *t, uint64_t process) {
    if (t->process == 0)
        t->process = process;
    t->is_found |= t->process == process;
    return t->process == process;
}

enum reader_next text_broken(const struct text *t, const char *what, struct complaint *c) {
    complain(c, t->lines.number, "%s", what);
    return READER_BAD;
}

void text_tell(const void *state, struct origin *origin) {
    origin->pid = (long)((const struct text *)state)->process;
}
