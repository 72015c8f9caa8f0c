/*
 * styles.c - the three styles of placement beside each other: where an object of 200 bytes goes.
 *
 * Two objects of 512 and 256 bytes are freed between others that stay, so that there are three free
 * chunks: these two, and the rest of the region. Each style picks another one of them.
 *
 * Compile:
 *
 *     cc styles.c -o styles $(pkg-config --cflags --libs libmem)
 *
 * Prints, where a page has 4 KiB:
 *
 *     free: 512 bytes at 64, 256 bytes at 640, 3136 bytes at 960
 *     FIRSTFIT, the lowest that is large enough: at 64
 *     free: 304 bytes at 272, 256 bytes at 640, 3136 bytes at 960
 *     BESTFIT, the smallest that is large enough: at 640
 *     free: 512 bytes at 64, 48 bytes at 848, 3136 bytes at 960
 *     WORSTFIT, the largest: at 960
 *     free: 512 bytes at 64, 256 bytes at 640, 2928 bytes at 1168
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mem.h>
#include <stdio.h>

/* Addresses are told from here: the first object lies at the start of the region. */
static char *start;

static void print_free(void) {
    const char *separator = "free:";
    for (MemNodePtr node = Mem_FreeList(); node != NULL; node = node->next) {
        printf("%s %d bytes at %td", separator, node->size, (char *)node - start);
        separator = ",";
    }
    printf("\n");
}

/* Allocates by that style, and takes the object back for the next one to meet the same heap. */
static void try_style(int style, const char *description) {
    char *object = Mem_Alloc(200, style);
    if (object == NULL) {
        printf("%s: %s\n", description, Mem_StrError(m_error));
        return;
    }
    printf("%s: at %td\n", description, object - start);
    print_free();
    Mem_Free(object);
}

int main(void) {
    if (Mem_Init(4096) != 0) {
        fprintf(stderr, "styles: %s\n", Mem_StrError(m_error));
        return 1;
    }
    /* In an empty region, each object lies right behind the one before. */
    start = Mem_Alloc(64, FIRSTFIT);
    char *large = Mem_Alloc(512, FIRSTFIT);
    Mem_Alloc(64, FIRSTFIT);
    char *small = Mem_Alloc(256, FIRSTFIT);
    Mem_Alloc(64, FIRSTFIT);
    Mem_Free(large);
    Mem_Free(small);
    print_free();

    try_style(FIRSTFIT, "FIRSTFIT, the lowest that is large enough");
    try_style(BESTFIT, "BESTFIT, the smallest that is large enough");
    try_style(WORSTFIT, "WORSTFIT, the largest");
    return Mem_Check() == 0 ? 0 : 1;
}
