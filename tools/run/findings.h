/*
 * findings.h - what a sweep has found, by what the program did and where it had asked for memory.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "malloc/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct finding {
    char what[64];
    char place[320];
    uint64_t first; /* the number of the first such allocation */
    uint64_t count;
};

struct findings {
    struct finding *first;
    size_t count;
    size_t room;
};

/* Adds one, of the allocation with that number. False when memory is short. */
bool findings_add(struct findings *f, const char *what, uint64_t number,
                  const struct mem_refusal *refusal);

void findings_print(const struct findings *f, FILE *out);
void findings_free(struct findings *f);

#endif /* FINDINGS_H */
