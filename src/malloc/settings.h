/*
 * settings.h - what the module is told, by variables of the environment (variables.h).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_SETTINGS_H
#define MEM_MALLOC_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "malloc/misuse.h"

struct mem_settings {
    size_t region; /* bytes, 0 if none are given */
    int style;     /* of mem.h */
    bool exact;    /* with several threads, too */
    enum mem_misuse_policy misuse;
    const char *log; /* its path, or NULL; part of the environment */
};

/* Reads the variables, but none in a process whose user they must not give powers to (AT_SECURE). A
 * value that means nothing ends the process, with one line that says so and the status with which
 * the dynamic linker ends one that it cannot start: the program never runs under other terms than
 * those asked for. Calls nothing that may allocate, nor getenv, which programs define themselves.
 */
struct mem_settings mem_settings_read(void);

#endif
