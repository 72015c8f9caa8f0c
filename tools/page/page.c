/*
 * page.c - replays, and has what comes of it written into memory.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "page/page.h"

#include "page/buffer.h"
#include "page/data.h"
#include "page/events.h"
#include "page/fit.h"
#include "page/known.h"
#include "page/moments.h"
#include "page/placements.h"
#include "passes.h"
#include "replacement.h"

#include <assert.h>
#include <stdlib.h>

static_assert((int)MOMENTS_STYLES == (int)STYLES, "all styles have their place");

struct making {
    const struct document *document;
    bool moves;
    struct moments moments;
    struct placements objects[STYLES];
    struct known known;
    struct fit fit;
};

/* ---- Replays ---- */

static struct replay_terms terms_of(const struct making *m, size_t style) {
    return (struct replay_terms){m->document->svg->styles.of[style]->value, m->moves};
}

static enum status find_moments(struct making *m, struct passes *passes, struct complaint *c) {
    const struct svg *svg = m->document->svg;
    const struct replay_watcher watcher = passes_watcher(passes);
    struct events events[STYLES] = {{{0}}};
    enum status status = SERVED;
    for (size_t i = 0; status == SERVED && i < svg->styles.count; i++, passes->done++)
        status = events_find(&events[i], svg->trace, svg->region, terms_of(m, i), &watcher, c);
    moments_choose(&m->moments, svg->trace->count, events, svg->styles.count);
    return status;
}

static enum status find_objects(struct making *m, struct passes *passes, struct complaint *c) {
    const struct svg *svg = m->document->svg;
    const struct replay_watcher watcher = passes_watcher(passes);
    enum status status = SERVED;
    for (size_t i = 0; status == SERVED && i < svg->styles.count; i++, passes->done++)
        status = placements_find(&m->objects[i], &m->moments, svg->trace, svg->region,
                                 terms_of(m, i), &watcher, c);
    return status;
}

/* ---- Text ---- */

static bool write_all(FILE *out, const struct making *m) {
    bool right = document_begin(out, m->document);
    right = right && data_write(out, m->document->svg, &m->known, &m->fit);
    document_end(out);
    return right;
}

/* How long the page is without heaps, at most: with all moments. */
static bool measure(struct making *m, size_t *bytes) {
    struct buffer text;
    m->fit = (struct fit){.moments = m->moments, .least = UINT64_MAX};
    if (!buffer_begin(&text))
        return false;
    bool right = write_all(text.out, m);
    right = buffer_end(&text) && right;
    *bytes = text.count;
    free(text.text);
    return right;
}

static bool fit(struct making *m) {
    const struct svg *svg = m->document->svg;
    const struct supply supply = {.moments = &m->moments,
                                  .objects = m->objects,
                                  .panels = svg->panels,
                                  .known = &m->known,
                                  .styles = svg->styles.count,
                                  .region = svg->region};
    size_t bytes;
    return known_find(&m->known, svg->trace, m->objects, svg->styles.count) && measure(m, &bytes) &&
           fit_find(&m->fit, &supply, bytes < PAGE_MOST ? PAGE_MOST - bytes : 0);
}

static bool make_text(struct page *page, struct making *m, struct complaint *c) {
    struct buffer text;
    bool right = fit(m) && buffer_begin(&text);
    if (right) {
        right = write_all(text.out, m);
        right = buffer_end(&text) && right;
        *page = (struct page){text.text, text.count};
    }
    fit_end(&m->fit);
    known_end(&m->known);
    return right || complain(c, 0, "out of memory");
}

/* ---- All ---- */

enum status page_make(struct page *page, const struct document *d, bool moves, struct progress *p,
                      struct complaint *c) {
    struct passes passes = {p, d->svg->trace->count, 0, 2 * d->svg->styles.count};
    struct making m = {.document = d, .moves = moves};
    *page = (struct page){.text = NULL};
    progress_stage(p, "looking");
    enum status status = find_moments(&m, &passes, c);
    if (status == SERVED)
        status = find_objects(&m, &passes, c);
    if (status == SERVED && !make_text(page, &m, c))
        status = UNUSABLE;
    for (size_t i = 0; i < STYLES; i++)
        placements_end(&m.objects[i]);
    return status;
}

void page_end(struct page *page) {
    free(page->text);
    page->text = NULL;
}

bool page_write(const struct page *page, const char *path, struct complaint *c) {
    struct replacement file;
    if (!replacement_begin(&file, path, c))
        return false;
    fwrite(page->text, 1, page->bytes, file.file);
    return replacement_end(&file, c);
}
