/*
 * bits.h - words of 64 bits as sets: the lowest and the highest member, and
 * the masks that cut a word in two.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_BITS_H
#define MEM_BITS_H

#include <assert.h>
#include <limits.h>
#include <stdint.h>

#include "system/assertion.h"

static_assert(sizeof(unsigned long long) * CHAR_BIT == 64, "the builtins below take 64 bits");

/* The number of the lowest bit set; word is not 0. */
static inline unsigned mem_bits_lowest(uint64_t word) {
    mem_assert(word != 0, "a set with a member");
    return (unsigned)__builtin_ctzll(word);
}

/* The number of the highest bit set; word is not 0. The xor, unlike 63 minus,
 * leaves one instruction on machines that count from the low end. */
static inline unsigned mem_bits_highest(uint64_t word) {
    mem_assert(word != 0, "a set with a member");
    return (unsigned)__builtin_clzll(word) ^ 63;
}

/* The one bit of that number; it counts modulo 64. */
static inline uint64_t mem_bits_one(uint32_t number) {
    return UINT64_C(1) << (number & 63);
}

/* All bits below that of the number, modulo 64. */
static inline uint64_t mem_bits_below(uint32_t number) {
    return mem_bits_one(number) - 1;
}

/* All bits above that of the number, modulo 64. Bit 0 is clear before the shift: shifting all ones
 * by one place more could be a shift by 64, which is undefined. */
static inline uint64_t mem_bits_above(uint32_t number) {
    return ~UINT64_C(1) << (number & 63);
}

#endif
