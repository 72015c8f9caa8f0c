/*
 * caller_names.c - asks addr2line.
 *
 * Names of files come from a recording, which may say anything: only files that are there, and are
 * regular ones, are handed on.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "caller_names.h"

#include "code_name.h"
#include "plain.h"
#include "segments.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The most places that one process is asked about. */
enum { PLACES = 256 };

/* Places in one file, and whose names they are to become. */
struct places {
    const char *file;
    size_t count;
    uint64_t address[PLACES];
    struct caller_name *name[PLACES];
};

/* ---- addr2line ---- */

/* A place is where a call returns to: the byte before it belongs to the call. */
static _Noreturn void be_addr2line(const struct places *p, int output) {
    static char program[] = "addr2line", options[] = "-afiCse";
    char text[PLACES][24];
    char *arguments[PLACES + 4] = {program, options, (char *)p->file};
    int nothing = open("/dev/null", O_RDWR);
    for (size_t i = 0; i < p->count; i++) {
        snprintf(text[i], sizeof text[i], "%#" PRIx64, p->address[i] - 1);
        arguments[3 + i] = text[i];
    }
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDERR_FILENO);
    dup2(output, STDOUT_FILENO);
    execvp(arguments[0], arguments);
    _exit(127);
}

struct line {
    char *text;
    size_t room;
};

/* A line without its end. */
static bool read_line(FILE *from, struct line *line) {
    if (getline(&line->text, &line->room, from) < 0)
        return false;
    line->text[strcspn(line->text, "\n")] = '\0';
    return true;
}

/* Of wrappers that compilers have put into their callers, as glibc has some. */
static bool is_allocator(const char *function) {
    static const char *const names[] = {"malloc", "calloc", "realloc", "operator new",
                                        "operator new[]"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(function, names[i], strlen(names[i])) == 0 &&
            (function[strlen(names[i])] == '\0' || function[strlen(names[i])] == '('))
            return true;
    return false;
}

/* What does not fit is cut. */
__attribute__((format(printf, 2, 3))) static void set_name(struct caller_name *name,
                                                           const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(name->text, sizeof name->text, format, values);
    va_end(values);
    plain_make(name->text);
}

/* The place in the source stays, however long the name of the function is. */
static void name_with_line(struct caller_name *name, const char *function, const char *place) {
    size_t room = sizeof name->text - sizeof "... ()";
    size_t length = strlen(function);
    size_t left = strlen(place) < room ? room - strlen(place) : 0;
    set_name(name, "%.*s%s (%s)", (int)(length < left ? length : left), function,
             length > left ? "..." : "", place);
}

/* Where the line is not known, the function is that of the symbol before the address, which in a
 * stripped file may be far away: so the plain name stays. */
static void take_answer(struct caller_name *name, const char *plain, const char *function,
                        char *place) {
    char *remark = strstr(place, " (discriminator ");
    if (remark != NULL)
        *remark = '\0';
    if (strncmp(function, "??", 2) == 0)
        return;
    if (place[0] == '?' || strstr(place, ":?") != NULL)
        set_name(name, "%s (%s)", plain, function);
    else
        name_with_line(name, function, place);
}

/* What comes of one address: functions that a compiler has put into one another, the innermost
 * first. */
struct naming {
    struct caller_name *name; /* NULL: none was read yet */
    char plain[sizeof((struct caller_name *)NULL)->text];
    bool done; /* it is the one that is wanted */
};

static void begin_name(struct naming *n, struct caller_name *name) {
    n->name = name;
    n->done = false;
    memcpy(n->plain, name->text, sizeof n->plain);
}

static void take_function(struct naming *n, const char *function, char *place) {
    if (n->name == NULL || n->done)
        return;
    take_answer(n->name, n->plain, function, place);
    n->done = !is_allocator(function);
}

/* A line with the address comes first; then, for each function, a line with its name, and one with
 * the place in its source. */
static void read_answers(const struct places *p, FILE *from) {
    struct line function = {NULL, 0}, place = {NULL, 0};
    struct naming naming = {.name = NULL};
    size_t count = 0;
    while (read_line(from, &function)) {
        bool begins = strncmp(function.text, "0x", 2) == 0;
        if (begins && count == p->count)
            break;
        if (begins)
            begin_name(&naming, p->name[count++]);
        else if (read_line(from, &place))
            take_function(&naming, function.text, place.text);
    }
    free(function.text);
    free(place.text);
}

/* Where it is missing, names stay as they are. */
static void ask(const struct places *p) {
    int ends[2];
    if (p->count == 0 || pipe(ends) != 0)
        return;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        be_addr2line(p, ends[1]);
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    if (from != NULL) {
        read_answers(p, from);
        fclose(from);
    } else {
        close(ends[0]);
    }
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* ---- Names ---- */

static bool is_regular(const char *file) {
    struct stat status;
    return stat(file, &status) == 0 && S_ISREG(status.st_mode);
}

/* Where a caller lies in the code, by an address of its symbols. */
static uint64_t address_in(const struct code *code, uint64_t caller) {
    uint64_t at = caller - code->start + code->first;
    return code->by_offset ? segments_address(code->file, at) : segments_based(code->file, at);
}

/* The name without addr2line. */
static void name_plainly(const struct callers *c, const struct code *code,
                         struct caller_name *name) {
    if (name->caller == 0)
        snprintf(name->text, sizeof name->text, "unknown");
    else if (code == NULL)
        code_name(name->text, sizeof name->text, NULL, c->address[name->caller]);
    else
        code_name(name->text, sizeof name->text, code->file,
                  address_in(code, c->address[name->caller]));
}

static void ask_about(const struct callers *c, const struct code *code, struct places *p,
                      struct caller_name *name) {
    if (p->count == PLACES) {
        ask(p);
        p->count = 0;
    }
    p->address[p->count] = address_in(code, c->address[name->caller]);
    p->name[p->count++] = name;
}

void caller_names(const struct callers *c, struct caller_name *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        name_plainly(c, names[i].caller != 0 ? callers_code(c, names[i].caller) : NULL, &names[i]);
    for (size_t i = 0; i < c->code_count; i++) {
        const struct code *code = &c->code[i];
        struct places places = {.file = code->file};
        if (!is_regular(code->file))
            continue;
        for (size_t j = 0; j < count; j++)
            if (names[j].caller != 0 && callers_code(c, names[j].caller) == code)
                ask_about(c, code, &places, &names[j]);
        ask(&places);
    }
}
