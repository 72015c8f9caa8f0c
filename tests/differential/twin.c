/*
 * twin.c - operations done twice; see twin.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h" /* asks libc for all it has: it must come first */

#include "twin.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "contents.h"
#include "twin_list.h"
#include "twin_survey.h"

/* ---- What the model answers ---- */

static size_t offset_of(const struct twin *twin, uintptr_t pointer) {
    return pointer - (uintptr_t)twin->base;
}

static struct outcome status_of(int error) {
    return error ? (struct outcome){(uintptr_t)-1, error} : (struct outcome){0, CANARY};
}

static struct outcome object_or(const struct twin *twin, int error, size_t offset) {
    if (error)
        return (struct outcome){0, error};
    return (struct outcome){(uintptr_t)(twin->base + offset), CANARY};
}

/* A number as the call gets it, an int or a size_t; 0 if it is not positive. */
static uint64_t as_given(const struct twin *twin, int64_t number) {
    if (twin->region)
        return (size_t)number;
    return (int)number > 0 ? (uint64_t)(int)number : 0;
}

/* The bytes that a Mem_Calloc asks for; 0 if they overflow its type. */
static uint64_t product(const struct twin *twin, const struct operation *op) {
    uint64_t count = as_given(twin, op->count);
    uint64_t size = as_given(twin, op->size);
    uint64_t most = twin->region ? SIZE_MAX : INT_MAX;
    return count == 0 || size > most / count ? 0 : count * size;
}

static struct outcome resize_model(struct twin *twin, const struct operation *op) {
    uint64_t size = as_given(twin, op->size);
    size_t now = 0;
    int error = op->pointer == 0 ? model_alloc(&twin->model, size, op->style, &now)
                                 : model_resize(&twin->model, offset_of(twin, op->pointer), size,
                                                op->style, &now);
    return object_or(twin, error, now);
}

uint64_t twin_size_shown(const struct twin *twin, struct span object) {
    bool fits = twin->region || object.size <= INT_MAX;
    return fits ? object.size : INT_MAX / GRANULE * GRANULE;
}

static struct outcome size_in_model(const struct twin *twin, const struct operation *op) {
    size_t offset = offset_of(twin, op->pointer);
    if (op->pointer == 0 || !model_is_live(&twin->model, offset))
        return (struct outcome){twin->region ? 0 : (uintptr_t)-1, E_BAD_POINTER};
    return (struct outcome){twin_size_shown(twin, model_object(&twin->model, offset)), CANARY};
}

static struct outcome pages_of_model(const struct twin *twin) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    bool placed = twin->kind == KIND_PLACED;
    return (struct outcome){placed ? 0 : model_free_pages(&twin->model, page), CANARY};
}

static struct outcome ask_model(struct twin *twin, const struct operation *op) {
    uint64_t size = as_given(twin, op->size);
    size_t offset = 0;
    int error;
    switch (op->call) {
    case CALL_ALLOC:
        error = model_alloc(&twin->model, size, op->style, &offset);
        return object_or(twin, error, offset);
    case CALL_CALLOC:
        error = model_alloc(&twin->model, product(twin, op), op->style, &offset);
        return object_or(twin, error, offset);
    case CALL_ALIGNED:
        error =
            model_aligned(&twin->model, as_given(twin, op->alignment), size, op->style, &offset);
        return object_or(twin, error, offset);
    case CALL_RESIZE:
        return resize_model(twin, op);
    case CALL_FREE:
        if (op->pointer == 0)
            return status_of(0);
        return status_of(model_free(&twin->model, offset_of(twin, op->pointer)));
    case CALL_SIZE:
        return size_in_model(twin, op);
    case CALL_TRIM:
        return pages_of_model(twin);
    default:
        return status_of(E_BAD_ARGS); /* a second Mem_Init */
    }
}

/* ---- Contents ---- */

static char *address_of(const struct twin *twin, struct span object) {
    return twin->base + object.offset;
}

static void stamp(const struct twin *twin, struct span object) {
    twin_survey_size(twin, object);
    contents_write(address_of(twin, object), object.id, object.size);
}

/* An object that was stamped when it had `written` bytes, and has been resized to `size`. */
static void check_contents(const struct twin *twin, struct span object, size_t written,
                           size_t size) {
    if (!contents_are_right(address_of(twin, object), object.id, written, size))
        report_difference(twin->log, "the object as it was written", "other contents");
}

void twin_check_object(const struct twin *twin, struct span object) {
    check_contents(twin, object, object.size, object.size);
}

static void check_all_contents(const struct twin *twin) {
    for (size_t i = 0; i < twin->model.live.count; i++)
        twin_check_object(twin, twin->model.live.at[i]);
}

/* Gives back the whole pages between two offsets. */
static void give_back(const struct twin *twin, size_t from, size_t to) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)twin->base + from + page - 1) & ~(page - 1);
    uintptr_t last = ((uintptr_t)twin->base + to) & ~(page - 1);
    if (first < last)
        madvise((void *)first, last - first, MADV_DONTNEED);
}

/* The pages between the stamps. */
static void give_back_object(const struct twin *twin, struct span object) {
    size_t granule = 0;
    while (granule < object.size / GRANULE) {
        size_t next = contents_stamp_after(granule, object.size);
        give_back(twin, object.offset + (granule + 1) * GRANULE, object.offset + next * GRANULE);
        granule = next;
    }
}

void twin_give_back_pages(const struct twin *twin) {
    for (size_t i = 0; i < twin->model.free.count; i++)
        give_back(twin, twin->model.free.at[i].offset + GRANULE, span_end(twin->model.free.at[i]));
    for (size_t i = 0; i < twin->model.live.count; i++)
        give_back_object(twin, twin->model.live.at[i]);
}

/* ---- Operations ---- */

void twin_begin(struct twin *twin, const struct operation *op) {
    struct run_log *log = twin->log;
    log->operation = *op;
    log->region = twin->number;
    log->operations += !log->ends;
}

/* Does the operation with both, compares the outcomes, and returns them. */
static struct outcome perform(struct twin *twin, const struct operation *op) {
    struct outcome expected = ask_model(twin, op);
    report_if_different(twin->log, expected, calls_do(twin->region, op));
    return expected;
}

/* The end of each operation. */
static void check(struct twin *twin, struct change change) {
    twin_list_check_change(twin, change);
    twin_list_check(twin);
    twin_survey_now_and_then(twin);
}

/* An operation that changes no object. */
static struct outcome perform_and_check(struct twin *twin, const struct operation *op) {
    twin_begin(twin, op);
    struct outcome outcome = perform(twin, op);
    check(twin, twin_list_no_change);
    return outcome;
}

/* An operation that makes an object, or fails. */
static bool allocate(struct twin *twin, const struct operation *op) {
    twin_begin(twin, op);
    struct outcome outcome = perform(twin, op);
    if (outcome.value == 0) {
        check(twin, twin_list_no_change);
        return false;
    }
    size_t offset = offset_of(twin, outcome.value);
    struct span object = model_object(&twin->model, offset);
    twin->newest = offset;
    if (op->call == CALL_CALLOC &&
        !contents_are_zero(address_of(twin, object), (size_t)product(twin, op)))
        report_difference(twin->log, "an object of zeroes", "other contents");
    stamp(twin, object);
    check(twin, op->call == CALL_ALIGNED ? twin_list_changed_by_aligned(twin, offset)
                                         : twin_list_changed_by_alloc(twin, offset));
    return true;
}

bool twin_init(struct twin *twin, int size) {
    const struct operation op = {.call = CALL_INIT, .size = size};
    return perform_and_check(twin, &op).value == 0;
}

bool twin_alloc(struct twin *twin, int64_t size, int style) {
    const struct operation op = {.call = CALL_ALLOC, .size = size, .style = style};
    return allocate(twin, &op);
}

bool twin_calloc(struct twin *twin, int64_t count, int64_t size, int style) {
    const struct operation op = {.call = CALL_CALLOC, .count = count, .size = size, .style = style};
    return allocate(twin, &op);
}

bool twin_aligned(struct twin *twin, int64_t alignment, int64_t size, int style) {
    const struct operation op = {
        .call = CALL_ALIGNED, .alignment = alignment, .size = size, .style = style};
    return allocate(twin, &op);
}

/* The object, resized or not, is where the outcome says. */
static bool resize(struct twin *twin, const struct operation *op) {
    size_t offset = offset_of(twin, op->pointer);
    struct span before = model_object(&twin->model, offset);
    twin_check_object(twin, before);
    struct outcome outcome = perform(twin, op);
    size_t now_at = outcome.value ? offset_of(twin, outcome.value) : offset;
    struct span now = model_object(&twin->model, now_at);
    check_contents(twin, now, before.size,
                   outcome.value ? (size_t)as_given(twin, op->size) : before.size);
    stamp(twin, now);
    twin->newest = now.offset;
    if (now_at != offset)
        twin_list_check_change(twin, twin_list_changed_by_free(twin, offset));
    check(twin, now_at == offset && now.size == before.size
                    ? twin_list_no_change
                    : twin_list_changed_by_alloc(twin, now_at));
    return outcome.value != 0;
}

bool twin_resize(struct twin *twin, uintptr_t pointer, int64_t size, int style) {
    const struct operation op = {
        .call = CALL_RESIZE, .pointer = pointer, .size = size, .style = style};
    if (pointer == 0)
        return allocate(twin, &op);
    if (!model_is_live(&twin->model, offset_of(twin, pointer)))
        return perform_and_check(twin, &op).value != 0;
    twin_begin(twin, &op);
    return resize(twin, &op);
}

bool twin_free(struct twin *twin, uintptr_t pointer) {
    const struct operation op = {.call = CALL_FREE, .pointer = pointer};
    size_t offset = offset_of(twin, pointer);
    if (!model_is_live(&twin->model, offset))
        return perform_and_check(twin, &op).value == 0;
    twin_begin(twin, &op);
    twin_check_object(twin, model_object(&twin->model, offset));
    perform(twin, &op);
    check(twin, twin_list_changed_by_free(twin, offset));
    return true;
}

bool twin_size(struct twin *twin, uintptr_t pointer) {
    const struct operation op = {.call = CALL_SIZE, .pointer = pointer};
    return perform_and_check(twin, &op).error == CANARY;
}

bool twin_trim(struct twin *twin) {
    const struct operation op = {.call = CALL_TRIM};
    struct outcome outcome = perform_and_check(twin, &op);
    check_all_contents(twin);
    twin_list_check_all(twin);
    return outcome.error == CANARY;
}
