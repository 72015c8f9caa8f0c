/*
 * settings.c - the variables of the environment that the module reads; see settings.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/settings.h"

#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "malloc/size.h"
#include "malloc/variables.h"
#include "region/region.h"
#include "system/output.h"

/* As the dynamic linker's. */
enum { CANNOT_START = 127 };

#if SIZE_MAX > UINT32_MAX
#define MOST_TYPED "32G"
#else
#define MOST_TYPED "2G"
#endif

/* The value in an entry NAME=VALUE, or NULL when the name is another. */
static const char *value_in(const char *entry, const char *name) {
    size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=' ? entry + length + 1 : NULL;
}

/* Where the dynamic linker of glibc found argc when the process began. Behind it lie argv, a NULL,
 * and the environment. */
#ifdef __GLIBC__
extern long *__libc_stack_end __attribute__((weak));

static char **initial_environment(void) {
    if (&__libc_stack_end == NULL)
        return NULL;
    long *arguments = __libc_stack_end;
    return (char **)(arguments + 1) + arguments[0] + 1;
}
#else
static char **initial_environment(void) {
    return NULL;
}
#endif

/* environ is not set yet in calls that come before libc's own constructor: from the resolvers of
 * indirect functions. */
static char **environment(void) {
    return environ != NULL ? environ : initial_environment();
}

/* The first one counts, as for getenv. */
static const char *value_of(const char *name) {
    const char *value = NULL;
    for (char **entry = environment(); entry != NULL && *entry != NULL && value == NULL; entry++)
        value = value_in(*entry, name);
    return value;
}

static _Noreturn void refuse(const char *name, const char *takes) {
    struct mem_output output;
    mem_output_begin_on(&output, STDERR_FILENO);
    mem_output_string(&output, "libmem-malloc.so: ");
    mem_output_string(&output, name);
    mem_output_string(&output, " takes ");
    mem_output_string(&output, takes);
    mem_output_end_line(&output);
    mem_output_end(&output);
    _exit(CANNOT_START);
}

static size_t read_region(void) {
    uint64_t bytes = 0;
    const char *value = value_of(MEM_VARIABLE_REGION);
    if (value != NULL && !mem_size_parse(value, MEM_REGION_MAX, &bytes))
        refuse(MEM_VARIABLE_REGION, "bytes, or a number with K, M or G, from 1 to " MOST_TYPED);
    return bytes < MEM_REGION_REQUEST_MAX ? (size_t)bytes : MEM_REGION_REQUEST_MAX;
}

static int read_style(void) {
    const char *value = value_of(MEM_VARIABLE_STYLE);
    if (value == NULL || strcmp(value, "first") == 0)
        return FIRSTFIT;
    if (strcmp(value, "best") == 0)
        return BESTFIT;
    if (strcmp(value, "worst") != 0)
        refuse(MEM_VARIABLE_STYLE, "first, best or worst");
    return WORSTFIT;
}

static bool read_exact(void) {
    const char *value = value_of(MEM_VARIABLE_EXACT);
    if (value != NULL && strcmp(value, "1") != 0)
        refuse(MEM_VARIABLE_EXACT, "1");
    return value != NULL;
}

static enum mem_misuse_policy read_misuse(void) {
    const char *value = value_of(MEM_VARIABLE_MISUSE);
    if (value == NULL)
        return MEM_MISUSE_USUAL;
    if (strcmp(value, "strict") == 0)
        return MEM_MISUSE_STRICT;
    if (strcmp(value, "tolerant") != 0)
        refuse(MEM_VARIABLE_MISUSE, "tolerant or strict");
    return MEM_MISUSE_TOLERANT;
}

struct mem_settings mem_settings_read(void) {
    struct mem_settings settings = {.style = FIRSTFIT, .misuse = MEM_MISUSE_USUAL};
    if (getauxval(AT_SECURE) != 0)
        return settings;
    settings.region = read_region();
    settings.style = read_style();
    settings.exact = read_exact();
    settings.misuse = read_misuse();
    settings.log = value_of(MEM_VARIABLE_LOG);
    return settings;
}
