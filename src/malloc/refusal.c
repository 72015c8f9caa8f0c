/*
 * refusal.c - refuses allocations by their numbers; see refusal.h.
 *
 * The numbers go on in the log when the process has another program by exec().
 *
 * Where a refused call comes from is told by its module. Those that are there when the program
 * begins are read then: later, it may have forbidden itself to open files.
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
#include "system/os.h"

/* NULL: nothing is refused here. */
static struct mem_refusal *refusal;

/* Modules that were there at the beginning. */
struct known {
    struct mem_module module; /* whose name is: */
    char name[sizeof refusal->module];
};
enum { KNOWN = 1024 };

static struct known *known;
static size_t known_count;

/* The end of a name, which tells more than its beginning. */
static void copy_name(char *to, const char *name) {
    size_t length = strlen(name);
    size_t most = sizeof refusal->module - 1;
    memcpy(to, name + (length > most ? length - most : 0), (length > most ? most : length) + 1);
}

static void keep(const struct mem_module *module) {
    if (known_count == KNOWN)
        return;
    struct known *one = &known[known_count++];
    copy_name(one->name, module->name);
    one->module = *module;
    one->module.name = one->name;
}

void mem_refusal_begin(void) {
    struct mem_refusal *told = &mem_chunks_log->refusal;
    refusal = told->kind != MEM_REFUSING_NONE && told->pid == (int32_t)getpid() ? told : NULL;
    if (refusal == NULL || known != NULL)
        return;
    known = mem_os_map(mem_os_round(KNOWN * sizeof *known));
    if (known != NULL)
        mem_modules_each(keep);
}

/* If it is the module of the caller, that is noted. */
static void note_module(const struct mem_module *module) {
    if (refusal->caller - module->start >= module->bytes)
        return;
    refusal->start = module->start;
    refusal->offset = module->offset;
    copy_name(refusal->module, module->name);
}

/* A module that was loaded later is asked for. */
static void note_caller(const void *caller) {
    refusal->caller = (uintptr_t)caller;
    for (size_t i = 0; i < known_count; i++)
        note_module(&known[i].module);
    if (refusal->module[0] == '\0')
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
