/*
 * code_name.h - a place in a file of code, as debuggers name it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CODE_NAME_H
#define CODE_NAME_H

#include <stddef.h>
#include <stdint.h>

/* Writes "prog+0x1189" for an address that the symbols of a file have; file: NULL, if it is not
 * known. */
void code_name(char *text, size_t room, const char *file, uint64_t address);

#endif /* CODE_NAME_H */
