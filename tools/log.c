/*
 * log.c - reads a log: what it says of itself, and its chunks.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_at(int file, uint64_t offset, void *bytes, size_t count) {
    ssize_t got;
    do
        got = pread(file, bytes, count, (off_t)offset);
    while (got < 0 && errno == EINTR);
    if (got >= 0 && (size_t)got < count)
        errno = EIO; /* it was cut */
    return got == (ssize_t)count;
}

bool log_is_log(const void *bytes, size_t count) {
    return count >= sizeof MEM_LOG_MAGIC && memcmp(bytes, MEM_LOG_MAGIC, sizeof MEM_LOG_MAGIC) == 0;
}

/* What is the same in every log that this program can read. */
static bool check_header(const struct mem_log *header, struct complaint *c) {
    struct mem_log expected;
    mem_log_begin(&expected, header->flags);
    if (!log_is_log(header->magic, sizeof header->magic))
        return complain(c, 0, "it is no log of mem-run");
    if (header->version == __builtin_bswap32(expected.version))
        return complain(c, 0, "the log is of a machine with the other byte order");
    if (header->version != expected.version)
        return complain(c, 0, "the log is of another version of libmem");
    if (header->stats != expected.stats)
        return complain(c, 0, "the log is of a machine with another word size");
    if (header->first != expected.first || header->chunk != expected.chunk)
        return complain(c, 0, "the log is damaged: its first bytes contradict each other");
    return true;
}

bool log_read(const struct log *l, uint32_t number, size_t offset, void *bytes, size_t count) {
    return read_at(l->file, mem_log_offset(&l->header, number) + offset, bytes, count);
}

/* How many chunks may have memory, whatever a damaged header says. */
static uint32_t count_chunks(const struct log *l) {
    const struct mem_log *header = &l->header;
    struct stat status;
    off_t size = fstat(l->file, &status) == 0 ? status.st_size : 0;
    uint64_t begun = size > MEM_LOG_CHUNKS
                         ? ((uint64_t)size - MEM_LOG_CHUNKS + header->chunk - 1) / header->chunk
                         : 0;
    uint32_t taken = header->taken < header->most ? header->taken : header->most;
    return taken < begun ? taken : (uint32_t)begun;
}

static void read_chunks(struct log *l) {
    for (uint32_t i = 0; i < l->count; i++) {
        struct mem_chunk head;
        if (log_read(l, i, 0, &head, sizeof head))
            l->of[i] = (struct log_chunk){head.kind, head.image};
    }
}

bool log_open(struct log *l, int file, struct complaint *c) {
    *l = (struct log){.file = file};
    if (!read_at(file, 0, &l->header, sizeof l->header))
        return complain(c, 0, "%s", strerror(errno));
    if (!check_header(&l->header, c))
        return false;
    uint32_t count = count_chunks(l);
    l->of = calloc((size_t)count + 1, sizeof *l->of);
    if (l->of == NULL)
        return complain(c, 0, "out of memory");
    l->count = count;
    read_chunks(l);
    return true;
}

void log_close(struct log *l) {
    free(l->of);
    l->of = NULL;
}

bool log_image(const struct log *l, uint32_t number, struct mem_process *image) {
    return number < l->count && l->of[number].kind == MEM_CHUNK_FIRST &&
           log_read(l, number, 0, image, sizeof *image) && image->state != MEM_PROCESS_NONE;
}
