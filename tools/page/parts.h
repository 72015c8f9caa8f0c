/*
 * parts.h - the parts of a page that are the same on each: the files of this folder whose names
 * these are. The build turns them into arrays.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PAGE_PARTS_H
#define PAGE_PARTS_H

extern const char page_style_css[];
extern const char page_cursor_html[], page_heap_html[];
extern const char page_heaps_js[], page_words_js[], page_map_js[], page_cursor_js[],
    page_start_js[];

#endif /* PAGE_PARTS_H */
