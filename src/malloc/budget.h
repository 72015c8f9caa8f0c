/*
 * budget.h - how large the region may be when nobody says.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_BUDGET_H
#define MEM_MALLOC_BUDGET_H

#include <stdint.h>

#include "malloc/log.h"

struct mem_budget {
    uint64_t bytes;
    enum mem_limit limit; /* what set them */
};

/* The least of: the machine's memory, the limits of the process' control groups, half of what
 * RLIMIT_AS and RLIMIT_DATA leave the process now, and the most that a region can have. Calls
 * nothing that may allocate. Some system calls. */
struct mem_budget mem_budget_usual(void);

/* The least memory that a control group of this process, or one above it, is limited to;
 * UINT64_MAX if none is. In control_group.c. */
uint64_t mem_budget_control_group(void);

#endif
