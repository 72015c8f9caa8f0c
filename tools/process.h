/*
 * process.h - the option --process, which names a process of a log.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PROCESS_H
#define PROCESS_H

#include "usage.h"

#include <stdint.h>

/* Reads the value of an option --process, a number from 1 on; says so if it is none. */
enum action process_parse(const char *text, int32_t *process);

#endif /* PROCESS_H */
