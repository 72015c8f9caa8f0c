/*
 * passes.c - moves the bar.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "passes.h"

#include <sys/mman.h>

static void move_bar(void *who, size_t done) {
    const struct passes *p = who;
    progress_step(p->progress, p->done * p->operations + done, p->all * p->operations);
}

struct replay_watcher passes_watcher(struct passes *p) {
    return (struct replay_watcher){move_bar, p};
}

void *passes_share(size_t bytes, struct complaint *c) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED)
        return memory;
    complain(c, 0, "out of memory");
    return NULL;
}

void passes_unshare(void *memory, size_t bytes) {
    if (memory != NULL)
        munmap(memory, bytes);
}
