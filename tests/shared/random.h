/*
 * random.h - random numbers that a seed repeats exactly, on every machine.
 *
 * SplitMix64: G. L. Steele, D. Lea, C. H. Flood, Fast splittable pseudorandom
 * number generators, OOPSLA 2014, with the constants of S. Vigna's version. The
 * state is one word, and any seed will do.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A number from 0 to bound - 1; 0 if bound is 0. */
static inline uint32_t random_below(uint64_t *state, uint32_t bound) {
    return (uint32_t)((random_next(state) >> 32) * bound >> 32);
}

/* The same for bounds that may be larger. Of those, the numbers are as good as equally likely. */
static inline uint64_t random_below_large(uint64_t *state, uint64_t bound) {
    return bound <= UINT32_MAX ? random_below(state, (uint32_t)bound) : random_next(state) % bound;
}

#endif
