/*
 * heaptrack.c - reads recordings of heaptrack.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/heaptrack.h"

#include "read/text.h"

#include <stdlib.h>
#include <string.h>

/* What the program has loaded. */
struct module {
    uint64_t start, bytes;
    char *file;
    bool is_cxx; /* C++'s library, with operator new: its callers are asked for */
};

enum { MODULES = 4096 }; /* more are left out */

struct heaptrack {
    struct text text;
    uint64_t *caller; /* of each call chain, by its number less one; 0: not known */
    size_t count, room;
    char *program; /* its file; NULL: not known */
    struct module *modules;
    size_t module_count;
};

/* ---- A line ---- */

/* Reads so many numbers, which is all that follows. */
static bool take_numbers(const char *at, uint64_t *number, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!lines_take(&at, " ") || !lines_hex(&at, &number[i]))
            return false;
    return *at == '\0';
}

/* ---- Modules ---- */

/* Reads ` LENGTH NAME`; false when it is not there. */
static bool take_name(const char **at, const char **name, size_t *length) {
    uint64_t bytes;
    if (!lines_take(at, " ") || !lines_hex(at, &bytes) || !lines_take(at, " ") ||
        bytes > strlen(*at))
        return false;
    *name = *at;
    *length = (size_t)bytes;
    *at += bytes;
    return true;
}

/* Where the last of the segments ends, which are an address and a size each. */
static uint64_t end_of_segments(const char *at) {
    uint64_t first, bytes, end = 0;
    while (lines_take(&at, " ") && lines_hex(&at, &first) && lines_take(&at, " ") &&
           lines_hex(&at, &bytes))
        end = first + bytes > end ? first + bytes : end;
    return end;
}

/* The list is written again whenever the program has loaded something. */
static bool is_known(const struct heaptrack *r, const struct module *module, const char *file,
                     size_t length) {
    for (size_t i = 0; i < r->module_count; i++)
        if (r->modules[i].start == module->start && r->modules[i].bytes == module->bytes &&
            strncmp(r->modules[i].file, file, length) == 0 && r->modules[i].file[length] == '\0')
            return true;
    return false;
}

static bool is_cxx(const char *file, size_t length) {
    static const char *const names[] = {"libstdc++.so", "libc++.so", "libc++abi.so"};
    const char *slash = memrchr(file, '/', length);
    const char *name = slash != NULL ? slash + 1 : file;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) <= length - (size_t)(name - file) &&
            strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static bool keep_module(struct heaptrack *r, struct module *module, const char *file,
                        size_t length) {
    if (r->module_count == MODULES)
        return true;
    struct module *modules = realloc(r->modules, (r->module_count + 1) * sizeof *modules);
    if (modules == NULL)
        return false;
    r->modules = modules;
    module->file = strndup(file, length);
    module->is_cxx = is_cxx(file, length);
    modules[r->module_count] = *module;
    r->module_count += module->file != NULL;
    return module->file != NULL;
}

/* The program itself goes by the name of x. */
static bool add_module(struct heaptrack *r, const char *at) {
    const char *name;
    size_t length;
    struct module module;
    if (!take_name(&at, &name, &length) || !lines_take(&at, " ") || !lines_hex(&at, &module.start))
        return true;
    module.bytes = end_of_segments(at);
    if (length == 1 && *name == 'x' && r->program != NULL) {
        name = r->program;
        length = strlen(name);
    }
    return is_known(r, &module, name, length) || keep_module(r, &module, name, length);
}

static bool set_program(struct heaptrack *r, const char *at) {
    const char *name;
    size_t length;
    if (r->program != NULL || !take_name(&at, &name, &length))
        return true;
    r->program = strndup(name, length);
    return r->program != NULL;
}

/* ---- Call chains ---- */

static bool is_in_cxx(const struct heaptrack *r, uint64_t address) {
    for (size_t i = r->module_count; i-- > 0;)
        if (r->modules[i].is_cxx && address - r->modules[i].start < r->modules[i].bytes)
            return true;
    return false;
}

/* A chain is an address, and the chain that it was called from, or 0. */
static bool add_chain(struct heaptrack *r, uint64_t address, uint64_t from) {
    if (r->count == r->room) {
        size_t room = r->room > 0 ? 2 * r->room : 1024;
        uint64_t *caller = realloc(r->caller, room * sizeof *caller);
        if (caller == NULL)
            return false;
        r->caller = caller;
        r->room = room;
    }
    if (from > 0 && from <= r->count && is_in_cxx(r, address))
        address = r->caller[from - 1];
    r->caller[r->count++] = address;
    return true;
}

/* ---- The format ---- */

static bool is_heaptrack(const unsigned char *first, size_t count) {
    const char *at = (const char *)first;
    char line[64];
    size_t length = count < sizeof line ? count : sizeof line - 1;
    uint64_t version[2];
    memcpy(line, at, length);
    line[length] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return line[0] == 'v' && take_numbers(line + 1, version, 2);
}

static void *begin(struct input *in, int32_t process, struct complaint *c) {
    return text_begin(sizeof(struct heaptrack), in, process, c);
}

static void end(void *state) {
    struct heaptrack *r = state;
    for (size_t i = 0; i < r->module_count; i++)
        free(r->modules[i].file);
    free(r->modules);
    free(r->program);
    free(r->caller);
    free(r);
}

static bool code(const void *state, size_t number, struct code *code) {
    const struct heaptrack *r = state;
    if (number >= r->module_count)
        return false;
    const struct module *module = &r->modules[number];
    *code = (struct code){module->start, module->bytes, 0, false, module->file};
    return true;
}

static enum reader_next noted(struct heaptrack *r, bool noted, struct complaint *c) {
    return noted ? READER_END : text_broken(&r->text, "out of memory", c);
}

static enum reader_next allocate(const struct heaptrack *r, const uint64_t *number,
                                 struct call *call) {
    uint64_t chain = number[1];
    *call = (struct call){.kind = number[2] != 0 ? CALL_ALLOC : CALL_REFUSED,
                          .bytes = number[0],
                          .place = number[2],
                          .caller = chain > 0 && chain <= r->count ? r->caller[chain - 1] : 0,
                          .line = r->text.lines.number};
    return READER_CALL;
}

/* READER_END when the line comes to no call. Kinds of lines that are not known here are passed
 * over: versions differ in them. */
static enum reader_next take(void *state, struct call *call, struct complaint *c) {
    struct heaptrack *r = state;
    static const char wrong[] = "it is no line of heaptrack";
    const char *text = r->text.lines.text;
    uint64_t number[3];
    switch (text[0]) {
    case '+':
        if (take_numbers(text + 1, number, 3))
            return allocate(r, number, call);
        return text_broken(
            &r->text,
            take_numbers(text + 1, number, 1)
                ? "heaptrack has interpreted the file, and which object was freed is lost "
                  "there: record with heaptrack --raw"
                : wrong,
            c);
    case '-':
        if (!take_numbers(text + 1, number, 1))
            return text_broken(&r->text, wrong, c);
        *call = (struct call){.kind = CALL_FREE, .place = number[0], .line = r->text.lines.number};
        return READER_CALL;
    case 't':
        if (!take_numbers(text + 1, number, 2))
            return text_broken(&r->text, wrong, c);
        return noted(r, add_chain(r, number[0], number[1]), c);
    case 'x':
        return noted(r, set_program(r, text + 1), c);
    case 'm':
        return noted(r, add_module(r, text + 1), c);
    default:
        return READER_END;
    }
}

static enum reader_next next(void *state, struct call *call, struct complaint *c) {
    return text_next(state, take, call, c);
}

const struct format heaptrack_format = {.unit = "line",
                                        .begins_late = true,
                                        .is = is_heaptrack,
                                        .begin = begin,
                                        .next = next,
                                        .code = code,
                                        .end = end};
