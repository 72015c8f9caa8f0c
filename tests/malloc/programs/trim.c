/*
 * trim.c - frees much memory in one way or another, and prints how many KiB are resident then.
 *
 *     trim HOW MIB
 *
 * SMALL is what its small objects have, in bytes.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

static size_t mib;

static long resident(void) {
    char text[100] = "";
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fgets(text, sizeof text, file) == NULL ||
        sscanf(text, "%*d %ld", &pages) != 1)
        abort();
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void *filled(size_t size) {
    void *object = malloc(size);
    if (object == NULL)
        abort();
    return memset(object, 1, size);
}

/* Small objects: so many MiB of them, in a list. */
struct small {
    struct small *next;
};

static struct small *make_small(void) {
    struct small *first = NULL, **last = &first;
    for (size_t i = 0; i < mib * MIB / SMALL; i++) {
        *last = filled(SMALL);
        last = &(*last)->next;
    }
    *last = NULL;
    return first;
}

static void free_all(struct small *object) {
    for (struct small *next; object != NULL; object = next) {
        next = object->next;
        free(object);
    }
}

static void *all(void *nothing) {
    free_all(make_small());
    return nothing;
}

static void half(void) {
    for (struct small *object = make_small(); object != NULL; object = object->next) {
        struct small *second = object->next;
        object->next = second != NULL ? second->next : NULL;
        free(second);
    }
}

/* As many objects of a MiB, one after the other, or at once. */
static void turns(void) {
    for (size_t i = 0; i < mib; i++)
        free(filled(MIB));
}

static void together(void) {
    void **objects = malloc(mib * sizeof *objects);
    for (size_t i = 0; i < mib; i++)
        objects[i] = filled(MIB);
    for (size_t i = 0; i < mib; i++)
        free(objects[i]);
    free(objects);
}

/* One object of all of it that becomes a small one. */
static void shrink(void) {
    if (realloc(filled(mib * MIB), 100) == NULL)
        abort();
}

/* The whole once again, many times: how many pages had to come anew but for the first two times. */
static long faults(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static void again(void) {
    long before = 0;
    for (int i = 0; i < 12; i++) {
        if (i == 3)
            before = faults();
        free_all(make_small());
    }
    printf("%ld faults\n", faults() - before);
}

/* Two threads that do so at the same time, and a third that watches what it has. */
static void threads(void) {
    pthread_t other[2];
    unsigned char *kept = filled(10 * MIB);
    for (int i = 0; i < 2; i++)
        if (pthread_create(&other[i], NULL, all, NULL) != 0)
            abort();
    for (int i = 0; i < 2; i++)
        pthread_join(other[i], NULL);
    for (size_t i = 0; i < 10 * MIB; i++)
        if (kept[i] != 1)
            abort();
    free(kept);
}

/* One thread that does so, while the first waits. */
static void thread(void) {
    pthread_t other;
    if (pthread_create(&other, NULL, all, NULL) != 0)
        abort();
    pthread_join(other, NULL);
}

/* A child that frees what its parent has. */
static void child(void) {
    struct small *objects = make_small();
    int status;
    pid_t process = fork();
    if (process != 0) {
        if (waitpid(process, &status, 0) != process || status != 0)
            abort();
        exit(0);
    }
    free_all(objects);
}

/* With madvise forbidden. */
static void forbidden(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        exit(77);
    struct small *objects = make_small();
    errno = 4711;
    free_all(objects);
    if (errno != 4711)
        abort();
}

int main(int argc, char **argv) {
    const char *how = argc == 3 ? argv[1] : "";
    mib = argc == 3 ? (size_t)atoi(argv[2]) : 0;
    if (strcmp(how, "all") == 0)
        all(NULL);
    else if (strcmp(how, "half") == 0)
        half();
    else if (strcmp(how, "turns") == 0)
        turns();
    else if (strcmp(how, "together") == 0)
        together();
    else if (strcmp(how, "shrink") == 0)
        shrink();
    else if (strcmp(how, "again") == 0)
        again();
    else if (strcmp(how, "thread") == 0)
        thread();
    else if (strcmp(how, "threads") == 0)
        threads();
    else if (strcmp(how, "child") == 0)
        child();
    else if (strcmp(how, "forbidden") == 0)
        forbidden();
    else if (strcmp(how, "off") == 0 && mallopt(M_TRIM_THRESHOLD, -1) == 1)
        all(NULL);
    else if (strcmp(how, "late") == 0 && mallopt(M_TRIM_THRESHOLD, 32 * MIB) == 1)
        together();
    else
        return 2;
    printf("%ld\n", resident());
    return 0;
}
