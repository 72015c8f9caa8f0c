/*
 * lines.c - reads lines, and numbers in them.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/lines.h"

#include <string.h>

void lines_begin(struct lines *l, struct input *in, size_t most, bool is_strict) {
    l->input = in;
    l->most = most;
    l->is_strict = is_strict;
    l->number = 0;
    l->text[0] = '\0';
}

static enum lines_next bad(const struct lines *l, const char *what, struct complaint *c) {
    complain(c, l->number, "%s", what);
    return LINES_BAD;
}

enum lines_next lines_read(struct lines *l, struct complaint *c) {
    size_t length = 0;
    int byte;
    l->number++;
    while ((byte = input_byte(l->input)) >= 0 && byte != '\n') {
        if (byte == '\0' && l->is_strict)
            return bad(l, "a NUL byte: this is not a text file", c);
        if (length < l->most)
            l->text[length++] = byte != '\0' ? (char)byte : '?';
        else if (l->is_strict)
            return bad(l, "the line is too long", c);
    }
    if (byte == INPUT_ERROR)
        return bad(l, l->input->error, c);
    if (byte == INPUT_END && length == 0)
        return LINES_END;
    if (length > 0 && l->text[length - 1] == '\r')
        length--;
    l->text[length] = '\0';
    return LINES_READ;
}

bool lines_any(const unsigned char *bytes, size_t count, bool (*likes)(const char *line)) {
    char line[LINES_ROOM];
    while (count > 0) {
        const unsigned char *newline = memchr(bytes, '\n', count);
        size_t length = newline != NULL ? (size_t)(newline - bytes) : count;
        size_t kept = length < sizeof line ? length : sizeof line - 1;
        memcpy(line, bytes, kept);
        line[kept] = '\0';
        if (likes(line))
            return true;
        length += newline != NULL;
        bytes += length;
        count -= length;
    }
    return false;
}

/* ---- What stands in a line ---- */

bool lines_take(const char **at, const char *literal) {
    size_t length = strlen(literal);
    if (strncmp(*at, literal, length) != 0)
        return false;
    *at += length;
    return true;
}

static int digit_of(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 16;
}

static bool take_number(const char **at, int base, uint64_t *value) {
    const char *digit = *at;
    uint64_t number = 0;
    for (; digit_of(*digit) < base; digit++)
        if (__builtin_mul_overflow(number, (uint64_t)base, &number) ||
            __builtin_add_overflow(number, (uint64_t)digit_of(*digit), &number))
            return false;
    if (digit == *at)
        return false;
    *at = digit;
    *value = number;
    return true;
}

bool lines_decimal(const char **at, uint64_t *value) {
    return take_number(at, 10, value);
}

bool lines_hex(const char **at, uint64_t *value) {
    const char *digits = *at;
    (void)(lines_take(&digits, "0x") || lines_take(&digits, "0X"));
    if (!take_number(&digits, 16, value))
        return false;
    *at = digits;
    return true;
}

bool lines_address(const char **at, uint64_t *value) {
    if (!lines_take(at, "(nil)"))
        return lines_hex(at, value);
    *value = 0;
    return true;
}
