/*
 * lanes.h - sixteen values compared at once.
 *
 * A node of a tree of maxima is sixteen values side by side, a byte or four
 * bytes each. There are three operations: a mask of the values that are
 * at least a bound (bit i for value i), the maximum, and the maximum of all but one given lane.
 * Of sixteen values of 16 bits, the first can be capped, and the last be raised, to a bound.
 * SSE2, which every x86-64 has, answers each in a few instructions; elsewhere
 * plain loops do, which compilers turn into what the machine has.
 * MEM_PORTABLE_LANES chooses the loops everywhere, so that they can be tested.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_LANES_H
#define MEM_LANES_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define MEM_LANES 16
#define MEM_LANES_SHIFT 4
static_assert(MEM_LANES == 1 << MEM_LANES_SHIFT && MEM_LANES == 16, "vectors of 16 and 64 bytes");

#if defined(__SSE2__) && !defined(MEM_PORTABLE_LANES)

#include <emmintrin.h>

/* The casts go through void *: the array guarantees that its nodes are aligned. */

static inline uint32_t mem_lanes8_at_least(const uint8_t *node, uint32_t value) {
    __m128i lanes = _mm_load_si128((const __m128i *)(const void *)node);
    __m128i least = _mm_set1_epi8((char)value);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(lanes, least), lanes));
}

/* A shuffle copies what it moves, where a shift needs a copy first. */
static inline uint32_t mem_lanes8_horizontal_max(__m128i lanes) {
    lanes = _mm_max_epu8(lanes, _mm_shuffle_epi32(lanes, _MM_SHUFFLE(3, 2, 3, 2)));
    lanes = _mm_max_epu8(lanes, _mm_shuffle_epi32(lanes, _MM_SHUFFLE(1, 1, 1, 1)));
    lanes = _mm_max_epu8(lanes, _mm_shufflelo_epi16(lanes, _MM_SHUFFLE(1, 1, 1, 1)));
    lanes = _mm_max_epu8(lanes, _mm_srli_epi16(lanes, 8));
    return (uint32_t)_mm_cvtsi128_si32(lanes) & UINT8_MAX;
}

static inline uint32_t mem_lanes8_max(const uint8_t *node) {
    return mem_lanes8_horizontal_max(_mm_load_si128((const __m128i *)(const void *)node));
}

/* Ones, read from this on so that one lane gets the zero. */
static const uint8_t mem_lanes8_hole[2 * MEM_LANES - 1] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

static inline uint32_t mem_lanes8_max_but(const uint8_t *node, uint32_t lane) {
    const uint8_t *but = &mem_lanes8_hole[MEM_LANES - 1] - (size_t)lane;
    __m128i lanes = _mm_load_si128((const __m128i *)(const void *)node);
    __m128i others = _mm_loadu_si128((const __m128i *)(const void *)but);
    return mem_lanes8_horizontal_max(_mm_and_si128(lanes, others));
}

static inline __m128i mem_lanes32_less(const __m128i *lanes, __m128i bound) {
    return _mm_cmplt_epi32(_mm_load_si128(lanes), bound);
}

/* The values are less than 2^31, so that comparing them as signed is right. */
static inline uint32_t mem_lanes32_at_least(const uint32_t *node, uint32_t value) {
    const __m128i *lanes = (const __m128i *)(const void *)node;
    __m128i bound = _mm_set1_epi32((int)value);
    __m128i low =
        _mm_packs_epi32(mem_lanes32_less(lanes, bound), mem_lanes32_less(lanes + 1, bound));
    __m128i high =
        _mm_packs_epi32(mem_lanes32_less(lanes + 2, bound), mem_lanes32_less(lanes + 3, bound));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high)) ^ UINT16_MAX;
}

/* SSE2 has no maximum of 32-bit lanes: compare, then choose by the mask. */
static inline __m128i mem_lanes32_larger(__m128i a, __m128i b) {
    __m128i mask = _mm_cmpgt_epi32(a, b);
    return _mm_or_si128(_mm_and_si128(mask, a), _mm_andnot_si128(mask, b));
}

static inline uint32_t mem_lanes32_horizontal_max(__m128i a, __m128i b, __m128i c, __m128i d) {
    __m128i largest = mem_lanes32_larger(mem_lanes32_larger(a, b), mem_lanes32_larger(c, d));
    largest = mem_lanes32_larger(largest, _mm_srli_si128(largest, 8));
    largest = mem_lanes32_larger(largest, _mm_srli_si128(largest, 4));
    return (uint32_t)_mm_cvtsi128_si32(largest);
}

static inline uint32_t mem_lanes32_max(const uint32_t *node) {
    const __m128i *lanes = (const __m128i *)(const void *)node;
    return mem_lanes32_horizontal_max(_mm_load_si128(lanes), _mm_load_si128(lanes + 1),
                                      _mm_load_si128(lanes + 2), _mm_load_si128(lanes + 3));
}

/* Four of the lanes, from `first` on, with 0 for the one of that number. */
static inline __m128i mem_lanes32_but(const uint32_t *node, int first, uint32_t lane) {
    __m128i numbers = _mm_add_epi32(_mm_set_epi32(3, 2, 1, 0), _mm_set1_epi32(first));
    __m128i lanes = _mm_load_si128((const __m128i *)(const void *)(node + first));
    return _mm_andnot_si128(_mm_cmpeq_epi32(numbers, _mm_set1_epi32((int)lane)), lanes);
}

static inline uint32_t mem_lanes32_max_but(const uint32_t *node, uint32_t lane) {
    return mem_lanes32_horizontal_max(
        mem_lanes32_but(node, 0, lane), mem_lanes32_but(node, 4, lane),
        mem_lanes32_but(node, 8, lane), mem_lanes32_but(node, 12, lane));
}

/* Loaded at an offset, two vectors of this are a mask: 0 below a given lane, INT16_MAX from it on.
 */
static const int16_t mem_lanes16_steps[2 * MEM_LANES] = {
    0,         0,         0,         0,         0,         0,         0,         0,
    0,         0,         0,         0,         0,         0,         0,         0,
    INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX,
    INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX, INT16_MAX};

/* INT16_MAX for the lanes from `first` on, else 0: of the eight lanes of one half. */
static inline __m128i mem_lanes16_from(uint32_t first, unsigned half) {
    const int16_t *steps = mem_lanes16_steps + MEM_LANES - first + half * (MEM_LANES / 2);
    return _mm_loadu_si128((const __m128i *)(const void *)steps);
}

static inline void mem_lanes16_lower_to(int16_t *node, uint32_t last, int16_t bound) {
    __m128i *lanes = (__m128i *)(void *)node;
    for (unsigned half = 0; half < 2; half++) {
        __m128i most = _mm_or_si128(_mm_set1_epi16(bound), mem_lanes16_from(last + 1, half));
        _mm_store_si128(lanes + half, _mm_min_epi16(_mm_load_si128(lanes + half), most));
    }
}

static inline void mem_lanes16_raise_from(int16_t *node, uint32_t first, int16_t bound) {
    __m128i *lanes = (__m128i *)(void *)node;
    for (unsigned half = 0; half < 2; half++) {
        __m128i least = _mm_and_si128(_mm_set1_epi16(bound), mem_lanes16_from(first, half));
        _mm_store_si128(lanes + half, _mm_max_epi16(_mm_load_si128(lanes + half), least));
    }
}

#else

/* Makes the lanes up to `last` at most `bound`, which is not negative. */
static inline void mem_lanes16_lower_to(int16_t *node, uint32_t last, int16_t bound) {
    for (unsigned i = 0; i <= last; i++)
        node[i] = node[i] > bound ? bound : node[i];
}

/* Makes the lanes from `first` on at least `bound`, which is not negative. */
static inline void mem_lanes16_raise_from(int16_t *node, uint32_t first, int16_t bound) {
    for (unsigned i = first; i < MEM_LANES; i++)
        node[i] = node[i] < bound ? bound : node[i];
}

static inline uint32_t mem_lanes8_at_least(const uint8_t *node, uint32_t value) {
    uint32_t mask = 0;
    for (unsigned i = 0; i < MEM_LANES; i++)
        mask |= (uint32_t)(node[i] >= value) << i;
    return mask;
}

static inline uint32_t mem_lanes8_max(const uint8_t *node) {
    uint32_t largest = 0;
    for (unsigned i = 0; i < MEM_LANES; i++)
        largest = node[i] > largest ? node[i] : largest;
    return largest;
}

static inline uint32_t mem_lanes8_max_but(const uint8_t *node, uint32_t lane) {
    uint32_t largest = 0;
    for (unsigned i = 0; i < MEM_LANES; i++)
        largest = i != lane && node[i] > largest ? node[i] : largest;
    return largest;
}

static inline uint32_t mem_lanes32_at_least(const uint32_t *node, uint32_t value) {
    uint32_t mask = 0;
    for (unsigned i = 0; i < MEM_LANES; i++)
        mask |= (uint32_t)(node[i] >= value) << i;
    return mask;
}

static inline uint32_t mem_lanes32_max(const uint32_t *node) {
    uint32_t largest = 0;
    for (unsigned i = 0; i < MEM_LANES; i++)
        largest = node[i] > largest ? node[i] : largest;
    return largest;
}

static inline uint32_t mem_lanes32_max_but(const uint32_t *node, uint32_t lane) {
    uint32_t largest = 0;
    for (unsigned i = 0; i < MEM_LANES; i++)
        largest = i != lane && node[i] > largest ? node[i] : largest;
    return largest;
}

#endif

#endif
