/*
 * convert.h - what becomes of a log when the program has ended.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CONVERT_H
#define CONVERT_H

#include "collect.h"
#include "recording.h"

/* Says what is missing in the log, and makes a trace of it if that is asked for, which takes its
 * place. Returns status, or BROKEN when that cannot be done: then the log stays. */
int convert(const struct collection *c, const struct recording *r, int status);

#endif /* CONVERT_H */
