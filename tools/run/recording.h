/*
 * recording.h - the file of --record: what it is to become, by its name.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RECORDING_H
#define RECORDING_H

#include "usage.h"

#include <stdint.h>

/* The log as it is, or a trace of one process made of it, text or compressed. */
enum recording_kind { RECORDING_NONE, RECORDING_LOG, RECORDING_TRACE, RECORDING_XZ };

struct recording {
    const char *path; /* as the user named it */
    enum recording_kind kind;
    uint64_t bytes;  /* of the log, all given beforehand; 0: as many as come */
    int32_t process; /* whose trace it is; 0: that with the most events */
};

/* The least that --record-size takes. */
#define RECORDING_LEAST (UINT64_C(1) << 20)

/* Reads the value of --record; of --record-size. They say so if it is none. */
enum action recording_parse(const char *path, struct recording *r);
enum action recording_parse_size(const char *text, struct recording *r);

/* Says what does not go together. */
enum action recording_check(const struct recording *r);

#endif /* RECORDING_H */
