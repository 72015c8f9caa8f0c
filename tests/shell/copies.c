/*
 * copies.c - two copies of the library in one process, for copies.sh: the program is linked with
 * libmem.a and opens libmem.so, whose name is its argument. Each copy refuses to end regions of the
 * other, and does them no harm; both come through fork().
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <mem.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);          \
            _exit(EXIT_FAILURE);                                                                   \
        }                                                                                          \
    } while (0)

struct copy {
    Mem_Region *(*create)(size_t size);
    Mem_Region *(*place)(void *memory, size_t size);
    int (*destroy)(Mem_Region *region);
    void *(*alloc)(Mem_Region *region, size_t size, int style);
    int (*release)(Mem_Region *region, void *ptr);
    int *(*error)(void);
};

enum { COPIES = 2, KINDS = 2, BYTES = 8192 };

static struct copy copies[COPIES] = {{Mem_RegionCreate, Mem_RegionPlace, Mem_RegionDestroy,
                                      Mem_RegionAlloc, Mem_RegionFree, Mem_ErrorLocation}};

/* POSIX lets dlsym() write a pointer to a function where one to an object would fit. */
static void find(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    must(found != NULL);
    *(void **)function = found;
}

static void open_other(const char *name) {
    struct copy *other = &copies[1];
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    must(library != NULL);
    find(library, "Mem_RegionCreate", &other->create);
    find(library, "Mem_RegionPlace", &other->place);
    find(library, "Mem_RegionDestroy", &other->destroy);
    find(library, "Mem_RegionAlloc", &other->alloc);
    find(library, "Mem_RegionFree", &other->release);
    find(library, "Mem_ErrorLocation", &other->error);
    must(other->create != copies[0].create);
}

static void use(const struct copy *user, Mem_Region *region) {
    void *object = user->alloc(region, 100, FIRSTFIT);
    must(object != NULL && user->release(region, object) == 0);
}

static void refuse(const struct copy *other, Mem_Region *region) {
    *other->error() = 0;
    must(other->destroy(region) == -1 && *other->error() == E_BAD_ARGS);
}

static void *nothing(void *argument) {
    return argument;
}

static Mem_Region *regions[COPIES][KINDS];

static void make_all(void) {
    static char memory[COPIES][BYTES];
    for (int i = 0; i < COPIES; i++) {
        regions[i][0] = copies[i].create(BYTES);
        regions[i][1] = copies[i].place(memory[i], BYTES);
        must(regions[i][0] != NULL && regions[i][1] != NULL);
    }
}

static void use_all(void) {
    for (int i = 0; i < COPIES; i++)
        for (int kind = 0; kind < KINDS; kind++) {
            refuse(&copies[1 - i], regions[i][kind]);
            use(&copies[i], regions[i][kind]);
            use(&copies[1 - i], regions[i][kind]);
        }
}

static void end_all(void) {
    for (int i = 0; i < COPIES; i++)
        for (int kind = 0; kind < KINDS; kind++)
            must(copies[i].destroy(regions[i][kind]) == 0);
}

static void fork_and_use_all(void) {
    int status = -1;
    const pid_t child = fork();
    if (child == 0) {
        use_all();
        _exit(EXIT_SUCCESS);
    }
    must(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv) {
    pthread_t thread;
    must(argc == 2);
    open_other(argv[1]);
    make_all();
    use_all();
    fork_and_use_all();
    must(pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    use_all();
    fork_and_use_all();
    end_all();
    return EXIT_SUCCESS;
}
