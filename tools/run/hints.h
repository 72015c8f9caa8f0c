/*
 * hints.h - why few calls may have arrived.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HINTS_H
#define HINTS_H

#include "report.h"

#include <stdbool.h>

/* For a program that is known to have a heap of its own, which a variable turns off: the variable
 * and its value. NULL for others, and when it is set so. */
const char *hints_variable(const struct row *row);

/* Whether the memory of the whole is elsewhere: no heap came near to what was resident at most. */
bool hints_elsewhere(const struct report *r);

#endif /* HINTS_H */
