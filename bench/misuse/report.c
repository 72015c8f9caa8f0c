/*
 * report.c - prints what each misuse comes to with the allocator of this program:
 *
 *     with-libmem
 *     with-malloc            or with LD_PRELOAD=LIBRARY
 *
 * The first line is the allocator's name, then comes a line `MISUSE<tab>VERDICT` for each.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "heap.h"
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
    static char buffer[BUFSIZ]; /* stdio would allocate it from the heap */
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    printf("%s\n", heap_name());
    for (int i = 0; i < misuse_count; i++)
        printf("%s\t%s\n", misuses[i].name, verdict_name(trial_worst(&misuses[i])));
    return EXIT_SUCCESS;
}
