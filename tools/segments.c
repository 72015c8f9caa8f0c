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

/* Of the file at a path; without any if it cannot be read. */
static struct segments open_segments(const char *path) {
    int file = open_regular(path);
    struct segments s = {file, NULL, 0};
    return file >= 0 ? segments_begin(file) : s;
}

static void close_segments(struct segments *s) {
    segments_end(s);
    if (s->file >= 0)
        close(s->file);
}

uint64_t segments_address(const char *path, uint64_t offset) {
    struct segments s = open_segments(path);
    uint64_t address = offset;
    for (size_t i = 0; i < s.count; i++)
        if (s.first[i].p_type == PT_LOAD && offset - s.first[i].p_offset < s.first[i].p_filesz)
            address = s.first[i].p_vaddr + (offset - s.first[i].p_offset);
    close_segments(&s);
    return address;
}

/* A file is loaded as a whole, from the page of its first segment on. If the address lies in none
 * then, it was not counted from there. */
uint64_t segments_based(const char *path, uint64_t address) {
    struct segments s = open_segments(path);
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t base = UINT64_MAX;
    bool is_inside = false;
    for (size_t i = 0; i < s.count; i++)
        if (s.first[i].p_type == PT_LOAD && s.first[i].p_vaddr < base)
            base = s.first[i].p_vaddr;
    base -= base % page;
    for (size_t i = 0; i < s.count; i++)
        is_inside |= s.first[i].p_type == PT_LOAD &&
                     base + address - s.first[i].p_vaddr < s.first[i].p_memsz;
    close_segments(&s);
    return is_inside ? base + address : address;
}
