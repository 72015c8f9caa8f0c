/*
 * android.h - reads what Android's malloc debug option record_allocs writes.
 *
 * A line a call: `TID: FUNCTION PLACE ARGUMENTS`, and perhaps times behind them: `malloc PLACE
 * SIZE`, `calloc PLACE COUNT SIZE`, `realloc NEW OLD SIZE`, `memalign PLACE ALIGNMENT SIZE`, `free
 * PLACE`, `thread_done 0x0`.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_ANDROID_H
#define READ_ANDROID_H

#include "read/reader.h"

extern const struct format android_format;

#endif /* READ_ANDROID_H */
