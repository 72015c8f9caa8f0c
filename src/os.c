/*
 * os.c - memory from the operating system, by mmap.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "os.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "granule.h"

/* No swap space is set aside: a program that maps 2 GiB and uses little of it pays
 * for that little. */
#define FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)

/* Asked once; threads that ask at once are told the same. */
static size_t page_bytes(void) {
    static _Atomic size_t known;
    size_t bytes = atomic_load_explicit(&known, memory_order_relaxed);
    if (bytes == 0) {
        bytes = (size_t)sysconf(_SC_PAGESIZE);
        atomic_store_explicit(&known, bytes, memory_order_relaxed);
    }
    return bytes;
}

size_t mem_os_round(size_t bytes) {
    return mem_round_up(bytes, page_bytes());
}

size_t mem_os_round_down(size_t bytes) {
    return bytes - bytes % page_bytes();
}

void *mem_os_map(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, FLAGS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void mem_os_unmap(void *memory, size_t bytes) {
    munmap(memory, bytes);
}

/* A refusal tells nothing of how far the system got: it is asked again for each half. */
size_t mem_os_discard(void *pages, size_t bytes) {
    if (madvise(pages, bytes, MADV_DONTNEED) == 0)
        return bytes;
    size_t half = mem_os_round_down(bytes / 2);
    if (half == 0)
        return 0;
    return mem_os_discard(pages, half) + mem_os_discard((char *)pages + half, bytes - half);
}

void *mem_os_map_guarded(size_t bytes) {
    size_t guard = page_bytes();
    char *whole = mmap(NULL, bytes + 2 * guard, PROT_NONE, FLAGS, -1, 0);
    if (whole == MAP_FAILED)
        return NULL;
    if (mprotect(whole + guard, bytes, PROT_READ | PROT_WRITE) != 0) {
        munmap(whole, bytes + 2 * guard);
        return NULL;
    }
#ifdef MADV_NOHUGEPAGE
    /* Refused by kernels without huge pages, which is as good. */
    (void)madvise(whole + guard, bytes, MADV_NOHUGEPAGE);
#endif
    return whole + guard;
}

void mem_os_unmap_guarded(void *memory, size_t bytes) {
    size_t guard = page_bytes();
    munmap((char *)memory - guard, bytes + 2 * guard);
}
