/*
 * mtrace.h - reads what glibc's mtrace(3) writes.
 *
 * A line a call: `@ CALLER + PLACE SIZE`, `@ CALLER - PLACE`; a resize is two, `@ CALLER < OLD` and
 * `@ CALLER > NEW SIZE`, or one that failed, `@ CALLER ! OLD SIZE`. The numbers are hexadecimal,
 * and the caller ends with its address in brackets, counted from where its file was loaded. So what
 * stands for a caller here has the number of the file above those 48 bits. Alignments are not
 * known, nor free(NULL).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef READ_MTRACE_H
#define READ_MTRACE_H

#include "read/reader.h"

extern const struct format mtrace_format;

#endif /* READ_MTRACE_H */
