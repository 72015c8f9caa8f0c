/*
 * budget.c - how large the region may be when nobody says; see budget.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/budget.h"

#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "malloc/text.h"
#include "region/region.h"

static uint64_t machine_memory(void) {
    struct sysinfo info;
    return sysinfo(&info) == 0 ? (uint64_t)info.totalram * info.mem_unit : UINT64_MAX;
}

/* The bytes of address space that are taken already; 0 where /proc does not tell. */
static uint64_t mapped_bytes(void) {
    char text[64];
    uint64_t pages = 0;
    if (!mem_text_read("/proc/self/statm", text, sizeof text) || !mem_text_number(text, &pages))
        return 0;
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The other half is for all that a program maps itself, its stacks, libraries that it loads later,
 * and the region's index. */
static uint64_t half_of_address_space(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    uint64_t mapped = mapped_bytes();
    return limit.rlim_cur > mapped ? (limit.rlim_cur - mapped) / 2 : 0;
}

static void lower(struct mem_budget *budget, uint64_t bytes, enum mem_limit limit) {
    if (bytes < budget->bytes)
        *budget = (struct mem_budget){bytes, limit};
}

struct mem_budget mem_budget_usual(void) {
    struct mem_budget budget = {MEM_REGION_REQUEST_MAX, MEM_LIMIT_MOST};
    lower(&budget, machine_memory(), MEM_LIMIT_MEMORY);
    lower(&budget, mem_budget_control_group(), MEM_LIMIT_CONTROL_GROUP);
    lower(&budget, half_of_address_space(), MEM_LIMIT_ADDRESS_SPACE);
    return budget;
}
