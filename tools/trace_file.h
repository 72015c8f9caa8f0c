/*
 * trace_file.h - a trace by the name that the user gives it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TRACE_FILE_H
#define TRACE_FILE_H

#include "complaint.h"
#include "progress.h"
#include "trace.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether it stands for standard input. */
bool trace_file_is_input(const char *path);

/* What messages and reports call it, in plain characters. It stands until the next call. */
const char *trace_file_name(const char *path);

enum { TRACE_FILE_STAGES = 1 }; /* that trace_file_read enters, for progress_start */

/* Reads it as trace_read does. */
bool trace_file_read(struct trace *t, const char *path, int32_t process, size_t keep,
                     struct progress *p, struct complaint *c);

#endif /* TRACE_FILE_H */
