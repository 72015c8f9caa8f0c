/*
 * picture.h - a picture of a trace by several styles: made, then written.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

#include "complaint.h"
#include "picture/svg.h"
#include "progress.h"
#include "status.h"

#include <stdbool.h>

enum { PICTURE_STAGES = 1 }; /* that picture_make enters, for progress_start */

/*
 * Replays the trace once by each style, which makes the panels. moves: a resize is an allocation, a
 * copy and a free. SERVED, whatever was refused; otherwise c says what went wrong. picture_end is
 * to be called in any case.
 */
enum status picture_make(struct svg *s, bool moves, struct progress *p, struct complaint *c);
void picture_end(struct svg *s);

/* Writes it to a file, which is there when it is whole. */
bool picture_write(const struct svg *s, const char *path, struct complaint *c);

#endif /* PICTURE_PICTURE_H */
