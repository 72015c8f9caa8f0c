/*
 * output.h - text for standard output, which needs neither malloc nor much stack.
 *
 * Lines are gathered in a buffer of the caller's and go out whole, several at a time.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_OUTPUT_H
#define MEM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "system/names.h"

/* The longest line, in bytes: four numbers of at most 20 digits, and words. */
#define MEM_OUTPUT_LINE 160

/* Some lines of the usual length. The calls of the library promise to need little stack. */
#define MEM_OUTPUT_BYTES 1024

struct mem_output {
    FILE *stream;
    int descriptor; /* of the stream; -1: it has none */
    bool failed;    /* it takes no more; what is put is lost */
    size_t used;    /* bytes of the text, always so few that a line fits behind them */
    char text[MEM_OUTPUT_BYTES];
};

/* Begins at what is stdout now. What the program has printed there comes first. */
void mem_output_begin(struct mem_output *output);

/* Put a part of a line: a string, a number with blanks before it up to a width, an address as
 * printf's %p shows it. */
void mem_output_string(struct mem_output *output, const char *string);
void mem_output_number(struct mem_output *output, size_t number, size_t width);
void mem_output_address(struct mem_output *output, const void *address);

/* Ends a line. This may write, and so take as long as it likes. */
void mem_output_end_line(struct mem_output *output);

/* Writes what is left. */
void mem_output_end(struct mem_output *output);

#endif
