/*
 * twin_survey.c - what the library tells of a region; see twin_survey.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include "twin_survey.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "twin_list.h"

enum {
    FIGURES_ALWAYS = 64,    /* up to so many chunks the figures are compared each time, */
    FIGURES_INTERVAL = 256, /* above only every so many operations, */
    SURVEY_INTERVAL = 1024, /* and everything every so many, */
    MANY_OBJECTS = 2048,    /* or, with so many objects, */
    MANY_INTERVAL = 16384,  /* every so many */
};

/* ---- Figures ---- */

static void check_figure(const struct twin *twin, const char *name, unsigned long long expected,
                         unsigned long long got) {
    char texts[2][TEXT];
    if (expected == got)
        return;
    snprintf(texts[0], TEXT, "Mem_GetStats() shows %s %llu then", name, expected);
    snprintf(texts[1], TEXT, "%llu", got);
    report_difference(twin->log, texts[0], texts[1]);
}

static void check_stats(const struct twin *twin) {
    struct Mem_Stats model, got;
    int error;
    memset(&got, 0xa5, sizeof got);
    int status = calls_get_stats(twin->region, &got, &error);
    if (status != 0 || error != CANARY)
        report_difference(twin->log, "Mem_GetStats() 0, m_error unchanged then",
                          report_error(error));
    model_stats(&twin->model, &model);
    check_figure(twin, "region_bytes", model.region_bytes, got.region_bytes);
    check_figure(twin, "index_bytes", twin->index_bytes, got.index_bytes);
    check_figure(twin, "live_bytes", model.live_bytes, got.live_bytes);
    check_figure(twin, "live_blocks", model.live_blocks, got.live_blocks);
    check_figure(twin, "peak_live_bytes", model.peak_live_bytes, got.peak_live_bytes);
    check_figure(twin, "free_bytes", model.free_bytes, got.free_bytes);
    check_figure(twin, "free_chunks", model.free_chunks, got.free_chunks);
    check_figure(twin, "largest_free", model.largest_free, got.largest_free);
    check_figure(twin, "allocations", model.allocations, got.allocations);
    check_figure(twin, "frees", model.frees, got.frees);
    check_figure(twin, "refused", model.refused, got.refused);
    check_figure(twin, "bad_frees", model.bad_frees, got.bad_frees);
    for (size_t i = 0; i < sizeof got.reserved / sizeof got.reserved[0]; i++)
        check_figure(twin, "a reserved field", 0, got.reserved[i]);
}

/* ---- Objects ---- */

void twin_survey_size(const struct twin *twin, struct span object) {
    const struct operation op = {.call = CALL_SIZE,
                                 .pointer = (uintptr_t)(twin->base + object.offset)};
    struct outcome got = calls_do(twin->region, &op);
    uint64_t expected = twin_size_shown(twin, object);
    char texts[2][TEXT];
    if (got.value == expected && got.error == CANARY)
        return;
    snprintf(texts[0], TEXT, "the object at region %u + %" PRIu64 " has the size %" PRIu64 " then",
             twin->number, object.offset, expected);
    snprintf(texts[1], TEXT, "%" PRIdPTR ", m_error %s", (intptr_t)got.value,
             report_error(got.error));
    report_difference(twin->log, texts[0], texts[1]);
}

static void check_objects(const struct twin *twin) {
    for (size_t i = 0; i < twin->model.live.count; i++) {
        twin_survey_size(twin, twin->model.live.at[i]);
        twin_check_object(twin, twin->model.live.at[i]);
    }
}

/* ---- Blocks ---- */

static void describe_block(char text[TEXT], const struct twin *twin,
                           const struct Mem_Block *block) {
    char address[TEXT];
    report_address(address, twin->log, (uintptr_t)block->address);
    snprintf(text, TEXT, "a walk shows %s at %.60s, %zu bytes",
             block->live ? "an object" : "a chunk", address, block->size);
}

/* The block that a walk has to show next. */
static bool block_due(const struct tour *tour, struct Mem_Block *block) {
    const struct twin *twin = tour->twin;
    struct span span;
    bool live;
    if (!model_block_from(&twin->model, tour->reached, &span, &live))
        return false;
    *block = (struct Mem_Block){twin->base + span.offset, span.size, live};
    return true;
}

void twin_survey_visit(struct tour *tour, const struct Mem_Block *block) {
    struct Mem_Block due;
    char texts[2][TEXT] = {"the walk has ended"};
    bool more = block_due(tour, &due);
    if (more && block->address == due.address && block->size == due.size &&
        block->live == due.live) {
        tour->reached = (size_t)((char *)block->address - tour->twin->base) + block->size;
        return;
    }
    if (more)
        describe_block(texts[0], tour->twin, &due);
    describe_block(texts[1], tour->twin, block);
    report_difference(tour->twin->log, texts[0], texts[1]);
}

int twin_survey_walk(struct tour *tour, calls_visitor *visit, void *context) {
    struct Mem_Block due;
    int error;
    int status = calls_walk(tour->twin->region, visit, context, &error);
    if (status == 0 && block_due(tour, &due)) {
        char text[TEXT];
        describe_block(text, tour->twin, &due);
        report_difference(tour->twin->log, text, "the walk has ended");
    }
    return status;
}

static int visit_only(const struct Mem_Block *block, void *context) {
    twin_survey_visit(context, block);
    return 0;
}

static void check_blocks(struct twin *twin) {
    struct tour tour = {.twin = twin};
    if (twin_survey_walk(&tour, visit_only, &tour) != 0)
        report_difference(twin->log, "a walk returns 0 then", "another value");
}

/* ---- All ---- */

void twin_survey(struct twin *twin) {
    twin_list_check_all(twin);
    check_stats(twin);
    check_objects(twin);
    check_blocks(twin);
}

void twin_survey_now_and_then(struct twin *twin) {
    uint64_t operations = twin->log->operations;
    bool many = twin->model.live.count >= MANY_OBJECTS;
    if (!twin->base)
        return;
    if (operations % (many ? MANY_INTERVAL : SURVEY_INTERVAL) == 0)
        twin_survey(twin);
    else if (operations % FIGURES_INTERVAL == 0 || twin->model.free.count <= FIGURES_ALWAYS)
        check_stats(twin);
}

static void check_refusal(const struct twin *twin, const char *expected, bool refused, int error) {
    if (!refused || error != E_BAD_ARGS)
        report_difference(twin->log, expected, report_error(error));
}

void twin_survey_without_region(struct twin *twin) {
    const struct operation trim = {.call = CALL_TRIM};
    struct Mem_Stats stats;
    struct tour tour = {.twin = twin};
    int error;
    int status = calls_get_stats(NULL, &stats, &error);
    check_refusal(twin, "Mem_GetStats() -1, m_error E_BAD_ARGS then", status == -1, error);
    status = calls_walk(NULL, visit_only, &tour, &error);
    check_refusal(twin, "Mem_Walk() -1, m_error E_BAD_ARGS then", status == -1, error);
    status = calls_check(NULL, &error);
    check_refusal(twin, "Mem_Check() -1, m_error E_BAD_ARGS then", status == -1, error);
    struct outcome outcome = calls_do(NULL, &trim);
    check_refusal(twin, "Mem_Trim() 0, m_error E_BAD_ARGS then", outcome.value == 0, outcome.error);
    if (Mem_DefaultRegion())
        report_difference(twin->log, "Mem_DefaultRegion() NULL then", "a region");
}
