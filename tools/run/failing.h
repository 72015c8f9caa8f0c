/*
 * failing.h - the options --fail-after, --fail-sweep and --by-caller: which allocations of the
 * program are refused.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef FAILING_H
#define FAILING_H

#include "usage.h"

#include "malloc/log.h"

#include <stdbool.h>
#include <stdint.h>

struct failing {
    enum mem_refusing kind; /* of the run; MEM_REFUSING_NONE: no allocation is refused */
    uint64_t number;
    bool sweep; /* many runs, each with one allocation refused, */
    uint64_t first;
    uint64_t last;  /* from that to that number; 0: to the last */
    bool by_caller; /* but only the first of each place */
};

/* Read the values of the options; NULL if --fail-sweep has none. They say so if one is wrong. */
enum action failing_parse_after(const char *text, struct failing *f);
enum action failing_parse_sweep(const char *text, struct failing *f);

/* Says what does not go together. */
enum action failing_check(const struct failing *f);

#endif /* FAILING_H */
