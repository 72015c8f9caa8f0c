/*
 * primes.c - a plugin that keeps house: it frees what it has allocated.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "plugin.h"

#include <stdio.h>

#define LIMIT 1000

/* The sieve of Eratosthenes. */
bool primes(Mem_Region *region) {
    bool *composite = Mem_RegionCalloc(region, LIMIT, sizeof *composite, FIRSTFIT);
    if (composite == NULL)
        return false;
    int count = 0;
    for (int i = 2; i < LIMIT; i++) {
        if (composite[i])
            continue;
        count++;
        for (int multiple = 2 * i; multiple < LIMIT; multiple += i)
            composite[multiple] = true;
    }
    printf("primes: %d below %d\n", count, LIMIT);
    return Mem_RegionFree(region, composite) == 0;
}
