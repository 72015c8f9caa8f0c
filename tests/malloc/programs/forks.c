/*
 * forks.c - begins other processes while threads work: by fork, with handlers that allocate, by
 * vfork, by posix_spawn.
 *
 *     forks HOW
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3, FORKS = 100, OBJECTS = 50 };

extern char **environ;
static volatile size_t size = 100;
static atomic_bool is_over;

/* The path of this program, which children execute. */
static char *myself;

/* An object of the parent's, which its children find, and have for themselves. */
static char *inherited;

static int use_heap(void) {
    char *objects[OBJECTS];
    for (int i = 0; i < OBJECTS; i++)
        if ((objects[i] = malloc(size + (size_t)i)) == NULL)
            return 1;
    for (int i = 0; i < OBJECTS; i++)
        free(objects[i]);
    return 0;
}

static void *work(void *unused) {
    while (!is_over)
        if (use_heap() != 0)
            abort();
    return unused;
}

static void handle(void) {
    if (use_heap() != 0)
        abort();
}

/* Before the module's own handlers, where its region does not come earlier still; main registers
 * them once more. */
__attribute__((constructor(101))) static void register_early(void) {
    pthread_atfork(handle, handle, handle);
}

static int run_child(void) {
    if (strcmp(inherited, "inherited") != 0 || use_heap() != 0)
        return 1;
    free(inherited);
    pthread_t thread;
    is_over = 1;
    return pthread_create(&thread, NULL, work, NULL) != 0 || pthread_join(thread, NULL) != 0;
}

static int ended_well(pid_t child) {
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static int by_fork(void) {
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        _exit(run_child());
    }
    return ended_well(child);
}

/* The child borrows its parent's memory, and so its heap. */
static int by_vfork(void) {
    pid_t child = vfork();
    if (child == 0) {
        execl(myself, myself, "nothing", (char *)NULL);
        _exit(1);
    }
    return ended_well(child);
}

static int by_spawn(void) {
    char nothing[] = "nothing";
    char *arguments[] = {myself, nothing, NULL};
    pid_t child;
    return posix_spawn(&child, myself, NULL, NULL, arguments, environ) == 0 && ended_well(child);
}

/* Heaps of their own: what the child frees stays with the parent, and the other way round. */
static int run(int (*begin)(void)) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            return 1;
    int failed = 0;
    for (int i = 0; i < FORKS; i++)
        failed += !begin() || strcmp(inherited, "inherited") != 0;
    is_over = 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return failed > 0;
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    myself = argv[0];
    inherited = strdup("inherited");
    pthread_atfork(handle, handle, handle);
    if (strcmp(how, "fork") == 0)
        return run(by_fork);
    if (strcmp(how, "vfork") == 0)
        return run(by_vfork);
    if (strcmp(how, "spawn") == 0)
        return run(by_spawn);
    return strcmp(how, "nothing") != 0;
}
