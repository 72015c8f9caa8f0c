/*
 * budget.c - how large the region may be when nobody says; see budget.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/budget.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "malloc/text.h"
#include "region/region.h"

static uint64_t machine_memory(void) {
    struct sysinfo info;
    return sysinfo(&info) == 0 ? (uint64_t)info.totalram * info.mem_unit : UINT64_MAX;
}

/* Limits of what a process may map, and the field of /proc/self/statm with the pages that it has:
 * all of them, or those that are its own to write. */
static const struct {
    int resource;
    int field;
} address_limits[] = {{RLIMIT_AS, 0}, {RLIMIT_DATA, 5}};

/* The bytes in a field of a text of numbers of pages; 0 where there is none. */
static uint64_t pages_in(const char *text, int field) {
    uint64_t pages = 0;
    for (; field > 0 && text != NULL; field--)
        text = strchr(text + 1, ' ');
    if (text == NULL || !mem_text_number(text + (*text == ' '), &pages))
        return 0;
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The other half is for all that a program maps itself, its stacks, libraries that it loads later,
 * and the region's index. */
static uint64_t half_of_rest(int resource, uint64_t mapped) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur > mapped ? (limit.rlim_cur - mapped) / 2 : 0;
}

static uint64_t half_of_address_space(void) {
    char statm[128];
    uint64_t least = UINT64_MAX;
    if (!mem_text_read("/proc/self/statm", statm, sizeof statm))
        statm[0] = '\0';
    for (size_t i = 0; i < sizeof address_limits / sizeof address_limits[0]; i++) {
        uint64_t mapped = pages_in(statm, address_limits[i].field);
        uint64_t half = half_of_rest(address_limits[i].resource, mapped);
        least = half < least ? half : least;
    }
    return least;
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
