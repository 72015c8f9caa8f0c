/*
 * place.h - where a call came from, as people and debuggers name it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PLACE_H
#define PLACE_H

#include "malloc/log.h"

#include <stddef.h>

/* The return address of what was refused: "prog+0x1189", as addr2line takes it, or its number, if
 * its module is not known. */
void place_name(char *text, size_t room, const struct mem_refusal *refusal);

#endif /* PLACE_H */
