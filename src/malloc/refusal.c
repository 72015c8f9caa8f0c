/*
 * refusal.c - refuses allocations by their numbers; see refusal.h.
 *
 * The numbers go on in the log when the process has another program by exec().
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/refusal.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "malloc/chunks.h"
#include "malloc/modules.h"

/* NULL: nothing is refused here. */
static struct mem_refusal *refusal;

void mem_refusal_begin(void) {
    struct mem_refusal *told = &mem_chunks_log->refusal;
    refusal = told->kind != MEM_REFUSING_NONE && told->pid == (int32_t)getpid() ? told : NULL;
}

/* If it is the module of the caller, that is noted. */
static void note_module(const struct mem_module *module) {
    if (refusal->caller - module->start >= module->bytes)
        return;
    size_t length = strlen(module->name);
    size_t most = sizeof refusal->module - 1;
    refusal->start = module->start;
    refusal->offset = module->offset;
    memcpy(refusal->module, module->name + (length > most ? length - most : 0),
           (length > most ? most : length) + 1);
}

static void note_caller(const void *caller) {
    refusal->caller = (uintptr_t)caller;
    mem_modules_each(note_module);
}

bool mem_refusal_is_due(const void *caller) {
    if (refusal == NULL)
        return false;
    uint64_t number = ++refusal->asked;
    bool due =
        refusal->kind == MEM_REFUSING_ONE ? number == refusal->number : number > refusal->number;
    if (due && refusal->refused++ == 0)
        note_caller(caller);
    return due;
}
