/*
 * adapter.h - what the driver asks of an allocator.
 *
 * A process has one malloc, so each allocator is a program of its own: the
 * driver (driver.c and the experiments) linked with one adapter.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef ADAPTER_H
#define ADAPTER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Most allocators have one way to place an object, and know POLICY_OWN alone. */
enum policy { POLICY_OWN, POLICY_FIRST, POLICY_WORST, POLICY_BEST };

/* Name and version of the allocator, for the report. */
const char *adapter_version(void);

/*
 * Makes ready for objects of so many bytes in all, bookkeeping included. An
 * allocator that works in a region makes one of that size; it needs no lock
 * when threads is false. Called once, before the first allocation. False when
 * the system refuses, or the policy is not known.
 */
bool adapter_start(size_t bytes, enum policy policy, bool threads);

/* The first byte of that region; NULL for an allocator that takes from the
 * system what it needs, and so refuses no request. */
void *adapter_region(void);

/* NULL when there is no room. The object is aligned to 16 bytes. */
void *adapter_allocate(size_t bytes);
void adapter_release(void *object);

#ifdef __cplusplus
}
#endif

#endif
