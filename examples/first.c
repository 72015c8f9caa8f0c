/*
 * first.c - a first program: it allocates by two styles, frees one object twice, and looks at the
 * answer and at what is free then.
 *
 * Compile:
 *
 *     cc first.c -o first $(pkg-config --cflags --libs libmem)
 *
 * Prints, where a page has 4 KiB, and with other addresses:
 *
 *     freed again: The pointer is not the start of a live object
 *     libmem: free chunks of the region
 *          1  0x7fd0f8ceb000  offset          0  size        112
 *          2  0x7fd0f8ceb140  offset        320  size       3776
 *     2 chunks, 3888 bytes free, largest 3776, region 4096 bytes
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mem.h>
#include <stdio.h>

int main(void) {
    if (Mem_Init(4096) != 0)
        return 1;
    char *block = Mem_Alloc(100, FIRSTFIT);
    Mem_Alloc(200, WORSTFIT);
    Mem_Free(block);
    if (Mem_Free(block) != 0)
        printf("freed again: %s\n", Mem_StrError(m_error));
    Mem_Dump();
}
