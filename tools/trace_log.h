/*
 * trace_log.h - reads a process of a log as a trace.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TRACE_LOG_H
#define TRACE_LOG_H

#include "complaint.h"
#include "progress.h"
#include "trace.h"

#include <stdbool.h>
#include <stdint.h>

/* Reads a process, or for 0 that with the most events, as trace_read does. The file is the
 * caller's. */
bool trace_log_read(struct trace *t, int file, int32_t pid, struct progress *p,
                    struct complaint *c);

#endif /* TRACE_LOG_H */
