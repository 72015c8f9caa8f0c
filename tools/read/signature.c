/*
 * signature.c - knows the functions of the malloc family, and the operators of C++ by their mangled
 * names.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/signature.h"

#include "read/lines.h"

#include <string.h>

enum shape { SIZE, COUNT_AND_SIZE, PLACE_AND_SIZE, ALIGNMENT_AND_SIZE, PLACE };

/* The first whose name is at the beginning, or that is the whole name, if it ends with "(". */
static const struct {
    const char *name;
    enum shape shape;
} functions[] = {
    {"malloc(", SIZE},
    {"valloc(", SIZE},
    {"pvalloc(", SIZE},
    {"calloc(", COUNT_AND_SIZE},
    {"realloc(", PLACE_AND_SIZE},
    {"memalign(", ALIGNMENT_AND_SIZE},
    {"aligned_alloc(", ALIGNMENT_AND_SIZE},
    {"posix_memalign(", ALIGNMENT_AND_SIZE},
    {"free(", PLACE},
    {"cfree(", PLACE},
    {"free_sized(", PLACE},
    {"free_aligned_sized(", PLACE},
    {"__builtin_new(", SIZE},
    {"__builtin_vec_new(", SIZE},
    {"__builtin_delete(", PLACE},
    {"__builtin_vec_delete(", PLACE},
    {"_Znw", SIZE},
    {"_Zna", SIZE},
    {"_Zdl", PLACE},
    {"_Zda", PLACE},
};

static bool find_shape(const char *at, enum shape *shape) {
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strncmp(at, functions[i].name, strlen(functions[i].name)) == 0) {
            *shape = functions[i].shape;
            return true;
        }
    return false;
}

static bool take_name(const char **at) {
    size_t length = strcspn(*at, "( =");
    if (length == 0 || (*at)[length] != '(')
        return false;
    *at += length + 1;
    return true;
}

/* `64,100`, or, as Valgrind has it, `al 64, size 100` or `size 100, al 64`. */
static bool take_aligned(const char **at, struct call *call) {
    uint64_t alignment;
    bool size_first = lines_take(at, "size ");
    (void)(size_first || lines_take(at, "al "));
    if (!lines_decimal(at, size_first ? &call->bytes : &alignment) || !lines_take(at, ","))
        return false;
    (void)(lines_take(at, " size ") || lines_take(at, " al "));
    if (!lines_decimal(at, size_first ? &alignment : &call->bytes))
        return false;
    call->alignment = reader_alignment(alignment);
    return true;
}

static bool take_arguments(const char **at, enum shape shape, struct call *call) {
    uint64_t count;
    switch (shape) {
    case SIZE:
        return strncmp(*at, "size ", 5) == 0 ? take_aligned(at, call)
                                             : lines_decimal(at, &call->bytes);
    case COUNT_AND_SIZE:
        if (!lines_decimal(at, &count) || !lines_take(at, ",") || !lines_decimal(at, &call->bytes))
            return false;
        call->bytes = reader_product(count, call->bytes);
        return true;
    case PLACE_AND_SIZE:
        return lines_address(at, &call->from) && lines_take(at, ",") &&
               lines_decimal(at, &call->bytes);
    case ALIGNMENT_AND_SIZE:
        return take_aligned(at, call);
    default:
        if (!lines_address(at, &call->place))
            return false;
        *at += strcspn(*at, ")"); /* a size, or an alignment, which tell nothing new */
        return true;
    }
}

enum signature signature_take(const char **at, struct call *call, bool *has_result) {
    enum shape shape;
    bool known = find_shape(*at, &shape);
    if (!take_name(at))
        return SIGNATURE_BROKEN;
    if (!known)
        return SIGNATURE_OTHER;
    *call = (struct call){.kind = shape == PLACE            ? CALL_FREE
                                  : shape == PLACE_AND_SIZE ? CALL_RESIZE
                                                            : CALL_ALLOC};
    *has_result = shape != PLACE;
    return take_arguments(at, shape, call) && lines_take(at, ")") ? SIGNATURE_CALL
                                                                  : SIGNATURE_BROKEN;
}

void signature_finish(struct call *call, uint64_t result) {
    bool frees = call->kind == CALL_RESIZE && call->bytes == 0 && result == 0;
    call->place = frees ? call->from : result;
    if (frees)
        call->kind = CALL_FREE;
    else if (result == 0)
        call->kind = CALL_REFUSED;
}
