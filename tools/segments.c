/*
 * segments.c - reads the program headers of an ELF file.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "segments.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool segments_read(int file, uint64_t at, void *bytes, size_t count) {
    return at <= INT64_MAX && pread(file, bytes, count, (off_t)at) == (ssize_t)count;
}

void *segments_piece(int file, uint64_t at, uint64_t count) {
    struct stat status;
    if (fstat(file, &status) != 0 || count > (uint64_t)status.st_size)
        return NULL;
    char *bytes = malloc((size_t)count + 1);
    if (bytes == NULL || !segments_read(file, at, bytes, (size_t)count)) {
        free(bytes);
        return NULL;
    }
    bytes[count] = '\0';
    return bytes;
}

struct segments segments_begin(int file) {
    ElfW(Ehdr) header;
    struct segments s = {file, NULL, 0};
    if (!segments_read(file, 0, &header, sizeof header) || header.e_phentsize != sizeof *s.first)
        return s;
    s.first = segments_piece(file, header.e_phoff, header.e_phnum * sizeof *s.first);
    s.count = s.first != NULL ? header.e_phnum : 0;
    return s;
}

void segments_end(struct segments *s) {
    free(s->first);
    s->first = NULL;
    s->count = 0;
}

/* Not a FIFO, which would be waited for. */
static int open_regular(const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0 && (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(file);
        file = -1;
    }
    return file;
}

uint64_t segments_address(const char *path, uint64_t offset) {
    uint64_t address = offset;
    int file = open_regular(path);
    if (file < 0)
        return offset;
    struct segments s = segments_begin(file);
    for (size_t i = 0; i < s.count; i++)
        if (s.first[i].p_type == PT_LOAD && offset - s.first[i].p_offset < s.first[i].p_filesz)
            address = s.first[i].p_vaddr + (offset - s.first[i].p_offset);
    segments_end(&s);
    close(file);
    return address;
}
