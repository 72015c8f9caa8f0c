/*
 * script.c - reads "#!" lines.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "script.h"

#include <string.h>

static const char blanks[] = " \t";

static void cut_end(char *text) {
    size_t length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]) != NULL)
        text[--length] = '\0';
}

bool script_read(const char *bytes, size_t count, struct script *s) {
    char line[SCRIPT_LINE];
    if (count < 2 || memcmp(bytes, "#!", 2) != 0)
        return false;
    size_t length = count < sizeof line ? count : sizeof line - 1;
    memcpy(line, bytes, length);
    line[length] = '\0';
    line[strcspn(line, "\n")] = '\0';
    cut_end(line);
    const char *name = line + 2 + strspn(line + 2, blanks);
    size_t name_length = strcspn(name, blanks);
    const char *argument = name + name_length;
    argument += strspn(argument, blanks);
    memcpy(s->interpreter, name, name_length);
    s->interpreter[name_length] = '\0';
    strcpy(s->argument, argument);
    return name_length > 0;
}

static bool is_env(const char *path) {
    const char *slash = strrchr(path, '/');
    return strcmp(slash != NULL ? slash + 1 : path, "env") == 0;
}

/* With -S, env splits its one argument: the program is the first word that is neither an option nor
 * sets a variable. */
static bool find_program(char *words, char *program) {
    char *rest = NULL;
    for (char *word = strtok_r(words, blanks, &rest); word != NULL;
         word = strtok_r(NULL, blanks, &rest)) {
        if (*word == '-' || strchr(word, '=') != NULL)
            continue;
        strcpy(program, word);
        return true;
    }
    return false;
}

bool script_names_program(const struct script *s, char *program) {
    static const char split[] = "-S";
    char words[SCRIPT_LINE];
    if (!is_env(s->interpreter))
        return false;
    if (strncmp(s->argument, split, strlen(split)) == 0) {
        strcpy(words, s->argument + strlen(split));
        return find_program(words, program);
    }
    strcpy(program, s->argument);
    return *program != '\0' && *program != '-' && strchr(program, '=') == NULL;
}
