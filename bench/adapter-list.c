/*
 * adapter-list.c - the allocator of the textbooks, for comparison: one list of free chunks in
 * address order, which every call walks.
 *
 * A header of 16 bytes stands before each object and tells its size; a free
 * chunk has its node there. All sizes include it, and are multiples of 16.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <pthread.h>
#include <sys/mman.h>

enum { HEADER = 16 };

struct chunk {
    size_t bytes;
    struct chunk *next; /* of a free chunk: the next one by address */
};

static char *region;
static struct chunk *head;
static bool worst;
static bool locking;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

const char *adapter_version(void) {
    return "a plain list in address order";
}

bool adapter_start(size_t bytes, enum policy policy, bool threads) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || (policy != POLICY_FIRST && policy != POLICY_WORST))
        return false;
    region = memory;
    head = memory;
    *head = (struct chunk){.bytes = bytes / HEADER * HEADER};
    worst = policy == POLICY_WORST;
    locking = threads;
    return true;
}

void *adapter_region(void) {
    return region;
}

/* The searches return the link to the chunk, or NULL. */

static struct chunk **first_fit(size_t bytes) {
    for (struct chunk **link = &head; *link != NULL; link = &(*link)->next)
        if ((*link)->bytes >= bytes)
            return link;
    return NULL;
}

static struct chunk **worst_fit(size_t bytes) {
    struct chunk **largest = NULL;
    for (struct chunk **link = &head; *link != NULL; link = &(*link)->next)
        if (largest == NULL || (*link)->bytes > (*largest)->bytes)
            largest = link;
    return largest != NULL && (*largest)->bytes >= bytes ? largest : NULL;
}

/* Cuts an object from the low end of a chunk. */
static struct chunk *carve(struct chunk **link, size_t bytes) {
    struct chunk *object = *link;
    if (object->bytes == bytes) {
        *link = object->next;
        return object;
    }
    struct chunk *rest = (void *)((char *)object + bytes);
    *rest = (struct chunk){.bytes = object->bytes - bytes, .next = object->next};
    *link = rest;
    object->bytes = bytes;
    return object;
}

static bool touches(const struct chunk *low, const struct chunk *high) {
    return (const char *)low + low->bytes == (const char *)high;
}

/* Joins a chunk with the next one where they touch. */
static void join(struct chunk *chunk) {
    if (chunk->next == NULL || !touches(chunk, chunk->next))
        return;
    chunk->bytes += chunk->next->bytes;
    chunk->next = chunk->next->next;
}

static void insert(struct chunk *chunk) {
    struct chunk *before = NULL;
    struct chunk *after = head;
    for (; after != NULL && after < chunk; after = after->next)
        before = after;
    chunk->next = after;
    join(chunk);
    if (before == NULL) {
        head = chunk;
        return;
    }
    before->next = chunk;
    join(before);
}

void *adapter_allocate(size_t bytes) {
    size_t whole = (bytes + HEADER + HEADER - 1) / HEADER * HEADER;
    if (locking)
        pthread_mutex_lock(&lock);
    struct chunk **link = worst ? worst_fit(whole) : first_fit(whole);
    char *object = link != NULL ? (char *)carve(link, whole) + HEADER : NULL;
    if (locking)
        pthread_mutex_unlock(&lock);
    return object;
}

void adapter_release(void *object) {
    if (locking)
        pthread_mutex_lock(&lock);
    insert((void *)((char *)object - HEADER));
    if (locking)
        pthread_mutex_unlock(&lock);
}
