/*
 * misuse.c - pointers that a program must not give back; see misuse.h.
 *
 * The line goes straight to the descriptor, and is all that is said (here in two pieces):
 *
 *     libmem: free(0x7f3c40001f10): 16 bytes inside an object of 64 bytes,
 *     called from 0x55d0c3a01189 (prog+0x1189)
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/misuse.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "malloc/cache.h"
#include "malloc/entry.h"
#include "system/output.h"
#include "system/public.h"

enum mem_misuse_policy mem_misuse_policy;

/* ---- What is wrong ---- */

/* The block around an address, sought by a walk. */
struct sought {
    const char *address;
    struct Mem_Block block;
};

static int is_around(const struct Mem_Block *block, void *context) {
    struct sought *sought = context;
    sought->block = *block;
    return (uintptr_t)sought->address - (uintptr_t)block->address < block->size;
}

static void put_count(struct mem_output *output, size_t count, const char *what) {
    mem_output_number(output, count, 0);
    mem_output_string(output, what);
}

static void put_place(struct mem_output *output, struct Mem_Region *region, const char *ptr) {
    struct sought sought = {.address = ptr};
    if (region == NULL || Mem_RegionWalk(region, is_around, &sought) != 1) {
        mem_output_string(output, "outside of the region");
        return;
    }
    if (!sought.block.live) {
        mem_output_string(output, "in free memory, perhaps freed before");
        return;
    }
    put_count(output, (size_t)(ptr - (const char *)sought.block.address),
              " bytes inside an object of ");
    put_count(output, sought.block.size, " bytes");
}

/* ---- Who did it ---- */

/* The end of a path, of a length that leaves room for the rest of a line. */
static const char *short_name(const char *path) {
    enum { MOST = 64 };
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t length = strlen(name);
    return length > MOST ? name + (length - MOST) : name;
}

static void put_caller(struct mem_output *output, const void *caller) {
    Dl_info info;
    mem_output_string(output, ", called from ");
    mem_output_address(output, caller);
    if (dladdr(caller, &info) == 0 || info.dli_fname == NULL)
        return;
    mem_output_string(output, " (");
    mem_output_string(output, short_name(info.dli_fname));
    mem_output_string(output, "+");
    mem_output_address(output, (void *)((uintptr_t)caller - (uintptr_t)info.dli_fbase));
    mem_output_string(output, ")");
}

static _Noreturn void end_program(struct Mem_Region *region, const void *ptr,
                                  struct mem_misuse_call call) {
    struct mem_output output;
    mem_output_begin_on(&output, STDERR_FILENO);
    mem_output_string(&output, "libmem: ");
    mem_output_string(&output, call.name);
    mem_output_string(&output, "(");
    mem_output_address(&output, ptr);
    mem_output_string(&output, "): ");
    put_place(&output, region, ptr);
    put_caller(&output, call.caller);
    mem_output_end_line(&output);
    mem_output_end(&output);
    abort();
}

/* ---- What comes of it ---- */

void mem_misuse_bad(struct Mem_Region *region, const void *ptr, struct mem_misuse_call call) {
    mem_entry_settle(region);
    mem_entry_count(&mem_entry->bad);
    mem_cache_empty(); /* what is said of the pointer, the region knows */
    if (mem_misuse_policy != MEM_MISUSE_TOLERANT)
        end_program(region, ptr, call);
}

void mem_misuse_foreign(struct Mem_Region *region, const void *ptr, struct mem_misuse_call call) {
    mem_entry_settle(region);
    mem_entry_count(&mem_entry->foreign);
    if (mem_misuse_policy == MEM_MISUSE_STRICT)
        end_program(region, ptr, call);
}
