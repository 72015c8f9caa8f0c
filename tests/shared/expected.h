/*
 * expected.h - the figures of a region as they must be: a test changes them step by step, as its
 * calls do, and compares them all.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef EXPECTED_H
#define EXPECTED_H

#include "support.h"

extern struct Mem_Stats expected;

/* ---- comparisons ---- */

void assert_figure(const char *figure, unsigned long long is, unsigned long long wanted);

/* Checks what must hold between the figures of any region: NULL, or what does not hold. */
const char *disagreement(const struct Mem_Stats *stats);
void assert_figures_agree(const struct Mem_Stats *stats);

/* A region has the figures wanted; the default region has those expected. */
void assert_figures_of(Mem_Region *of, const struct Mem_Stats *wanted);
void assert_expected(void);

/* ---- how the figures must change ---- */

/* Expects the figures of a new region of that size; init_and_expect makes the default region
 * before. */
void expect_fresh(Mem_Region *of, size_t size);
void init_and_expect(int size);

/* Expects so many live bytes. */
void expect_live(size_t bytes);

/* Expect what changes when an object of that size is allocated, or freed. */
void expect_object(size_t size);
void expect_free(size_t size);

/* Expects so many free chunks, the largest of that size. */
void expect_chunks(size_t count, size_t largest);

#endif /* EXPECTED_H */
