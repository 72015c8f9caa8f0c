/*
 * children.c - children, and handlers of fork(); see children.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "children.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- children ---- */

/* Seconds after which a child counts as hung: before the test does. */
enum { PATIENCE = 300 };

/* Check's own handler of that signal would end the test without a word. */
void set_alarm(void) {
    signal(SIGALRM, SIG_DFL);
    alarm(PATIENCE);
}

int in_child(enum trouble (*body)(void)) {
    const pid_t child = fork();
    if (child == 0) {
        set_alarm();
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        _exit(body());
    }
    int status = -1;
    ck_assert_int_ne(child, -1);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(!WIFSIGNALED(status), "signal %d ended the child%s", WTERMSIG(status),
                  WTERMSIG(status) == SIGALRM ? ": it hung" : "");
    return WEXITSTATUS(status);
}

static struct {
    void (*call)(void *);
    void *argument;
    pthread_mutex_t until_joined;
} other = {.until_joined = PTHREAD_MUTEX_INITIALIZER};

/* Lives until the parent joins it. If it had ended before the fork, ThreadSanitizer would report a
 * leaked thread in the child, which cannot join it. */
static void *call_meanwhile(void *unused) {
    (void)unused;
    meet(2);
    other.call(other.argument);
    pthread_mutex_lock(&other.until_joined);
    pthread_mutex_unlock(&other.until_joined);
    return NULL;
}

int in_child_amid(enum trouble (*body)(void), void (*meanwhile)(void *), void *argument) {
    other.call = meanwhile;
    other.argument = argument;
    pthread_mutex_lock(&other.until_joined);
    pthread_t thread = start_thread(call_meanwhile, NULL);
    meet(2);
    const int trouble = in_child(body);
    pthread_mutex_unlock(&other.until_joined);
    join_thread(thread);
    return trouble;
}

/* ---- threads in children ---- */

/* Nothing of Check here, which works only in one thread, and in the parent. */
struct finder {
    pthread_t thread;
    enum trouble (*body)(void);
    enum trouble found;
};

static void *find(void *argument) {
    struct finder *self = argument;
    self->found = self->body();
    return NULL;
}

enum trouble in_threads(int count, enum trouble (*body)(void)) {
    struct finder finders[MOST_THREADS];
    enum trouble first = NONE;
    for (int i = 0; i < count; i++) {
        finders[i] = (struct finder){.body = body};
        if (pthread_create(&finders[i].thread, NULL, find, &finders[i]) != 0)
            return NOT_USABLE;
    }
    for (int i = 0; i < count; i++) {
        pthread_join(finders[i].thread, NULL);
        if (first == NONE)
            first = finders[i].found;
    }
    return first;
}

/* ---- handlers that were registered early ---- */

static void (*call_before)(void), (*call_after)(void);

void set_early_handlers(void (*before)(void), void (*after)(void)) {
    call_before = before;
    call_after = after;
}

#if EARLY

static void before_fork(void) {
    if (call_before != NULL)
        call_before();
}

static void after_fork(void) {
    if (call_after != NULL)
        call_after();
}

static void register_handlers(void) {
    pthread_atfork(before_fork, after_fork, after_fork);
}

/* Functions named here are called before any library's own. */
__attribute__((section(".preinit_array"), used)) static void (*const first[])(void) = {
    register_handlers};

#endif
