/*
 * output.c - text for standard output; see output.h.
 *
 * Text goes straight to the descriptor of stdout, because stdio would allocate a buffer; what
 * stdout still holds is flushed first, to keep the order. A stream without a descriptor, as
 * open_memstream() makes them, is written to by fwrite. Numbers are formatted here, because printf
 * and its kin take more than a KiB of stack.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/output.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "system/assertion.h"

/* ---- Writing ---- */

/* Whether a failed write can be retried. If a nonblocking descriptor has no room, waits for some
 * first, as a write to a blocking one would. */
static bool may_write_again(int descriptor) {
    struct pollfd room = {.fd = descriptor, .events = POLLOUT};
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return false;
    return poll(&room, 1, -1) != -1 || errno == EINTR;
}

/* Writes so many bytes; false when the descriptor takes no more. */
static bool write_all(int descriptor, const char *text, size_t bytes) {
    while (bytes > 0) {
        ssize_t written = write(descriptor, text, bytes);
        if (written == 0 || (written < 0 && !may_write_again(descriptor)))
            return false;
        if (written > 0) {
            text += written;
            bytes -= (size_t)written;
        }
    }
    return true;
}

static bool write_out(const struct mem_output *output) {
    if (output->descriptor >= 0)
        return write_all(output->descriptor, output->text, output->used);
    return fwrite(output->text, 1, output->used, output->stream) == output->used;
}

static void flush(struct mem_output *output) {
    if (!output->failed && !write_out(output))
        output->failed = true;
    output->used = 0;
}

void mem_output_begin(struct mem_output *output) {
    output->stream = stdout;
    fflush(output->stream);
    output->descriptor = fileno(output->stream);
    output->failed = false;
    output->used = 0;
}

void mem_output_begin_on(struct mem_output *output, int descriptor) {
    output->stream = NULL;
    output->descriptor = descriptor;
    output->failed = false;
    output->used = 0;
}

void mem_output_end(struct mem_output *output) {
    flush(output);
    if (output->descriptor < 0)
        fflush(output->stream);
}

/* ---- Text ---- */

static void put(struct mem_output *output, char byte) {
    mem_assert(output->used < MEM_OUTPUT_BYTES, "a line fits");
    output->text[output->used++] = byte;
}

void mem_output_string(struct mem_output *output, const char *string) {
    while (*string != '\0')
        put(output, *string++);
}

/* Digits come lowest first, so they are buffered. 64 bits have at most 20, in base 10. */
static void put_digits(struct mem_output *output, uintmax_t number, unsigned base, size_t width) {
    char digits[20];
    size_t count = 0;
    do
        digits[count++] = "0123456789abcdef"[number % base];
    while ((number /= base) != 0);
    for (size_t blanks = count; blanks < width; blanks++)
        put(output, ' ');
    while (count > 0)
        put(output, digits[--count]);
}

void mem_output_number(struct mem_output *output, size_t number, size_t width) {
    put_digits(output, number, 10, width);
}

void mem_output_address(struct mem_output *output, const void *address) {
    mem_output_string(output, "0x");
    put_digits(output, (uintptr_t)address, 16, 0);
}

void mem_output_end_line(struct mem_output *output) {
    put(output, '\n');
    if (output->used > MEM_OUTPUT_BYTES - MEM_OUTPUT_LINE)
        flush(output);
}
