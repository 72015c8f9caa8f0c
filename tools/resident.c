/*
 * resident.c - asks Linux what a process has mapped, and how much of it is
 * resident.
 *
 * /proc/self/smaps and smaps_rollup walk the page tables, while the counters in /proc/self/status
 * and of getrusage() may be off by many pages. smaps has a heading for each mapping, as
 * /proc/self/maps has, with lines `NAME: N kB` below it; smaps_rollup has the same lines once, with
 * the sums.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "resident.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Lines of a file */

enum {
    BUFFER = 4096,
    LINE = 128, /* the start of a line, which is all that is asked for, and a NUL */
};

struct lines {
    int file; /* -1: there is none, and no line */
    size_t at;
    size_t end;
    char buffer[BUFFER];
    char text[LINE];
};

static void lines_open(struct lines *l, const char *path) {
    l->file = open(path, O_RDONLY | O_CLOEXEC);
    l->at = l->end = 0;
}

static void lines_close(struct lines *l) {
    if (l->file >= 0)
        close(l->file);
}

static bool lines_refill(struct lines *l) {
    ssize_t got = l->file >= 0 ? read(l->file, l->buffer, sizeof l->buffer) : 0;
    l->at = 0;
    l->end = got > 0 ? (size_t)got : 0;
    return got > 0;
}

static bool lines_next(struct lines *l) {
    size_t length = 0;
    char byte = '\0';
    while (byte != '\n' && (l->at < l->end || lines_refill(l))) {
        byte = l->buffer[l->at++];
        if (length < sizeof l->text - 1)
            l->text[length++] = byte;
    }
    l->text[length] = '\0';
    return byte == '\n';
}

/* What stands in them */

struct mapping {
    uintptr_t start;
    uintptr_t end;
    bool writable; /* and readable */
};

/* Whether a line is a heading. */
static bool parse_mapping(const char *text, struct mapping *m) {
    char access[3];
    if (sscanf(text, "%" SCNxPTR "-%" SCNxPTR " %2s", &m->start, &m->end, access) != 3)
        return false;
    m->writable = strcmp(access, "rw") == 0;
    return true;
}

/* Reads on to the next mapping that can be read and written. */
static bool next_writable(struct lines *l, struct mapping *m) {
    while (lines_next(l))
        if (parse_mapping(l->text, m) && m->writable)
            return true;
    return false;
}

/* Reads on to a line with that name, a colon included, and returns its bytes. */
static size_t next_figure(struct lines *l, const char *name) {
    while (lines_next(l))
        if (strncmp(l->text, name, strlen(name)) == 0)
            return strtoul(l->text + strlen(name), NULL, 10) * 1024;
    return 0;
}

/* What is asked */

size_t resident_bytes(void) {
    struct lines lines;
    lines_open(&lines, "/proc/self/smaps_rollup");
    size_t bytes = next_figure(&lines, "Anonymous:");
    lines_close(&lines);
    return bytes;
}

/* Some pages at a time: their number is not known beforehand. */
size_t resident_part(void *start, size_t bytes) {
    enum { PAGES = 1024 };
    unsigned char there[PAGES];
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (bytes + page - 1) / page;
    size_t count = 0;
    for (size_t done = 0; done < pages; done += PAGES) {
        size_t now = pages - done < PAGES ? pages - done : PAGES;
        if (mincore((char *)start + done * page, now * page, (void *)there) != 0)
            return 0;
        for (size_t i = 0; i < now; i++)
            count += there[i] & 1;
    }
    return count * page;
}

void resident_list(struct resident_mappings *m) {
    struct lines lines;
    struct mapping mapping;
    m->count = 0;
    lines_open(&lines, "/proc/self/maps");
    while (next_writable(&lines, &mapping) && m->count < RESIDENT_MAPPINGS)
        m->start[m->count++] = mapping.start;
    lines_close(&lines);
    if (m->count == RESIDENT_MAPPINGS)
        m->count = 0; /* the list may be incomplete */
}

static bool is_listed(const struct resident_mappings *m, uintptr_t start) {
    for (size_t i = 0; i < m->count; i++)
        if (m->start[i] == start)
            return true;
    return false;
}

static bool holds(const struct mapping *m, const void *address) {
    return m->start <= (uintptr_t)address && (uintptr_t)address < m->end;
}

const void *resident_added(const struct resident_mappings *before, const void *but) {
    struct lines lines;
    struct mapping mapping;
    size_t count = 0;
    uintptr_t added = 0;
    lines_open(&lines, "/proc/self/maps");
    while (next_writable(&lines, &mapping)) {
        if (holds(&mapping, but) || is_listed(before, mapping.start))
            continue;
        added = mapping.start;
        count++;
    }
    lines_close(&lines);
    return before->count > 0 && count == 1 ? (const void *)added : NULL;
}

size_t resident_mapping(const void *start) {
    struct lines lines;
    struct mapping mapping;
    size_t bytes = 0;
    lines_open(&lines, "/proc/self/smaps");
    while (next_writable(&lines, &mapping))
        if (mapping.start == (uintptr_t)start) {
            bytes = next_figure(&lines, "Rss:");
            break;
        }
    lines_close(&lines);
    return bytes;
}
