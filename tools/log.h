/*
 * log.h - reads the log that the malloc module writes: src/malloc/log.h tells what is in it.
 *
 * Processes may still write it meanwhile. What is read is what was there when the log was opened,
 * and perhaps more of each chunk.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef LOG_H
#define LOG_H

#include "complaint.h"

#include "malloc/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log {
    int file;
    struct mem_log header;
    uint32_t count;       /* of chunks */
    struct log_chunk *of; /* each */
};

struct log_chunk {
    uint32_t kind;  /* enum mem_chunk_kind */
    uint32_t image; /* the number of the first chunk of its image */
};

/* Whether the first bytes of a file are those of a log. */
bool log_is_log(const void *bytes, size_t count);

/* Reads what a log says of itself; the file is the caller's, and stays open until log_close. False
 * when it is none that this program can read, or cannot be read; log_close is to be called in
 * either case. */
bool log_open(struct log *l, int file, struct complaint *c);
void log_close(struct log *l);

/* Reads the description of the image with that first chunk; false when it begins none. */
bool log_image(const struct log *l, uint32_t number, struct mem_process *image);

/* Reads bytes of a chunk from an offset on; false when the file was cut, or cannot be read. */
bool log_read(const struct log *l, uint32_t number, size_t offset, void *bytes, size_t count);

#endif /* LOG_H */
