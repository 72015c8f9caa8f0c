/*
 * judge.c - looks at programs before they run.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "judge.h"

#include "locate.h"
#include "message.h"
#include "rights.h"
#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As many interpreters of interpreters as Linux allows. */
enum { DEPTH = 5 };

/* The program that was asked for, and the file that is looked at, which may be an interpreter. */
struct subject {
    const char *name;
    const char *path;
    int depth; /* 0: the program itself */
    const struct image_kind *kind;
};

static enum outcome judge_file(const struct subject *s);

/* "NAME cannot be served: it REASON", or "its interpreter PATH REASON". */
static enum outcome refuse(const struct subject *s, const char *reason) {
    if (s->depth == 0)
        return (enum outcome)fail(BROKEN, "%s cannot be served: it %s", s->name, reason);
    return (enum outcome)fail(BROKEN, "%s cannot be served: its interpreter %s %s", s->name,
                              s->path, reason);
}

static enum outcome judge_interpreter(const struct subject *s, const char *path) {
    struct subject interpreter = {s->name, path, s->depth + 1, s->kind};
    if (interpreter.depth > DEPTH)
        return (enum outcome)fail(UNEXECUTABLE, "%s: %s", s->name, strerror(ELOOP));
    return judge_file(&interpreter);
}

/* env is gone when its program runs, but for the time before it must be served as well. */
static enum outcome judge_script(const struct subject *s, const struct script *script) {
    char program[SCRIPT_LINE];
    char path[PATH_MAX];
    enum outcome outcome = judge_interpreter(s, script->interpreter);
    if (outcome != STARTED || !script_names_program(script, program) ||
        locate(program, path, sizeof path) != 0)
        return outcome;
    return judge_interpreter(s, path);
}

/* A file of neither kind is given to the shell, as execvp does. */
static enum outcome judge_text(const struct subject *s, int file) {
    char bytes[SCRIPT_LINE];
    struct script script;
    ssize_t count = pread(file, bytes, sizeof bytes, 0);
    if (count > 0 && script_read(bytes, (size_t)count, &script))
        return judge_script(s, &script);
    return s->depth == 0 ? judge_interpreter(s, "/bin/sh") : STARTED;
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static enum outcome judge_rights(const struct subject *s) {
    char reason[128];
    const char *rights = rights_given(s->path);
    if (rights == NULL)
        return STARTED;
    snprintf(reason, sizeof reason, "%s, and the loader loads nothing into such programs", rights);
    return refuse(s, reason);
}

/* A loader that is run as a program has none, and yet loads what LD_PRELOAD says. */
static enum outcome judge_image(const struct subject *s, int file) {
    struct image image;
    if (!image_read(file, &image))
        return STARTED;
    if (image.loader[0] == '\0' && !image.is_library)
        return refuse(s, "is linked statically, so that no library can be loaded into it");
    if (image.loader[0] != '\0' &&
        strcmp(last_part(image.loader), last_part(image_own_loader())) != 0)
        return refuse(s, "is linked with another C library");
    if (image.is_sanitized)
        return refuse(s, "is built with a sanitizer, which has a malloc of its own");
    return judge_rights(s);
}

static enum outcome judge_kind(const struct subject *s, int file) {
    struct image_kind kind;
    if (!image_read_kind(file, &kind))
        return judge_text(s, file);
    if (kind.word != s->kind->word)
        return refuse(s, "has words of another size than libmem here");
    if (!image_same_kind(&kind, s->kind))
        return refuse(s, "is for another machine than libmem here");
    return judge_image(s, file);
}

/* O_NONBLOCK: the interpreter of a script may be anything, a pipe that nobody writes to, too. */
static enum outcome judge_file(const struct subject *s) {
    int file = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && errno == ENOENT && s->depth > 0)
        return (enum outcome)fail(NOT_FOUND, "%s: its interpreter %s: %s", s->name, s->path,
                                  strerror(ENOENT));
    if (file < 0)
        return judge_rights(s);
    enum outcome outcome = judge_kind(s, file);
    close(file);
    return outcome;
}

enum outcome judge(const char *name, const char *path, const struct image_kind *kind) {
    return judge_file(&(struct subject){name, path, 0, kind});
}
