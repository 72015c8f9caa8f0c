/*
 * callers.c - a hash table with open addressing and linear probing (Knuth, The Art of Computer
 * Programming, volume 3, 6.4), at most half full.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/callers.h"

#include <stddef.h>

#include "system/os.h"

struct caller {
    uintptr_t address;
    uint32_t number; /* 0: the place is free */
};

static struct {
    struct caller *places; /* NULL before the first caller */
    unsigned bits;         /* there are 2 to the power of it */
    uint32_t count;
} table;

enum { FIRST_BITS = 10, MOST_BITS = 26 };

/* Places made beforehand: for 65536 callers. */
enum { RESERVED_BITS = 17 };

static size_t places_bytes(unsigned bits) {
    return mem_os_round(sizeof(struct caller) << bits);
}

/* Multiplicative hashing: the golden ratio's fraction of 2 to the power of 64. */
static size_t hash(uintptr_t address, unsigned bits) {
    return (size_t)((uint64_t)address * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
}

/* The place of an address, or the free one where it belongs. */
static struct caller *place_of(struct caller *places, unsigned bits, uintptr_t address) {
    size_t last = ((size_t)1 << bits) - 1;
    size_t i = hash(address, bits);
    while (places[i].number != 0 && places[i].address != address)
        i = (i + 1) & last;
    return &places[i];
}

static void move_all(struct caller *to, unsigned bits) {
    for (size_t i = 0; i < (size_t)1 << table.bits; i++)
        if (table.places[i].number != 0)
            *place_of(to, bits, table.places[i].address) = table.places[i];
    (void)mem_os_unmap(table.places, places_bytes(table.bits));
}

/* Makes room for one more; false when the system refuses memory. */
static bool make_room(void) {
    if (table.places != NULL && table.count < (uint32_t)1 << (table.bits - 1))
        return true;
    unsigned bits = table.places != NULL ? table.bits + 1 : FIRST_BITS;
    struct caller *places = bits <= MOST_BITS ? mem_os_map(places_bytes(bits)) : NULL;
    if (places == NULL)
        return false;
    if (table.places != NULL)
        move_all(places, bits);
    table.places = places;
    table.bits = bits;
    return true;
}

void mem_callers_reserve(void) {
    if (table.places != NULL)
        return;
    table.places = mem_os_map(places_bytes(RESERVED_BITS));
    table.bits = RESERVED_BITS;
}

static uint32_t known_number(uintptr_t address) {
    return table.places != NULL ? place_of(table.places, table.bits, address)->number : 0;
}

uint64_t mem_callers_number(uintptr_t address, bool *is_new) {
    uint32_t number = known_number(address);
    *is_new = number == 0 && make_room();
    if (*is_new) {
        number = ++table.count;
        *place_of(table.places, table.bits, address) = (struct caller){address, number};
    }
    return number;
}
