/*
 * interposed.c - mmap and its kin, recorded; see interposed.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#undef _FILE_OFFSET_BITS /* would turn the name mmap into another */
#include "interposed.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct record record;

void begin_record(int fail_at) {
    memset(&record, 0, sizeof record);
    record.fail_at = fail_at;
}

#if INTERPOSED

#include <sys/syscall.h>

static bool must_fail(void) {
    record.calls++;
    if (++record.can_fail != record.fail_at)
        return false;
    errno = ENOMEM;
    return true;
}

/* Where addresses have 32 bits, the kernel takes the offset in units of 4 KiB. */
#ifdef SYS_mmap2
enum { MMAP = SYS_mmap2, OFFSET_UNIT = 4096 };
#else
enum { MMAP = SYS_mmap, OFFSET_UNIT = 1 };
#endif

static void *map(void *start, size_t size, int protection, int flags, int file, long long offset) {
    if (must_fail())
        return MAP_FAILED;
    void *memory =
        (void *)syscall(MMAP, start, size, protection, flags, file, offset / OFFSET_UNIT);
    if (memory == MAP_FAILED)
        return memory;
    if (record.made < (int)COUNT(record.mappings))
        record.mappings[record.made++] = (struct mapping){memory, size, protection, flags};
    if ((flags & MAP_FIXED) == 0)
        record.mapped += size;
    return memory;
}

void *mmap(void *start, size_t size, int protection, int flags, int file, off_t offset) {
    return map(start, size, protection, flags, file, offset);
}

#if defined __GLIBC__
void *mmap64(void *start, size_t size, int protection, int flags, int file, off64_t offset) {
    return map(start, size, protection, flags, file, offset);
}
#endif

int munmap(void *start, size_t size) {
    record.calls++;
    if (++record.unmappings == record.keep_at) {
        errno = ENOMEM;
        return -1;
    }
    const int result = (int)syscall(SYS_munmap, start, size);
    record.unmapped += result == 0 ? size : 0;
    return result;
}

int mprotect(void *start, size_t size, int protection) {
    return must_fail() ? -1 : (int)syscall(SYS_mprotect, start, size, protection);
}

int madvise(void *start, size_t size, int advice) {
    record.calls++;
    return (int)syscall(SYS_madvise, start, size, advice);
}

#endif
