/*
 * document.h - a page as HTML, but for what its script reads.
 *
 * It is one file that asks for no other, and a policy inside of it forbids it to.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_DOCUMENT_H
#define PAGE_DOCUMENT_H

#include "answer.h"
#include "budget.h"
#include "picture/svg.h"

#include <stdbool.h>
#include <stdio.h>

struct document {
    const struct svg *svg;
    const struct answers *answers;
    const struct budget *budget;
};

/* What comes before the data, and behind. False when memory is short. */
bool document_begin(FILE *out, const struct document *d);
void document_end(FILE *out);

#endif /* PAGE_DOCUMENT_H */
