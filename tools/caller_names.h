/*
 * caller_names.h - names of callers, for people: what addr2line(1) says, where it is there.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CALLER_NAMES_H
#define CALLER_NAMES_H

#include "callers.h"

#include <stddef.h>
#include <stdint.h>

struct caller_name {
    uint32_t caller; /* its number; 0: not known */
    char text[160];  /* is cut where there is no room */
};

/*
 * Names some callers: "function (file.c:12)" where the file is there and has lines of its source;
 * else "prog+0x1189", as addr2line takes it, with the symbol before it, if there is one, in
 * brackets; or the address alone. Files are read as they are now.
 *
 * It takes a process of addr2line for each file, one at a time.
 */
void caller_names(const struct callers *c, struct caller_name *names, size_t count);

#endif /* CALLER_NAMES_H */
