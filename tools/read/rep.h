/*
 * rep.h - reads .rep files, the text format of the CS:APP malloc lab.
 *
 * Four lines: the heap bytes suggested, the number of ids, the number of operations, a weight. Then
 * the operations, one a line: `a ID BYTES`, `r ID BYTES`, `f ID`. Published traces have any number
 * from 0 up in the first line, which is not used, as the fourth is. `f -1` stands for free(NULL).
 * An object's place is its id, and 1; every id is below the smaller of the second and the third
 * line.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_REP_H
#define READ_REP_H

#include "read/reader.h"

extern const struct format rep_format;

#endif /* READ_REP_H */
