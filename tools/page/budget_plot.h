/*
 * budget_plot.h - what is refused against the size of the region, as SVG: a curve for each style,
 * which have signs of different shapes, so that they can be told apart in black and white.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_BUDGET_PLOT_H
#define PAGE_BUDGET_PLOT_H

#include "budget.h"
#include "style.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Whether there is anything to be drawn. */
bool budget_plot_can(const struct budget *b, uint64_t peak);

/* Requests, or the bytes that they asked for. peak: of live bytes, by which regions are divided. */
void budget_plot_requests(FILE *out, const struct budget *b, const struct styles *styles,
                          uint64_t peak);
void budget_plot_bytes(FILE *out, const struct budget *b, const struct styles *styles,
                       uint64_t peak);

#endif /* PAGE_BUDGET_PLOT_H */
