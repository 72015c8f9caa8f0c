/*
 * probe.c - the process of a probe, and the pipe by which it tells.
 *
 * The child writes a message after every slice of operations, and a last one at its end. When
 * nobody is left to read them, the write fails (SIGPIPE is ignored) and the child ends: it does not
 * outlive its parent for long. It ends by exit(), which the counters of coverage need. The parent
 * has flushed stdout, so nothing is written twice.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "probe.h"

#include "child.h"
#include "heap.h"
#include "resident.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <mem.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct message {
    size_t done; /* operations */
    size_t index;
    struct complaint complaint;
};

static_assert(sizeof(struct message) <= _POSIX_PIPE_BUF, "written whole or not at all");

struct teller {
    int pipe;
    struct message message;
};

/* In the child */

static void tell(struct teller *t) {
    if (write(t->pipe, &t->message, sizeof t->message) != (ssize_t)sizeof t->message)
        exit(UNUSABLE);
}

static void tell_done(void *who, size_t done) {
    struct teller *t = who;
    t->message.done = done;
    tell(t);
}

static enum status replay(const struct trace *t, const struct heap *heap, struct replay_terms terms,
                          struct teller *teller) {
    struct replay_watcher watcher = {tell_done, teller};
    struct complaint *c = &teller->message.complaint;
    bool refused;
    if (!replay_probe(t, heap, terms, &watcher, &refused, c))
        return c->line == 0 ? UNUSABLE : FAILED;
    return refused ? REFUSED : SERVED;
}

/* The mappings are listed right before and after the region is made, so that only the region and
 * its index come in between. */
static enum status attempt(const struct trace *t, size_t region, struct replay_terms terms,
                           struct teller *teller) {
    struct resident_mappings before;
    resident_list(&before);
    struct heap heap;
    if (!heap_make(&heap, region)) {
        complain(&teller->message.complaint, 0, "the system refuses a region of %zu bytes", region);
        return UNUSABLE;
    }
    const void *index = resident_added(&before, heap.start);
    enum status status = replay(t, &heap, terms, teller);
    teller->message.index = index != NULL ? resident_mapping(index) : 0;
    return status;
}

/* In the parent */

/* False at the end; a child that was killed may leave a part of a message. */
static bool receive(int pipe, struct message *message) {
    ssize_t got;
    do
        got = read(pipe, message, sizeof *message);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *message;
}

static enum status listen(int pipe, pid_t child, const struct replay_watcher *watcher,
                          size_t *index, struct complaint *c) {
    struct message message = {0};
    enum status status;
    while (receive(pipe, &message))
        watcher->see(watcher->who, message.done);
    if (!child_wait(child, &status, c))
        return status;
    *index = message.index;
    *c = message.complaint;
    return status;
}

enum status probe(const struct trace *t, size_t region, struct replay_terms terms,
                  const struct replay_watcher *watcher, size_t *index, struct complaint *c) {
    int ends[2];
    if (pipe(ends) != 0) {
        complain(c, 0, "cannot make a pipe: %s", strerror(errno));
        return UNUSABLE;
    }
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        struct teller teller = {.pipe = ends[1]};
        enum status status = attempt(t, region, terms, &teller);
        tell(&teller);
        exit(status);
    }
    close(ends[1]);
    enum status status = UNUSABLE;
    if (child > 0)
        status = listen(ends[0], child, watcher, index, c);
    else
        complain(c, 0, "cannot start a process: %s", strerror(errno));
    close(ends[0]);
    return status;
}
