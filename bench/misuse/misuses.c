/*
 * misuses.c - what a program can do to its heap that it must not; see misuses.h.
 *
 * A misuse begins with objects that lie in a row. What it frees no longer counts as owned by the
 * program (own.h). Then it frees or writes as no program may. The consequences show elsewhere
 * (aftermath.c).
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "heap.h"
#include "misuses.h"
#include "own.h"
#include "random.h"
#include "verdict.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_OBJECT = 1 << 20, ATTEMPTS = 200, WORD = sizeof(uintptr_t) };

/* ---- what several do ---- */

static char *freed(char *object) {
    own_drop(object);
    heap_release(object);
    return object;
}

static uintptr_t chosen_address(const struct setting *s) {
    return (uintptr_t)s->in_static + AREA / 2;
}

static void spoil(const struct setting *s, char *at, size_t bytes) {
    const uintptr_t address = chosen_address(s);
    uint64_t random = 1;
    for (size_t i = 0; i < bytes; i++)
        switch (s->filling) {
        case ZEROS:
            at[i] = 0;
            break;
        case ONES:
            at[i] = (char)0xff;
            break;
        case NOISE:
            at[i] = (char)random_next(&random);
            break;
        default:
            at[i] = ((const char *)&address)[i % WORD];
        }
}

/* The number of the object whose successor in the row is nearest. */
static size_t nearest(const struct setting *s) {
    size_t best = 1;
    for (size_t i = 1; i + 1 < ROW; i++)
        if (s->row[i + 1] - s->row[i] < s->row[best + 1] - s->row[best])
            best = i;
    return best;
}

/* Allocates until an object covers the address; exactly: until one starts there. An allocator may
 * never let that happen. */
static void cover(const char *address, size_t bytes, bool exactly) {
    for (int i = 0; i < ATTEMPTS; i++) {
        char *object = heap_allocate(bytes);
        own_object(object, bytes);
        if (exactly ? object == address : object <= address && address < object + bytes)
            return;
    }
}

/* ---- frees ---- */

static bool free_twice(struct setting *s) {
    return heap_release(freed(s->row[3]));
}

static bool free_twice_with_another_between(struct setting *s) {
    freed(s->row[3]);
    freed(s->row[5]);
    return heap_release(s->row[3]);
}

static bool free_twice_of_huge(struct setting *s) {
    (void)s;
    char *object = heap_allocate(HUGE_OBJECT);
    own_object(object, HUGE_OBJECT);
    return heap_release(freed(object));
}

/* The memory has become part of a larger object. */
static bool free_of_covered(struct setting *s) {
    freed(s->row[2]);
    freed(s->row[3]);
    cover(s->row[3], 2 * s->bytes, false);
    return heap_release(s->row[3]);
}

static bool free_of_reused(struct setting *s) {
    freed(s->row[3]);
    cover(s->row[3], s->bytes, true);
    return heap_release(s->row[3]);
}

static bool free_of_interior(struct setting *s) {
    return heap_release(s->row[3] + 16);
}

static bool free_of_misaligned(struct setting *s) {
    return heap_release(s->row[3] + 4);
}

static bool free_of_stack(struct setting *s) {
    return heap_release(s->on_stack + AREA / 2);
}

static bool free_of_static(struct setting *s) {
    return heap_release(s->in_static + AREA / 2);
}

static bool free_of_foreign(struct setting *s) {
    return heap_release(s->foreign);
}

/* An address where nothing is mapped any more. */
static bool free_of_wild(struct setting *s) {
    (void)s;
    char *nowhere =
        mmap(NULL, HUGE_OBJECT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    munmap(nowhere, HUGE_OBJECT);
    return heap_release(nowhere + HUGE_OBJECT / 2);
}

/* ---- other calls ---- */

static bool resized(char *object, size_t bytes) {
    char *now = heap_resize(object, bytes);
    if (now != NULL)
        own_object(now, bytes);
    return now != NULL;
}

static bool grow_freed(struct setting *s) {
    return resized(freed(s->row[3]), 3 * s->bytes);
}

static bool shrink_freed(struct setting *s) {
    return resized(freed(s->row[3]), s->bytes / 2);
}

static bool size_of_freed(struct setting *s) {
    return heap_size(freed(s->row[3])) != 0;
}

/* The product overflows to 32. An object of 32 bytes would be used as a larger one, and share bytes
 * with others. */
static bool overflow_product(struct setting *s) {
    (void)s;
    const bool taken = heap_allocate_array(SIZE_MAX / 32 + 2, 32) != NULL;
    if (taken)
        verdict_note(OVERLAPPED);
    return taken;
}

/* ---- overflows ---- */

static bool overflow(struct setting *s, size_t bytes, bool into_free) {
    const size_t i = nearest(s);
    char *object = s->row[i];
    if (into_free)
        freed(s->row[i + 1]);
    spoil(s, object + heap_size(object), bytes);
    return true;
}

static bool overflow_by_1_into_live(struct setting *s) {
    return overflow(s, 1, false);
}

static bool overflow_by_16_into_live(struct setting *s) {
    return overflow(s, 16, false);
}

static bool overflow_by_64_into_live(struct setting *s) {
    return overflow(s, 64, false);
}

static bool overflow_by_1_into_free(struct setting *s) {
    return overflow(s, 1, true);
}

static bool overflow_by_16_into_free(struct setting *s) {
    return overflow(s, 16, true);
}

static bool overflow_by_64_into_free(struct setting *s) {
    return overflow(s, 64, true);
}

static bool underflow(struct setting *s, size_t bytes, bool into_free) {
    const size_t i = nearest(s);
    if (into_free)
        freed(s->row[i]);
    spoil(s, s->row[i + 1] - bytes, bytes);
    return true;
}

static bool underflow_by_16_into_live(struct setting *s) {
    return underflow(s, 16, false);
}

static bool underflow_by_16_into_free(struct setting *s) {
    return underflow(s, 16, true);
}

/* ---- writes after free ---- */

/* The link of the lower of two chunks to the upper one. It is there in a list by address, and in
 * one that begins with the chunk freed last. */
static char *link_of_two_freed(const struct setting *s) {
    freed(s->row[5]);
    return freed(s->row[2]) + heap_link_at;
}

static void write_word(char *at, uintptr_t word) {
    memcpy(at, &word, WORD);
}

/* Redirects the link to row[5], also in an allocator that masks links by an exclusive or with
 * something constant. */
static void redirect(const struct setting *s, char *link, uintptr_t where) {
    uintptr_t word;
    memcpy(&word, link, WORD);
    write_word(link, word ^ (uintptr_t)s->row[5] ^ where);
}

static bool write_link(struct setting *s) {
    write_word(link_of_two_freed(s), chosen_address(s));
    return true;
}

static bool write_hidden_link(struct setting *s) {
    redirect(s, link_of_two_freed(s), chosen_address(s));
    return true;
}

static bool write_cycle(struct setting *s) {
    redirect(s, link_of_two_freed(s), (uintptr_t)s->row[2]);
    return true;
}

static bool write_cycle_of_two(struct setting *s) {
    char *link = link_of_two_freed(s);
    write_word(s->row[5] + heap_link_at, (uintptr_t)s->row[2]);
    write_word(link, (uintptr_t)s->row[5]);
    return true;
}

static bool write_all(struct setting *s) {
    const size_t bytes = heap_size(s->row[3]);
    spoil(s, freed(s->row[3]), bytes);
    return true;
}

static bool write_all_of_huge(struct setting *s) {
    char *object = heap_allocate(HUGE_OBJECT);
    own_object(object, HUGE_OBJECT);
    spoil(s, freed(object), HUGE_OBJECT);
    return true;
}

const struct misuse misuses[] = {
    {"free twice, at once", BAD_CALL, free_twice},
    {"free twice, another free between", BAD_CALL, free_twice_with_another_between},
    {"free twice, an object of 1 MiB", BAD_CALL, free_twice_of_huge},
    {"free of a stale pointer, now inside another object", BAD_CALL, free_of_covered},
    {"free of a stale pointer, now the start of another object", UNKNOWABLE, free_of_reused},
    {"free of an interior pointer", BAD_CALL, free_of_interior},
    {"free of a misaligned pointer", BAD_CALL, free_of_misaligned},
    {"free of memory on the stack", BAD_CALL, free_of_stack},
    {"free of static memory", BAD_CALL, free_of_static},
    {"free of another region's object, or of mmap's memory", BAD_CALL, free_of_foreign},
    {"free of a wild pointer", BAD_CALL, free_of_wild},
    {"resize of a freed object, to a larger one", BAD_CALL, grow_freed},
    {"resize of a freed object, to a smaller one", BAD_CALL, shrink_freed},
    {"size of a freed object", BAD_CALL, size_of_freed},
    {"array whose size overflows", BAD_CALL, overflow_product},
    {"overflow by 1 byte, the neighbour live", WRITE_LIVE, overflow_by_1_into_live},
    {"overflow by 16 bytes, the neighbour live", WRITE_LIVE, overflow_by_16_into_live},
    {"overflow by 64 bytes, the neighbour live", WRITE_LIVE, overflow_by_64_into_live},
    {"overflow by 1 byte, the neighbour free", WRITE_FREE, overflow_by_1_into_free},
    {"overflow by 16 bytes, the neighbour free", WRITE_FREE, overflow_by_16_into_free},
    {"overflow by 64 bytes, the neighbour free", WRITE_FREE, overflow_by_64_into_free},
    {"underflow by 16 bytes, the neighbour live", WRITE_LIVE, underflow_by_16_into_live},
    {"underflow by 16 bytes, the neighbour free", WRITE_FREE, underflow_by_16_into_free},
    {"write after free: a link to a chosen address", WRITE_FREE, write_link},
    {"write after free: the same, hidden as the heap hides its own", WRITE_FREE, write_hidden_link},
    {"write after free: a link to itself", WRITE_FREE, write_cycle},
    {"write after free: a cycle of two links", WRITE_FREE, write_cycle_of_two},
    {"write after free: all of the object", WRITE_FREE, write_all},
    {"write after free: all of an object of 1 MiB", WRITE_FREE, write_all_of_huge},
};

const int misuse_count = sizeof misuses / sizeof *misuses;
