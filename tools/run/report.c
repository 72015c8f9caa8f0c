/*
 * report.c - the columns of the report.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "report.h"

#include "malloc/log.h"

#include <string.h>

const struct figure report_figures[REPORT_FIGURES] = {
    {"allocations", "allocs", offsetof(struct row, allocations)},
    {"frees", "frees", offsetof(struct row, frees)},
    {"peak", "peak", offsetof(struct row, peak)},
    {"live", "live", offsetof(struct row, live)},
    {"refused_full", "full", offsetof(struct row, full)},
    {"refused_fragmented", "fragm.", offsetof(struct row, fragmented)},
    {"largest_free", "largest", offsetof(struct row, largest_free)},
    {"foreign_frees", "foreign", offsetof(struct row, foreign)},
    {"bad_frees", "bad", offsetof(struct row, bad)},
    {"region_resident", "resident", offsetof(struct row, region_resident)},
    {"index_resident", "index", offsetof(struct row, index_resident)},
};

uint64_t report_figure(const struct row *row, size_t which) {
    uint64_t value;
    memcpy(&value, (const char *)row + report_figures[which].at, sizeof value);
    return value;
}

const char *report_standing(const struct row *row) {
    static const char *const words[] = {
        [EXITED] = "exited", [ENDED] = "ended", [REPLACED] = "exec", [ALIVE] = "alive"};
    return words[row->standing];
}

const char *report_limit(const struct row *row) {
    static const char *const words[] = {
        [MEM_LIMIT_GIVEN] = "--region",
        [MEM_LIMIT_MEMORY] = "memory of the machine",
        [MEM_LIMIT_CONTROL_GROUP] = "limit of the control group",
        [MEM_LIMIT_ADDRESS_SPACE] = "half of RLIMIT_AS or RLIMIT_DATA",
        [MEM_LIMIT_MOST] = "most that a region can have",
        [MEM_LIMIT_REFUSED] = "system refuses more",
    };
    return row->limit < sizeof words / sizeof words[0] ? words[row->limit] : "unknown";
}
