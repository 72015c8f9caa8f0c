/*
 * calls.c - makes a known number of calls, and ends in a given way.
 *
 *     calls HOW
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile size_t size = 100;

/* Ten objects, of which seven are freed. */
static void call(void) {
    void *objects[10];
    for (int i = 0; i < 10; i++)
        objects[i] = malloc(size);
    for (int i = 0; i < 7; i++)
        free(objects[i]);
}

static int wait_for(pid_t child) {
    int status;
    return waitpid(child, &status, 0) != child;
}

/* Free memory in two halves, with an object between them that fits nowhere lower, and a request for
 * more than either. */
static void be_refused(void) {
    size_t half = (size_t)500 << 10;
    void *first = malloc(half), *fence = malloc(10 * size), *second = malloc(half);
    free(first);
    free(second);
    void *refused = malloc(half + half / 2);
    void *never = malloc(SIZE_MAX / 4);
    if (fence == NULL || refused != NULL || never != NULL)
        abort();
}

/* A fork of which libc does not know. */
static pid_t raw_fork(void) {
#ifdef SYS_fork
    return (pid_t)syscall(SYS_fork);
#elif defined __s390__
    return (pid_t)syscall(SYS_clone, 0, SIGCHLD, 0, 0, 0);
#else
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

/* All that the child does is to give back a bad pointer, twice. */
static int misuse(void) {
    char *object = malloc(size);
    pid_t child = raw_fork();
    if (child == 0) {
        free(object + 16);
        free(object + 32);
        _exit(0);
    }
    return wait_for(child);
}

/* By a thread that is to end at the next point where it may be cancelled. */
static int be_cancelled(void) {
    int status;
    pthread_cancel(pthread_self());
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    return waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 7;
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    call();
    if (strcmp(how, "return") == 0)
        return 0;
    if (strcmp(how, "_exit") == 0)
        _exit(0);
    if (strcmp(how, "kill") == 0)
        return raise(SIGKILL);
    if (strcmp(how, "exec") == 0)
        return execl(argv[0], argv[0], "return", (char *)NULL);
    if (strcmp(how, "refuse") == 0)
        be_refused();
    if (strcmp(how, "fork") == 0 || strcmp(how, "raw") == 0) {
        pid_t child = how[0] == 'f' ? fork() : raw_fork();
        if (child == 0) {
            call();
            _exit(0);
        }
        return wait_for(child);
    }
    if (strcmp(how, "misuse") == 0)
        return misuse();
    if (strcmp(how, "cancel") == 0)
        return be_cancelled();
    if (strcmp(how, "many") == 0) { /* nine children */
        for (int i = 0; i < 9; i++) {
            pid_t child = fork();
            if (child == 0)
                _exit(0);
            if (wait_for(child))
                return 1;
        }
    }
    if (strcmp(how, "close") == 0) { /* every descriptor, and goes on */
        for (int i = 3; i < 100; i++)
            close(i);
        call();
    }
    return 0;
}
