/*
 * leaky.c - a plugin that loses what it has allocated: a list whose head it forgets.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "plugin.h"

#include <stdio.h>

struct entry {
    struct entry *next;
    int number;
};

bool leaky(Mem_Region *region) {
    struct entry *head = NULL;
    for (int number = 1; number <= 100; number++) {
        struct entry *entry = Mem_RegionAlloc(region, sizeof *entry, FIRSTFIT);
        if (entry == NULL)
            return false;
        *entry = (struct entry){.next = head, .number = number};
        head = entry;
    }
    printf("leaky: a list from %d down\n", head->number);
    return true;
}
