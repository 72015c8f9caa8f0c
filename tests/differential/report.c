/*
 * report.c - operations, addresses and results as text; see report.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SHORT_TEXT = 24 };

/* The number of the region that the address lies in, or else of the current one. */
static unsigned home_of(const struct run_log *log, uintptr_t address) {
    for (unsigned i = 0; i < REGIONS_MOST; i++)
        if (log->ground[i].base != 0 && address - log->ground[i].base < log->ground[i].bytes)
            return i;
    return log->region;
}

void report_address(char text[TEXT], const struct run_log *log, uintptr_t address) {
    unsigned home = home_of(log, address);
    uintptr_t base = log->ground[home].base;
    if (address == 0)
        snprintf(text, TEXT, "NULL");
    else if (address >= base)
        snprintf(text, TEXT, "region %u + %" PRIuPTR, home, address - base);
    else
        snprintf(text, TEXT, "region %u - %" PRIuPTR, home, base - address);
}

const char *report_error(int error) {
    switch (error) {
    case CANARY:
        return "unchanged";
    case E_NO_SPACE:
        return "E_NO_SPACE";
    case E_CORRUPT_FREESPACE:
        return "E_CORRUPT_FREESPACE";
    case E_BAD_ARGS:
        return "E_BAD_ARGS";
    case E_BAD_POINTER:
        return "E_BAD_POINTER";
    case E_NO_MEMORY:
        return "E_NO_MEMORY";
    default:
        return "no error of the library";
    }
}

/* ---- The operation ---- */

static bool is_on_default(const struct run_log *log) {
    return log->ground[log->region].kind == KIND_DEFAULT;
}

static void describe_number(char text[SHORT_TEXT], const struct run_log *log, int64_t number) {
    if (is_on_default(log))
        snprintf(text, SHORT_TEXT, "%d", (int)number);
    else
        snprintf(text, SHORT_TEXT, "%zu", (size_t)number);
}

static void describe_style(char text[SHORT_TEXT], int style) {
    if (style == FIRSTFIT)
        snprintf(text, SHORT_TEXT, "FIRSTFIT");
    else if (style == WORSTFIT)
        snprintf(text, SHORT_TEXT, "WORSTFIT");
    else if (style == BESTFIT)
        snprintf(text, SHORT_TEXT, "BESTFIT");
    else
        snprintf(text, SHORT_TEXT, "%d", style);
}

static void describe_arguments(char text[LONG_TEXT], const struct run_log *log) {
    const struct operation *op = &log->operation;
    char size[SHORT_TEXT], count[SHORT_TEXT], alignment[SHORT_TEXT], style[SHORT_TEXT];
    char address[TEXT];
    describe_number(size, log, op->size);
    describe_number(count, log, op->count);
    describe_number(alignment, log, op->alignment);
    describe_style(style, op->style);
    report_address(address, log, op->pointer);
    *text = '\0';
    if (op->call == CALL_INIT || op->call == CALL_CREATE)
        snprintf(text, LONG_TEXT, "%s", size);
    else if (op->call == CALL_PLACE)
        snprintf(text, LONG_TEXT, "memory, %s", size);
    else if (op->call == CALL_ALLOC)
        snprintf(text, LONG_TEXT, "%s, %s", size, style);
    else if (op->call == CALL_CALLOC)
        snprintf(text, LONG_TEXT, "%s, %s, %s", count, size, style);
    else if (op->call == CALL_ALIGNED)
        snprintf(text, LONG_TEXT, "%s, %s, %s", alignment, size, style);
    else if (op->call == CALL_RESIZE)
        snprintf(text, LONG_TEXT, "%s, %s, %s", address, size, style);
    else if (op->call == CALL_FREE || op->call == CALL_SIZE)
        snprintf(text, LONG_TEXT, "%s", address);
}

static void describe_operation(char text[LONG_TEXT], const struct run_log *log) {
    enum call call = log->operation.call;
    char arguments[LONG_TEXT];
    describe_arguments(arguments, log);
    if (call == CALL_NONE)
        snprintf(text, LONG_TEXT, "none yet");
    else
        snprintf(text, LONG_TEXT, "Mem_%s%s(%.300s)",
                 is_on_default(log) && call != CALL_DESTROY ? "" : "Region", calls_name(call),
                 arguments);
}

static void describe_ground(char text[TEXT], const struct run_log *log) {
    static const char *const kinds[] = {"default", "created", "placed"};
    const struct ground *ground = &log->ground[log->region];
    if (ground->base == 0)
        snprintf(text, TEXT, "%u, %s, none yet", log->region, kinds[ground->kind]);
    else
        snprintf(text, TEXT, "%u, %s, %zu bytes, this time at %#" PRIxPTR, log->region,
                 kinds[ground->kind], ground->bytes, ground->base);
}

void report(const struct run_log *log, const char *expected, const char *got) {
    char operation[LONG_TEXT], ground[TEXT];
    describe_operation(operation, log);
    describe_ground(ground, log);
    fprintf(stderr,
            "differential: difference %s operation %" PRIu64 "\n"
            "  operation: %s\n"
            "  region:    %s\n"
            "  expected:  %s\n"
            "  got:       %s\n"
            "  again:     %s --operations %" PRIu64 "\n",
            log->ends ? "at the end, after" : "at", log->operations, operation, ground, expected,
            got, log->origin, log->operations);
}

void report_difference(const struct run_log *log, const char *expected, const char *got) {
    report(log, expected, got);
    _exit(EXIT_FAILURE);
}

static void describe_outcome(char text[TEXT], const struct run_log *log, struct outcome outcome) {
    enum call call = log->operation.call;
    char value[TEXT];
    if (call == CALL_CREATE || call == CALL_PLACE)
        snprintf(value, TEXT, "%s", outcome.value ? "a region" : "NULL");
    else if (calls_return_pointer(call))
        report_address(value, log, outcome.value);
    else
        snprintf(value, TEXT, "%" PRIdPTR, (intptr_t)outcome.value);
    snprintf(text, TEXT, "%.60s, m_error %s", value, report_error(outcome.error));
}

void report_if_different(const struct run_log *log, struct outcome expected, struct outcome got) {
    char texts[2][TEXT];
    if (expected.value == got.value && expected.error == got.error)
        return;
    describe_outcome(texts[0], log, expected);
    describe_outcome(texts[1], log, got);
    report_difference(log, texts[0], texts[1]);
}
