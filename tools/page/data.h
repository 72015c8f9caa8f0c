/*
 * data.h - what the script of a page reads, as an element with JSON: `<` is escaped in it, so that
 * nothing that a trace says ends the element.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_DATA_H
#define PAGE_DATA_H

#include "page/fit.h"
#include "page/known.h"
#include "picture/svg.h"

#include <stdbool.h>
#include <stdio.h>

/* False when memory is short. */
bool data_write(FILE *out, const struct svg *svg, const struct known *known, const struct fit *fit);

#endif /* PAGE_DATA_H */
