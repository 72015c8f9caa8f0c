/*
 * chunks.c - takes chunks of the log; see chunks.h.
 *
 * No descriptor is kept: programs close those that they do not know, and take their numbers.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/chunks.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "malloc/pages.h"
#include "system/os.h"

struct mem_log *mem_chunks_log;

/* The path, to open the log again, and which file that was; and chunk 0 of one that is mapped as a
 * whole. */
static char *known_path;
static struct {
    dev_t device;
    ino_t number;
} known_file;
static char *whole;

/* ---- The file ---- */

static int open_file(const char *path) {
    return open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static bool identify(int descriptor, struct stat *status) {
    return descriptor >= 0 && fstat(descriptor, status) == 0;
}

/* Opens the log again. A process may live on when the log is finished, and its name may then be
 * that of another file, which is none of this process' business. */
static int open_again(void) {
    struct stat now;
    int descriptor = open_file(known_path);
    if (!identify(descriptor, &now) ||
        (now.st_dev == known_file.device && now.st_ino == known_file.number))
        return descriptor;
    close(descriptor);
    errno = ESTALE;
    return -1;
}

static bool is_header(const struct mem_log *header) {
    struct mem_log expected;
    mem_log_begin(&expected, header->flags);
    expected.most = header->most;
    return memcmp(header, &expected, offsetof(struct mem_log, taken)) == 0;
}

/* Whether the file has the size of one whose memory was all given. */
static bool is_whole(int descriptor, const struct mem_log *header) {
    off_t size = lseek(descriptor, 0, SEEK_END);
    return size >= 0 && (uint64_t)size >= mem_log_offset(header, header->most);
}

/* Maps what is needed of the file, if it is a log. */
static struct mem_log *map_log(int descriptor) {
    struct mem_log copy;
    if (pread(descriptor, &copy, sizeof copy, 0) != (ssize_t)sizeof copy || !is_header(&copy))
        return NULL;
    if ((copy.flags & MEM_LOG_WHOLE) == 0)
        return mem_pages_map_file(descriptor, 0, sizeof copy);
    if (!is_whole(descriptor, &copy))
        return NULL;
    char *all = mem_pages_map_file(descriptor, 0, mem_log_offset(&copy, copy.most));
    whole = all != NULL ? all + MEM_LOG_CHUNKS : NULL;
    return (struct mem_log *)(void *)all;
}

static bool keep_path(const char *path) {
    size_t length = strlen(path);
    char *copy = length < PATH_MAX ? mem_os_map(mem_os_round(length + 1)) : NULL;
    if (copy != NULL)
        memcpy(copy, path, length + 1);
    known_path = copy;
    return copy != NULL;
}

/* Reads what may stand in front of a path: the file's number and a colon. 0: it may be any. */
static const char *take_number(const char *name, ino_t *number) {
    const char *digit = name;
    for (*number = 0; *digit >= '0' && *digit <= '9'; digit++)
        *number = *number * 10 + (ino_t)(*digit - '0');
    if (digit > name && *digit == ':')
        return digit + 1;
    *number = 0;
    return name;
}

bool mem_chunks_open(const char *name) {
    struct stat status;
    ino_t number;
    const char *path = take_number(name, &number);
    int descriptor = keep_path(path) ? open_file(path) : -1;
    if (descriptor < 0)
        return false;
    if (identify(descriptor, &status) && (number == 0 || status.st_ino == number)) {
        known_file.device = status.st_dev;
        known_file.number = status.st_ino;
        mem_chunks_log = map_log(descriptor);
    }
    close(descriptor);
    return mem_chunks_log != NULL;
}

/* ---- A chunk ---- */

/* A file that would grow beyond this limit brings a signal that ends the program. */
static bool may_reach(uint64_t end) {
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && end <= limit.rlim_cur;
}

/* Has the file system set memory aside; a signal may come in between. Returns an error, or 0. */
static int give_memory(int descriptor, uint64_t offset) {
    int error;
    if (!may_reach(offset + mem_chunks_log->chunk))
        return EFBIG;
    do
        error = posix_fallocate(descriptor, (off_t)offset, mem_chunks_log->chunk);
    while (error == EINTR);
    return error;
}

static struct mem_chunk *map_chunk(uint64_t offset) {
    int descriptor = open_again();
    if (descriptor < 0)
        return NULL;
    int error = give_memory(descriptor, offset);
    struct mem_chunk *chunk =
        error == 0 ? mem_pages_map_file(descriptor, offset, mem_chunks_log->chunk) : NULL;
    error = error == 0 ? errno : error;
    close(descriptor);
    errno = error;
    return chunk;
}

struct mem_chunk *mem_chunks_take(uint32_t *number) {
    *number = __atomic_fetch_add(&mem_chunks_log->taken, 1, __ATOMIC_RELAXED);
    if (*number >= mem_chunks_log->most) {
        errno = ENOSPC;
        return NULL;
    }
    uint64_t offset = mem_log_offset(mem_chunks_log, *number);
    if (whole == NULL)
        return map_chunk(offset);
    return (struct mem_chunk *)(void *)(whole + (offset - MEM_LOG_CHUNKS));
}

void mem_chunks_leave(struct mem_chunk *chunk) {
    if (whole == NULL)
        mem_pages_unmap_file(chunk, mem_chunks_log->chunk);
}
