/*
 * family.h - what every file that defines functions of the malloc family has: they are the only
 * names that the module exports, and none may be turned into another by a macro of libc.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_FAMILY_H
#define MEM_MALLOC_FAMILY_H

#include <stddef.h>

#define MEM_FAMILY __attribute__((visibility("default")))

/* One more name for a function of the same file, with what libc's headers promise of the first. */
#if defined __has_attribute && __has_attribute(copy)
#define MEM_FAMILY_ALIAS(name) MEM_FAMILY __attribute__((alias(#name), copy(name)))
#else
#define MEM_FAMILY_ALIAS(name) MEM_FAMILY __attribute__((alias(#name)))
#endif

/* In a function of the family: where it was called from; and with its name, for the line about its
 * misuse. */
#define MEM_FAMILY_CALLER __builtin_return_address(0)
#define MEM_FAMILY_CALL ((struct mem_misuse_call){__func__, MEM_FAMILY_CALLER})

#endif
