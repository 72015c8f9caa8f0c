/*
 * modules.c - reads /proc/self/maps; see modules.h.
 *
 * The dynamic linker could tell, too, but it takes a lock of its own for that, and a thread that
 * has it may wait for the heap.
 *
 * A library that took the place of another one, which was closed, is not seen.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/modules.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "system/os.h"

/* ---- Those that were noted ---- */

struct span {
    uint64_t start;
    uint64_t end;
};

/* In the order of their addresses. */
static struct {
    struct span *first;
    size_t count;
    size_t room;
} known;

/* How many begin at an address or below. */
static size_t count_below(uint64_t address) {
    size_t low = 0, high = known.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (known.first[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_known(uint64_t address) {
    size_t below = count_below(address);
    return below > 0 && address < known.first[below - 1].end;
}

static bool make_room(void) {
    enum { FIRST_ROOM = 256 };
    if (known.count < known.room)
        return true;
    size_t room = known.room > 0 ? 2 * known.room : FIRST_ROOM;
    struct span *first = mem_os_map(mem_os_round(room * sizeof *first));
    if (first == NULL)
        return false;
    if (known.room > 0) {
        memcpy(first, known.first, known.count * sizeof *first);
        (void)mem_os_unmap(known.first, mem_os_round(known.room * sizeof *first));
    }
    known.first = first;
    known.room = room;
    return true;
}

static bool add(const struct mem_module *module) {
    if (!make_room())
        return false;
    size_t at = count_below(module->start);
    memmove(known.first + at + 1, known.first + at, (known.count - at) * sizeof *known.first);
    known.first[at] = (struct span){module->start, module->start + module->bytes};
    known.count++;
    return true;
}

/* ---- What the kernel says ---- */

/* A line: 7f0c2a200000-7f0c2a3c8000 r-xp 00026000 fe:01 1048602    /usr/lib/libc.so.6
 * A newline in a name is written as \012, so a line may be longer than a path. */
enum { LINE = PATH_MAX + 256 };

static uint64_t hexadecimal(const char **text) {
    uint64_t number = 0;
    for (;; ++*text) {
        char c = **text;
        if (c >= '0' && c <= '9')
            number = number << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            number = number << 4 | (uint64_t)(c - 'a' + 10);
        else
            return number;
    }
}

/* Behind the next blanks. */
static const char *next_word(const char *text) {
    text += strcspn(text, " ");
    return text + strspn(text, " ");
}

/* Reads a line; false when it is not of memory that is executed. */
static bool parse(const char *line, struct mem_module *module) {
    module->start = hexadecimal(&line);
    line += *line == '-';
    module->bytes = hexadecimal(&line) - module->start;
    const char *rights = next_word(line);
    if (strlen(rights) < 4 || rights[2] != 'x')
        return false;
    line = next_word(rights);
    module->offset = hexadecimal(&line);
    module->name = next_word(next_word(next_word(line)));
    return true;
}

struct lines {
    int file;
    bool is_cut; /* the text begins within a line that has no room: it is passed over */
    size_t used; /* bytes of text, which is not ended by 0 */
    char text[LINE];
    char line[LINE]; /* the last that was taken out of it */
};

/* Takes the first line out of the text; false when it holds no whole line. */
static bool take_line(struct lines *l) {
    char *newline = memchr(l->text, '\n', l->used);
    if (newline == NULL) {
        l->is_cut |= l->used == sizeof l->text;
        l->used = l->is_cut ? 0 : l->used;
        return false;
    }
    size_t length = (size_t)(newline - l->text);
    memcpy(l->line, l->text, length);
    l->line[l->is_cut ? 0 : length] = '\0';
    l->is_cut = false;
    l->used -= length + 1;
    memmove(l->text, newline + 1, l->used);
    return true;
}

/* The next line; false at the end. */
static bool next_line(struct lines *l) {
    while (!take_line(l)) {
        ssize_t got = read(l->file, l->text + l->used, sizeof l->text - l->used);
        if (got > 0)
            l->used += (size_t)got;
        else if (got == 0 || errno != EINTR)
            return false;
    }
    return true;
}

/* The lines have memory of their own: a thread's stack may be small. */
static void read_all(int file, void (*tell)(const struct mem_module *module)) {
    struct lines *lines = mem_os_map(mem_os_round(sizeof *lines));
    struct mem_module module;
    if (lines == NULL)
        return;
    lines->file = file;
    while (next_line(lines))
        if (parse(lines->line, &module))
            tell(&module);
    (void)mem_os_unmap(lines, mem_os_round(sizeof *lines));
}

/* To open and read a file are points where a thread can be cancelled. */
void mem_modules_each(void (*tell)(const struct mem_module *module)) {
    int cancelling;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        read_all(file, tell);
        close(file);
    }
    (void)pthread_setcancelstate(cancelling, NULL);
}

/* ---- Both ---- */

/* Who is told of those that are new. */
static void (*noting)(const struct mem_module *module);

static void note_if_new(const struct mem_module *module) {
    if (!is_known(module->start) && add(module))
        noting(module);
}

void mem_modules_note(uintptr_t address, void (*note)(const struct mem_module *module)) {
    if (is_known(address))
        return;
    noting = note;
    mem_modules_each(note_if_new);
}
