/*
 * picture.c - panels in memory that processes share.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "picture/picture.h"

#include "replacement.h"

#include <sys/mman.h>

/* The passes, for the bar */
struct passes {
    struct progress *progress;
    uint64_t operations; /* of the trace */
    uint64_t done, all;
};

static void move_bar(void *who, size_t done) {
    const struct passes *p = who;
    progress_step(p->progress, p->done * p->operations + done, p->all * p->operations);
}

static size_t bytes_of(const struct svg *s) {
    return s->styles.count * sizeof *s->panels;
}

static struct panel *share_panels(size_t bytes) {
    void *panels = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return panels != MAP_FAILED ? panels : NULL;
}

enum status picture_make(struct svg *s, bool moves, struct progress *p, struct complaint *c) {
    struct passes passes = {p, s->trace->count, 0, s->styles.count};
    struct replay_watcher watcher = {move_bar, &passes};
    enum status status = SERVED;
    s->panels = share_panels(bytes_of(s));
    if (s->panels == NULL) {
        complain(c, 0, "out of memory");
        return UNUSABLE;
    }
    progress_stage(p, "drawing");
    for (; status == SERVED && passes.done < passes.all; passes.done++) {
        struct replay_terms terms = {s->styles.of[passes.done]->value, moves};
        status = panel_make(&s->panels[passes.done], s->trace, s->region, terms, &watcher, c);
    }
    return status;
}

void picture_end(struct svg *s) {
    if (s->panels != NULL)
        munmap(s->panels, bytes_of(s));
    s->panels = NULL;
}

bool picture_write(const struct svg *s, const char *path, struct complaint *c) {
    struct replacement file;
    if (!replacement_begin(&file, path, c))
        return false;
    svg_write(file.file, s);
    return replacement_end(&file, c);
}
