/*
 * outcome.h - what an experiment tells, line by line on stdout, and how it ends.
 *
 * A figure is a line `EXPERIMENT,CASE,METRIC,VALUE`. A line that starts with
 * `#` is a remark, for people.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef OUTCOME_H
#define OUTCOME_H

/* Exit statuses. */
enum {
    OUTCOME_DONE = 0,
    OUTCOME_FAILED = 1,   /* something is wrong */
    OUTCOME_LEFT_OUT = 3, /* cannot be measured, in later rounds neither */
};

void outcome_figure(const char *experiment, const char *which, const char *metric, double value);

/* Each tells why, and ends the process. */
_Noreturn void outcome_left_out(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void outcome_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
