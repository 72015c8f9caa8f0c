/*
 * report.h - where a run has got to, and what is said when it goes wrong.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

#include "calls.h"

enum {
    REGIONS_MOST = 8,         /* of a run, by number; the default one is 0 */
    NO_REGION = REGIONS_MOST, /* the number of one that is never made */
    NUMBERS,
};

enum region_kind { KIND_DEFAULT, KIND_CREATED, KIND_PLACED };

struct ground {
    uintptr_t base; /* of the region; 0: there is none */
    size_t bytes;
    enum region_kind kind;
};

/* It lies in memory shared with the parent process, which can report it when the
 * run has crashed. */
struct run_log {
    uint64_t operations; /* begun so far */
    struct operation operation;
    unsigned region;               /* the number of the region that it is done to */
    struct ground ground[NUMBERS]; /* the regions by number */
    bool ends;        /* what is done after the last operation is not counted any more */
    char origin[300]; /* the command that repeats the run, without --operations */
};

enum { TEXT = 128, LONG_TEXT = 400 };

/* Addresses are told as offsets: they are the same when a run is repeated. */
void report_address(char text[TEXT], const struct run_log *log, uintptr_t address);

/* "E_NO_SPACE" and so on; "unchanged" for CANARY. */
const char *report_error(int error);

/* Says where a run went wrong, and how to see it again. */
void report(const struct run_log *log, const char *expected, const char *got);

/* The same, and ends the process. */
_Noreturn void report_difference(const struct run_log *log, const char *expected, const char *got);

/* The same, if an operation had another outcome than expected. */
void report_if_different(const struct run_log *log, struct outcome expected, struct outcome got);

#endif
