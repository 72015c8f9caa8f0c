/*
 * text.c - small files of text; see text.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/text.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* What the kernel makes of such a file for one read is all of it, up to a page. */
static size_t read_once(int descriptor, char *text, size_t room) {
    ssize_t got;
    do
        got = read(descriptor, text, room);
    while (got < 0 && errno == EINTR);
    return got > 0 ? (size_t)got : 0;
}

bool mem_text_read(const char *path, char *text, size_t room) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    text[read_once(descriptor, text, room - 1)] = '\0';
    close(descriptor);
    return true;
}

bool mem_text_number(const char *text, uint64_t *number) {
    if (*text < '0' || *text > '9')
        return false;
    for (*number = 0; *text >= '0' && *text <= '9'; text++)
        *number = *number * 10 + (uint64_t)(*text - '0');
    return true;
}
