/*
 * text.h - what the readers of text with a call a line have in common.
 *
 * The state of each begins with a struct text.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_TEXT_H
#define READ_TEXT_H

#include "read/lines.h"
#include "read/reader.h"

struct text {
    struct lines lines;
    uint64_t process; /* that is read, of formats that have several; 0: that of the first call */
    bool is_found;
};

/* A state of so many bytes, the rest of them 0; to be freed by free(). NULL: c says what is wrong.
 */
void *text_begin(size_t bytes, struct input *in, int32_t process, struct complaint *c);

/* What comes of the line at hand; READER_END when it comes to no call. */
typedef enum reader_next text_take(void *state, struct call *call, struct complaint *c);

/* Reads lines until one comes to a call, or is wrong. */
enum reader_next text_next(void *state, text_take *take, struct call *call, struct complaint *c);

/* Whether a call of that process is to be read. */
bool text_is_wanted(struct text *t, uint64_t process);

/* Complains of the line at hand. Always READER_BAD. */
enum reader_next text_broken(const struct text *t, const char *what, struct complaint *c);

/* For struct format. */
void text_tell(const void *state, struct origin *origin);

#endif /* READ_TEXT_H */
