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

/* Reads until the room is full or the file ends; returns the bytes read. */
static size_t read_all(int descriptor, char *text, size_t room) {
    size_t used = 0;
    while (used < room) {
        ssize_t got = read(descriptor, text + used, room - used);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        used += got > 0 ? (size_t)got : 0;
    }
    return used;
}

bool mem_text_read(const char *path, char *text, size_t room) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    text[read_all(descriptor, text, room - 1)] = '\0';
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
