/*
 * resident.c - asks Linux how much of a process is resident.
 *
 * /proc/self/smaps_rollup walks the page tables, while the counters in
 * /proc/self/status and of getrusage() may be off by many pages.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "resident.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TEXT = 4096 }; /* some twenty lines are there */

/* The whole of a short file; read() may give a part of it at a time. */
static void read_all(const char *path, char text[TEXT]) {
    size_t length = 0;
    ssize_t got = 1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    while (file >= 0 && got > 0 && length < TEXT - 1) {
        got = read(file, text + length, TEXT - 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    text[length] = '\0';
    if (file >= 0)
        close(file);
}

size_t resident_bytes(void) {
    static const char name[] = "\nAnonymous:";
    char text[TEXT];
    read_all("/proc/self/smaps_rollup", text);
    const char *found = strstr(text, name);
    return found != NULL ? strtoul(found + sizeof name - 1, NULL, 10) * 1024 : 0;
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
