/*
 * sample.c - a program for compilers and debuggers to work on: it sorts some words.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
    return strcmp(a, b);
}

int main(void) {
    char words[100][8];
    for (int i = 0; i < 100; i++)
        snprintf(words[i], sizeof words[i], "%d", i * 37 % 101);
    qsort(words, 100, sizeof words[0], compare);
    puts(words[50]);
}
