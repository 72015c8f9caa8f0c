/*
 * picture.c - panels in memory that processes share.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/picture.h"

#include "passes.h"
#include "replacement.h"

static size_t bytes_of(const struct svg *s) {
    return s->styles.count * sizeof *s->panels;
}

enum status picture_make(struct svg *s, bool moves, struct progress *p, struct complaint *c) {
    struct passes passes = {p, s->trace->count, 0, s->styles.count};
    struct replay_watcher watcher = passes_watcher(&passes);
    enum status status = SERVED;
    s->panels = passes_share(bytes_of(s), c);
    if (s->panels == NULL)
        return UNUSABLE;
    progress_stage(p, "drawing");
    for (; status == SERVED && passes.done < passes.all; passes.done++) {
        struct replay_terms terms = {s->styles.of[passes.done]->value, moves};
        status = panel_make(&s->panels[passes.done], s->trace, s->region, terms, &watcher, c);
    }
    return status;
}

void picture_end(struct svg *s) {
    passes_unshare(s->panels, bytes_of(s));
    s->panels = NULL;
}

bool picture_write(const struct svg *s, const char *path, struct complaint *c) {
    struct replacement file;
    if (!replacement_begin(&file, path, c))
        return false;
    svg_write(file.file, s);
    return replacement_end(&file, c);
}
