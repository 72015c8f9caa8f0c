/*
 * page.h - a trace by several styles, as a page for a browser: made, then written.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "complaint.h"
#include "page/document.h"
#include "progress.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    PAGE_STAGES = 1,        /* that page_make enters, for progress_start */
    PAGE_MOST = 1000 * 1000 /* bytes: what is known of the heaps is made to fit */
};

struct page {
    char *text;
    size_t bytes;
};

/*
 * Replays the trace twice by each style. moves: a resize is an allocation, a copy and a free.
 * SERVED, whatever was refused; otherwise c says what went wrong. page_end is to be called in any
 * case.
 */
enum status page_make(struct page *page, const struct document *d, bool moves, struct progress *p,
                      struct complaint *c);
void page_end(struct page *page);

/* Writes it to a file, which is there when it is whole. */
bool page_write(const struct page *page, const char *path, struct complaint *c);

#endif /* PAGE_PAGE_H */
