/*
 * progress.h - a bar on stderr for work that takes long.
 *
 * The work has a title and a number of stages, which count alike. Nothing is drawn in the first
 * half second, or when stderr is not a terminal.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool enabled;
    const char *title;
    const char *stage;
    unsigned stages;   /* in all */
    unsigned entered;  /* the current one included */
    uint64_t start;    /* a time, see clock.h */
    uint64_t due;      /* the time of the next drawing */
    int shown;         /* characters of the line that is there; 0: none is */
    unsigned drawings; /* so far */
};

/* Starts the clock. The title lives as long as p. A stage has to be entered before the first
 * step. */
void progress_start(struct progress *p, const char *title, unsigned stages);

/* Starts the clock again, for work of another kind: stages and time left count from here. */
void progress_go_on(struct progress *p, unsigned stages);

/* Enters the next stage; its name is a short word that lives as long as p. */
void progress_stage(struct progress *p, const char *stage);

/* Tells how far the stage has come. Cheap, but not free: it may read the
 * clock. A total of 0 says that it is not known. */
void progress_step(struct progress *p, uint64_t done, uint64_t total);

/* Takes the bar away; call it before anything else is written. */
void progress_erase(struct progress *p);

/* Takes away the bar that a process which ended early may have left. */
void progress_erase_left(void);

#endif /* PROGRESS_H */
