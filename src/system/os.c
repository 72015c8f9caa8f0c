/*
 * os.c - memory from the operating system by mmap, and sleep; see os.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/os.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "system/round.h"

/* MAP_NORESERVE: no swap space is set aside, so that a program that maps 2 GiB pays only for what
 * it uses. */
#define FLAGS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)

/* Cached. Threads that race here all store the same value. */
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

bool mem_os_unmap(void *memory, size_t bytes) {
    return munmap(memory, bytes) == 0;
}

/* MADV_FREE would leave the pages resident until memory is scarce, and would not zero them. */
bool mem_os_discard_all(void *pages, size_t bytes) {
    return madvise(pages, bytes, MADV_DONTNEED) == 0;
}

/* A failed madvise does not tell how far it got, so each half is tried again. */
size_t mem_os_discard(void *pages, size_t bytes) {
    if (mem_os_discard_all(pages, bytes))
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
    /* Kernels without huge pages refuse this, which does no harm. */
    (void)madvise(whole + guard, bytes, MADV_NOHUGEPAGE);
#endif
    return whole + guard;
}

bool mem_os_unmap_guarded(void *memory, size_t bytes) {
    size_t guard = page_bytes();
    return munmap((char *)memory - guard, bytes + 2 * guard) == 0;
}

/* ---- Sleep ---- */

#ifdef __linux__

#include <sys/syscall.h>

/* FUTEX_WAIT_PRIVATE and FUTEX_WAKE_PRIVATE: not every libc has their header. */
enum { WAIT_PRIVATE = 128, WAKE_PRIVATE = 129 };

/* 32-bit machines that have always had 64-bit time lack the first call. Without a timeout, both do
 * the same. */
#ifdef SYS_futex
enum { FUTEX = SYS_futex };
#else
enum { FUTEX = SYS_futex_time64 };
#endif

void mem_os_wait(atomic_uint *word, unsigned value) {
    int error = errno;
    syscall(FUTEX, word, WAIT_PRIVATE, value, NULL);
    errno = error;
}

void mem_os_wake(atomic_uint *word) {
    int error = errno;
    syscall(FUTEX, word, WAKE_PRIVATE, 1);
    errno = error;
}

#else

#include <time.h>

/* No such call is portable, so a waiting thread looks again every 50 us. */
void mem_os_wait(atomic_uint *word, unsigned value) {
    int error = errno;
    struct timespec pause = {.tv_nsec = 50000};
    if (atomic_load_explicit(word, memory_order_relaxed) == value)
        nanosleep(&pause, NULL);
    errno = error;
}

void mem_os_wake(atomic_uint *word) {
    (void)word;
}

#endif
