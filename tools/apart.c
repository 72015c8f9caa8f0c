/*
 * apart.c - the process, and the pipe by which it tells.
 *
 * The child writes a message now and then, and a last one at its end. When nobody is left to read
 * them, the write fails (SIGPIPE is ignored) and the child ends, where it does not end with its
 * parent by itself. It ends by exit(), which the counters of coverage need. The parent has flushed
 * stdout, so nothing is written twice.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "apart.h"

#include "child.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct message {
    size_t done; /* operations */
    struct complaint complaint;
    _Alignas(max_align_t) unsigned char result[APART_RESULT];
};

static_assert(sizeof(struct message) <= _POSIX_PIPE_BUF, "written whole or not at all");

/* ---- In the child ---- */

struct teller {
    int pipe;
    struct message message;
};

static void tell(struct teller *t) {
    if (write(t->pipe, &t->message, sizeof t->message) != (ssize_t)sizeof t->message)
        exit(UNUSABLE);
}

static void tell_done(void *who, size_t done) {
    struct teller *t = who;
    t->message.done = done;
    tell(t);
}

static _Noreturn void do_work(apart_work *work, const void *terms, int pipe, pid_t parent) {
    child_end_with(parent);
    struct teller teller = {.pipe = pipe};
    struct replay_watcher watcher = {tell_done, &teller};
    enum status status = work(terms, &watcher, teller.message.result, &teller.message.complaint);
    tell(&teller);
    exit(status);
}

/* ---- In the parent ---- */

/* False at the end; a child that was killed may leave a part of a message. */
static bool receive(int pipe, struct message *message) {
    ssize_t got;
    do
        got = read(pipe, message, sizeof *message);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof *message;
}

static enum status listen(int pipe, pid_t child, const struct replay_watcher *watcher,
                          struct message *message, struct complaint *c) {
    enum status status;
    *message = (struct message){.done = 0};
    while (receive(pipe, message))
        watcher->see(watcher->who, message->done);
    if (child_wait(child, &status, c))
        *c = message->complaint;
    return status;
}

enum status apart_do(apart_work *work, const void *terms, const struct replay_watcher *watcher,
                     void *result, size_t bytes, struct complaint *c) {
    struct message message;
    int ends[2];
    if (pipe(ends) != 0) {
        complain(c, 0, "cannot make a pipe: %s", strerror(errno));
        return UNUSABLE;
    }
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        do_work(work, terms, ends[1], parent);
    }
    close(ends[1]);
    enum status status = UNUSABLE;
    if (child > 0)
        status = listen(ends[0], child, watcher, &message, c);
    else
        complain(c, 0, "cannot start a process: %s", strerror(errno));
    if (child > 0)
        memcpy(result, message.result, bytes);
    close(ends[0]);
    return status;
}
