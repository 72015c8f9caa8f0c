/*
 * refusals.c - the file of refused requests.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "refusals.h"

#include "nameless.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool cannot_keep(struct complaint *c) {
    return complain(c, 0, "no list of refusals can be kept in $TMPDIR or /tmp: %s",
                    strerror(errno));
}

bool refusals_begin(struct refusals *r, struct complaint *c) {
    *r = (struct refusals){.file = nameless_open()};
    return r->file >= 0 || cannot_keep(c);
}

void refusals_end(struct refusals *r) {
    if (r->file >= 0)
        close(r->file);
    r->file = -1;
}

static void add(void *who, const struct replay_refusal *refusal) {
    struct refusals *r = who;
    fwrite(refusal, sizeof *refusal, 1, r->to);
}

bool refusals_open(struct refusals *r, struct replay_listener *listener, struct complaint *c) {
    int file = fcntl(r->file, F_DUPFD_CLOEXEC, 0);
    r->to = file >= 0 ? fdopen(file, "w") : NULL;
    *listener = (struct replay_listener){add, r};
    return r->to != NULL || cannot_keep(c);
}

bool refusals_close(struct refusals *r, struct complaint *c) {
    bool kept = ferror(r->to) == 0;
    kept = fclose(r->to) == 0 && kept;
    return kept || cannot_keep(c);
}

bool refusals_get(const struct refusals *r, size_t number, struct replay_refusal *refusal) {
    off_t at = (off_t)(number * sizeof *refusal);
    return r->file >= 0 && pread(r->file, refusal, sizeof *refusal, at) == (ssize_t)sizeof *refusal;
}
