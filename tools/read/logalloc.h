/*
 * logalloc.h - reads the logs of Firefox's logalloc.
 *
 * A line a call: `PID TID FUNCTION(ARGUMENTS)=RESULT`, with the arguments as C has them, decimal
 * sizes, and hexadecimal addresses.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_LOGALLOC_H
#define READ_LOGALLOC_H

#include "read/reader.h"

extern const struct format logalloc_format;

#endif /* READ_LOGALLOC_H */
