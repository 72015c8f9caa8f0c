/*
 * output.h - text for standard output, or another descriptor, without malloc and with little stack.
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

/* Several lines of usual length; no more, because the library promises to need little stack. */
#define MEM_OUTPUT_BYTES 1024

struct mem_output {
    FILE *stream;
    int descriptor; /* of the stream, or -1 */
    bool failed;    /* a write has failed; further text is lost */
    size_t used;    /* bytes of text; whenever a line begins, a whole one fits */
    char text[MEM_OUTPUT_BYTES];
};

/* Begins output to the current stdout, after flushing what the program has printed there. */
void mem_output_begin(struct mem_output *output);

/* Begins output to a descriptor, which no stream is asked about. */
void mem_output_begin_on(struct mem_output *output, int descriptor);

/* Append to the line: a string; a number, padded with blanks on the left to a width; an address, as
 * printf's %p shows it. */
void mem_output_string(struct mem_output *output, const char *string);
void mem_output_number(struct mem_output *output, size_t number, size_t width);
void mem_output_address(struct mem_output *output, const void *address);

/* Ends a line. May write to the stream, and so may block. */
void mem_output_end_line(struct mem_output *output);

/* Writes what is left. */
void mem_output_end(struct mem_output *output);

#endif
