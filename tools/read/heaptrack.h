/*
 * heaptrack.h - reads what heaptrack --raw writes.
 *
 * Hexadecimal numbers throughout: `t ADDRESS PARENT` gives the next number to a call chain, `+ SIZE
 * CHAIN PLACE` allocates and `- PLACE` frees; `m LENGTH FILE ADDRESS` tells where a file was
 * loaded, with a start and a size for each of its segments behind, and `x LENGTH FILE` which one
 * the program is. Resizes are frees and allocations there, and alignments are not known. What
 * heaptrack has interpreted no longer tells which object was freed.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_HEAPTRACK_H
#define READ_HEAPTRACK_H

#include "read/reader.h"

extern const struct format heaptrack_format;

#endif /* READ_HEAPTRACK_H */
