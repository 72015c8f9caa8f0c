/*
 * mlog.h - reads a process of a log of mem-run (log.h) as calls.
 *
 * An object's place is its address in the process. The callers' modules are known, too.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_MLOG_H
#define READ_MLOG_H

#include "read/reader.h"

#include "log.h"
#include "log_events.h"

extern const struct format mlog_format;

/* The image of a process with the most events; pid 0: of all processes. False when there is none:
 * then c says which there are. */
bool mlog_choose(const struct log *l, int32_t pid, uint32_t *image, struct complaint *c);

/* The state of a reader. */
struct mlog {
    struct log own; /* that it opened itself */
    struct mem_process image;
    struct log_events events;
};

/* A reader of an image of a log that is open, and stays so. NULL: c says what is wrong. */
struct mlog *mlog_begin(const struct log *l, uint32_t image, struct complaint *c);

#endif /* READ_MLOG_H */
