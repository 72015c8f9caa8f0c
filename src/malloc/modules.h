/*
 * modules.h - the program and the libraries that are mapped, by their code: what an address belongs
 * to.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_MODULES_H
#define MEM_MALLOC_MODULES_H

#include <stdint.h>

/* Memory that is executed: mapped from a file, from an offset of it on. The name is the file's
 * path, or what the kernel calls it, or empty. */
struct mem_module {
    uint64_t start;
    uint64_t bytes;
    uint64_t offset;
    const char *name;
};

/* If no module with that address was noted yet, asks the kernel, and notes each that is new. Not
 * two at a time. O(log n) for n modules; otherwise reads /proc/self/maps. */
void mem_modules_note(uintptr_t address, void (*note)(const struct mem_module *module));

/* Tells of all modules, noted or not. */
void mem_modules_each(void (*tell)(const struct mem_module *module));

#endif
