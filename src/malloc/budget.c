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

/* Fields of /proc/self/statm: the pages that the process has mapped, and those of them that are its
 * own to write. */
enum { MAPPED = 0, WRITABLE = 5 };

/* The bytes in a field of a text of numbers of pages; 0 where there is none. */
static uint64_t pages_in(const char *text, int field) {
    uint64_t pages = 0;
    for (; field > 0 && text != NULL; field--)
        text = strchr(text + 1, ' ');
    if (text == NULL || !mem_text_number(text + (*text == ' '), &pages))
        return 0;
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* 0 where /proc is missing. */
static uint64_t mapped_bytes(int field) {
    char statm[128];
    return mem_text_read("/proc/self/statm", statm, sizeof statm) ? pages_in(statm, field) : 0;
}

/* Half of what a limit of what the process may map leaves. The other half is for all that a program
 * maps itself, its stacks, libraries that it loads later, and the region's index. What is mapped is
 * asked only if there is a limit, which is rare: each process pays for it. */
static uint64_t half_of_rest(int resource, int field) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    uint64_t mapped = mapped_bytes(field);
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
    lower(&budget, half_of_rest(RLIMIT_AS, MAPPED), MEM_LIMIT_ADDRESS_SPACE);
    lower(&budget, half_of_rest(RLIMIT_DATA, WRITABLE), MEM_LIMIT_ADDRESS_SPACE);
    return budget;
}
