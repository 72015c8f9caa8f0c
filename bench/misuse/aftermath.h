/*
 * aftermath.h - a program that goes on as if nothing had happened.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef AFTERMATH_H
#define AFTERMATH_H

#include <stddef.h>
#include <stdint.h>

/* Allocates and frees objects of many sizes, many of them of so many bytes, and looks at all that
 * the program owns. In the end no object is left. */
void aftermath(size_t bytes, uint64_t seed);

#endif
