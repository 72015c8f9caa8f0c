/*
 * pages.c - pages of a file, and pages that fork() empties; see pages.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/pages.h"

#include <sys/mman.h>

#include "system/os.h"

/* Linux' number, where the headers of libc are older than that of the kernel. */
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

/* The bytes between the start of the page and the place. */
static size_t within_page(uint64_t place) {
    return (size_t)(place % mem_os_round(1));
}

void *mem_pages_map_file(int descriptor, uint64_t offset, size_t bytes) {
    size_t skipped = within_page(offset);
    char *page = mmap(NULL, skipped + bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor,
                      (off_t)(offset - skipped));
    return page != MAP_FAILED ? page + skipped : NULL;
}

void mem_pages_unmap_file(void *memory, size_t bytes) {
    size_t skipped = within_page((uintptr_t)memory);
    (void)mem_os_unmap((char *)memory - skipped, skipped + bytes);
}

void *mem_pages_map_wiped(void) {
    size_t bytes = mem_os_round(1);
    void *page = mem_os_map(bytes);
    if (page == NULL || madvise(page, bytes, MADV_WIPEONFORK) == 0)
        return page;
    (void)mem_os_unmap(page, bytes);
    return NULL;
}

enum { PAGES_AT_ONCE = 4096 };

/* Of so many pages, at most PAGES_AT_ONCE; none where the system does not tell. */
static size_t resident_pages(char *start, size_t pages) {
    unsigned char in_core[PAGES_AT_ONCE];
    size_t resident = 0;
    if (mincore(start, pages * mem_os_round(1), in_core) != 0)
        return 0;
    for (size_t i = 0; i < pages; i++)
        resident += in_core[i] & 1U;
    return resident;
}

uint64_t mem_pages_resident(const void *memory, size_t bytes) {
    size_t page = mem_os_round(1);
    size_t skipped = within_page((uintptr_t)memory);
    char *start = (char *)memory - skipped;
    size_t left = mem_os_round(skipped + bytes) / page;
    uint64_t resident = 0;
    while (left > 0) {
        size_t pages = left < PAGES_AT_ONCE ? left : PAGES_AT_ONCE;
        resident += resident_pages(start, pages);
        start += pages * page;
        left -= pages;
    }
    return resident * page;
}
