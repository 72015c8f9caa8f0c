/*
 * misuse.c - a program that uses memory as it must not, in the way that its argument names;
 * watch.sh runs it under tools that have to notice. The line of each misuse ends in a comment
 * of that name, by which watch.sh knows what line the tool must name.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#define _POSIX_C_SOURCE 200809L /* barriers */
#include <mem.h>

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 100, ROUNDED = 112, NODE = 16 };

static volatile char sink;

/* Volatile, so that compilers neither warn nor leave the access out. */
typedef volatile char *bytes;

static char *object(void) {
    return Mem_Alloc(SIZE, FIRSTFIT);
}

static bytes freed(void) {
    char *p = object();
    memset(p, 1, SIZE);
    Mem_Free(p);
    return p;
}

/* ---- Both tools see these ---- */

static void read_after_free(void) {
    bytes p = freed();
    sink = p[NODE]; /* read_after_free */
}

static void write_after_free(void) {
    bytes p = freed();
    p[SIZE - 1] = 1; /* write_after_free */
}

static void read_of_free_memory(void) {
    bytes p = object();
    sink = p[ROUNDED + NODE]; /* read_of_free_memory */
}

static void overflow_into_rounding(void) {
    bytes p = object();
    p[SIZE] = 1; /* overflow_into_rounding */
}

static void overflow_into_last_byte_of_rounding(void) {
    bytes p = object();
    (void)object();
    p[ROUNDED - 1] = 1; /* overflow_into_last_byte_of_rounding */
}

static void overflow_of_array(void) {
    bytes p = Mem_Calloc(9, 3, WORSTFIT);
    sink = p[27]; /* overflow_of_array */
}

static void overflow_of_aligned_object(void) {
    bytes p = Mem_AlignedAlloc(1024, SIZE, BESTFIT);
    p[SIZE] = 1; /* overflow_of_aligned_object */
}

static void use_of_gap_before_aligned_object(void) {
    (void)object();
    bytes p = Mem_AlignedAlloc(4096, SIZE, FIRSTFIT);
    p[-1] = 1; /* use_of_gap_before_aligned_object */
}

static void use_of_tail_cut_off(void) {
    bytes p = Mem_Realloc(object(), 20, FIRSTFIT);
    p[20] = 1; /* use_of_tail_cut_off */
}

static void use_of_node_swallowed(void) {
    char *p = object();
    (void)object();
    Mem_Free(p);
    p = Mem_Alloc(16, FIRSTFIT);
    Mem_Free(p);
    ((bytes)p)[16] = 1; /* use_of_node_swallowed */
}

static void overflow_of_grown_object(void) {
    bytes p = Mem_Realloc(object(), 1001, FIRSTFIT);
    p[1001] = 1; /* overflow_of_grown_object */
}

static void use_of_place_moved_from(void) {
    bytes p = object();
    (void)object();
    if (Mem_Realloc((char *)p, 1000, FIRSTFIT) == NULL)
        exit(EXIT_FAILURE);
    sink = p[NODE]; /* use_of_place_moved_from */
}

static void use_in_created_region(void) {
    Mem_Region *region = Mem_RegionCreate(4096);
    bytes p = Mem_RegionAlloc(region, SIZE, FIRSTFIT);
    Mem_RegionFree(region, (char *)p);
    p[NODE] = 1; /* use_in_created_region */
}

static char memory[65536];

static void use_in_placed_region(void) {
    Mem_Region *region = Mem_RegionPlace(memory + 1, sizeof memory - 1);
    bytes p = Mem_RegionAlloc(region, SIZE, FIRSTFIT);
    p[SIZE] = 1; /* use_in_placed_region */
}

/* Speaks to both tools as programs do; the library knows of neither call. */

#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined SANITIZED
#include <sanitizer/asan_interface.h>
#define FORBID(start, size) __asan_poison_memory_region((start), (size))
#elif defined HAVE_MEMCHECK_H
#include <valgrind/memcheck.h>
#define FORBID(start, size) (void)VALGRIND_MAKE_MEM_NOACCESS((start), (size))
#else
#define FORBID(start, size) ((void)(start), (void)(size))
#endif

/* The library then cannot know the requested size, and leaves the object as it is. */
static void use_of_what_the_program_forbade(void) {
    char *p = object();
    FORBID(p + ROUNDED - NODE, NODE);
    (void)Mem_Size(p);
    sink = ((bytes)p)[SIZE - 1]; /* use_of_what_the_program_forbade */
}

/* ---- Memcheck alone sees these ---- */

static void use_of_uninitialized_object(void) {
    (void)freed();
    bytes p = object();
    if (p[SIZE - 1] == 1) /* use_of_uninitialized_object */
        sink = 1;
}

static void lose_objects(void) {
    for (int i = 0; i < 3; i++)
        (void)object(); /* what is lost is reported with the place of its allocation */
}

/* ---- And here is nothing to see ---- */

static void use_whole(char *p, size_t size) {
    memset(p, 5, size);
    sink = p[size - 1];
}

static void use_list(Mem_Region *region) {
    for (MemNodePtr node = Mem_RegionFreeList(region); node != NULL; node = node->next)
        sink = (char)node->size;
    Mem_RegionDump(region);
    if (Mem_RegionCheck(region) != 0)
        exit(EXIT_FAILURE);
}

/* All that a program may do, with objects of many sizes. */
static void use_well(Mem_Region *region) {
    char *p[64];
    for (size_t i = 0; i < 64; i++)
        use_whole(p[i] = Mem_RegionAlloc(region, i + 1, FIRSTFIT), i + 1);
    for (size_t i = 0; i < 64; i += 2)
        Mem_RegionFree(region, p[i]);
    use_list(region);
    for (size_t i = 0; i < 64; i += 2)
        use_whole(p[i] = Mem_RegionAlignedAlloc(region, 64, i + 1, BESTFIT), i + 1);
    for (size_t i = 0; i < 64; i++)
        use_whole(p[i] = Mem_RegionRealloc(region, p[i], 7 * i + 3, WORSTFIT), 7 * i + 3);
    for (size_t i = 0; i < 64; i++)
        use_whole(p[i] = Mem_RegionRealloc(region, p[i], i + 1, FIRSTFIT), i + 1);
    for (size_t i = 0; i < 64; i++)
        use_whole(p[i], Mem_RegionSize(region, p[i]));
    for (size_t i = 0; i < 64; i++)
        use_whole(p[i] = Mem_RegionRealloc(region, p[i], 100 - i, BESTFIT), 100 - i);
    use_list(region);
    Mem_RegionTrim(region);
    for (size_t i = 0; i < 64; i++)
        Mem_RegionFree(region, p[i]);
    use_list(region);
}

/* The memory of regions that are gone is as good as new. */
static void nothing(void) {
    use_well(Mem_DefaultRegion());
    Mem_Region *region = Mem_RegionPlace(memory + 3, sizeof memory - 3);
    use_well(region);
    (void)Mem_RegionAlloc(region, SIZE, FIRSTFIT);
    Mem_RegionDestroy(region);
    use_whole(memory, sizeof memory);
    for (int i = 0; i < 3; i++) {
        region = Mem_RegionCreate(sizeof memory);
        use_well(region);
        (void)Mem_RegionAlloc(region, SIZE, FIRSTFIT);
        Mem_RegionDestroy(region);
    }
}

/* Regions in objects of others, which are there to the end. */
static void nested_regions(void) {
    static char *memories[2]; /* so that nothing is lost */
    Mem_Region *outer = Mem_RegionPlace(memory, sizeof memory);
    memories[0] = Mem_Alloc(20000, FIRSTFIT);
    memories[1] = Mem_RegionAlloc(outer, 20000, WORSTFIT);
    for (int i = 0; i < 2; i++) {
        Mem_Region *inner = Mem_RegionPlace(memories[i], 20000);
        Mem_Region *innermost = Mem_RegionPlace(Mem_RegionAlloc(inner, 10000, FIRSTFIT), 10000);
        use_whole(Mem_RegionAlloc(innermost, SIZE, FIRSTFIT), SIZE);
    }
}

static void must_refuse(Mem_Region *region, void *pointer) {
    m_error = 0;
    if (Mem_RegionFree(region, pointer) != -1 || m_error != E_BAD_POINTER)
        exit(EXIT_FAILURE);
}

/* A free that is refused changes nothing: what lay there can be used as before. */
static void refused_frees(void) {
    Mem_Region *placed = Mem_RegionPlace(memory, sizeof memory);
    Mem_Region *regions[] = {Mem_DefaultRegion(), Mem_RegionCreate(4096), placed};
    for (int i = 0; i < 3; i++) {
        char *p = Mem_RegionAlloc(regions[i], SIZE, FIRSTFIT);
        char *q = Mem_RegionAlloc(regions[i], SIZE, FIRSTFIT);
        memset(p, 1, SIZE);
        must_refuse(regions[i], p + 1);
        must_refuse(regions[i], p + NODE);
        must_refuse(regions[i], p - 1);
        must_refuse(regions[i], &regions);
        must_refuse(regions[(i + 1) % 3], p);
        Mem_RegionFree(regions[i], q);
        must_refuse(regions[i], q);
        use_whole(p, SIZE);
        Mem_RegionFree(regions[i], p);
    }
    if (Mem_Free(memory + 1) != -1 || m_error != E_BAD_POINTER)
        exit(EXIT_FAILURE);
}

/* Whether inaccessible mappings end at start and begin at end. */
static bool between_guards(uintptr_t start, uintptr_t end) {
    uintptr_t from, to;
    char access[5];
    int guards = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    if (maps == NULL)
        return true; /* not Linux: nothing to be seen */
    while (fscanf(maps, "%" SCNxPTR "-%" SCNxPTR " %4s%*[^\n]", &from, &to, access) == 3)
        guards += strcmp(access, "---p") == 0 && (to == start || from == end);
    fclose(maps);
    return guards == 2;
}

/* A pointer past the end of the mapping in front must not count as one to the first object. */
static void guarded_regions(void) {
    for (int i = 0; i < 3; i++) {
        Mem_Region *region = Mem_RegionCreate(65536);
        uintptr_t start = (uintptr_t)Mem_RegionFreeList(region);
        if (!between_guards(start, start + 65536))
            exit(EXIT_FAILURE);
    }
}

/* So large that a moment in which all of it is forbidden would not pass unnoticed. */
enum { LARGE = 20001 };

static atomic_bool used, asked;

static void *use_on(void *object) {
    bytes p = object;
    while (!atomic_load(&asked))
        for (int i = 0; i < LARGE; i++) {
            p[i]++;
            atomic_store(&used, true);
        }
    return NULL;
}

/* An object is used while another thread asks for its size, and resizes it by a little. */
static void use_while_asked(void) {
    pthread_t thread;
    char *p = Mem_Calloc(LARGE, 1, FIRSTFIT);
    if (pthread_create(&thread, NULL, use_on, p) != 0)
        exit(EXIT_FAILURE);
    while (!atomic_load(&used))
        sched_yield();
    for (int i = 0; i < 100000; i++) {
        (void)Mem_Size(p);
        if (Mem_Realloc(p, LARGE + i % 2, FIRSTFIT) != p)
            exit(EXIT_FAILURE);
    }
    atomic_store(&asked, true);
    pthread_join(thread, NULL);
    Mem_Free(p);
}

/* Memory from malloc that an object points to is not lost. */
static void keep_memory_of_malloc(void) {
    static void **holder;
    holder = Mem_Alloc(sizeof *holder, FIRSTFIT);
    *holder = malloc(SIZE);
}

/* An object that points to another: neither is lost. */
static void keep_objects(void) {
    static char **first;
    first = Mem_Alloc(sizeof *first, FIRSTFIT);
    *first = object();
}

/* Regions that are not destroyed before others are placed there, as a whole and in part. */
static void place_again(void) {
    static char memory[32768];
    for (size_t start = 0; start < sizeof memory; start += 4096) {
        const size_t size = sizeof memory - start;
        Mem_Region *whole = Mem_RegionPlace(memory, sizeof memory);
        void *forgotten = Mem_RegionAlloc(whole, 100, FIRSTFIT);
        Mem_Region *part = Mem_RegionPlace(memory + start, size);
        if (forgotten == NULL || part == NULL)
            exit(EXIT_FAILURE);
        memset(Mem_RegionAlloc(part, 100, FIRSTFIT), 1, 100);
        if (start % 8192 == 0)
            Mem_RegionDestroy(part);
    }
}

/* ---- threads ---- */

enum { CALLS = 300 };

static Mem_Region *created, *placed;
static char *shared;

/* Objects go from region to region and from thread to thread, by way of the library alone. */
static void *use_regions(void *unused) {
    for (int i = 0; i < CALLS; i++) {
        char *a = Mem_Alloc(16 + i % 200, i % 3);
        char *b = Mem_RegionAlloc(created, 40, FIRSTFIT);
        char *c = Mem_RegionAlloc(placed, 30, FIRSTFIT);
        memset(a, i, 16);
        memset(b, i, 40);
        memset(c, i, 30);
        if (Mem_Free(a) != 0 || Mem_RegionFree(created, a) != -1)
            exit(EXIT_FAILURE);
        Mem_RegionFree(created, b);
        Mem_RegionFree(placed, c);
    }
    return unused;
}

static void run_in_threads(void *(*body)(void *)) {
    static char memory[16384];
    pthread_t threads[2];
    created = Mem_RegionCreate(65536);
    placed = Mem_RegionPlace(memory, sizeof memory);
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, body, NULL) != 0)
            exit(EXIT_FAILURE);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    Mem_RegionDestroy(created);
    Mem_RegionDestroy(placed);
}

static void share_regions(void) {
    run_in_threads(use_regions);
}

static pthread_barrier_t start;

/* Nothing orders the writes of the two threads. */
static void *write_shared_object(void *unused) {
    pthread_barrier_wait(&start);
    shared[0]++; /* race_for_object */
    return use_regions(unused);
}

static void race_for_object(void) {
    shared = Mem_Calloc(1, SIZE, FIRSTFIT);
    pthread_barrier_init(&start, NULL, 2);
    run_in_threads(write_shared_object);
}

static const struct {
    const char *name;
    void (*misuse)(void);
} misuses[] = {
    {"read_after_free", read_after_free},
    {"write_after_free", write_after_free},
    {"read_of_free_memory", read_of_free_memory},
    {"overflow_into_rounding", overflow_into_rounding},
    {"overflow_into_last_byte_of_rounding", overflow_into_last_byte_of_rounding},
    {"overflow_of_array", overflow_of_array},
    {"overflow_of_aligned_object", overflow_of_aligned_object},
    {"use_of_gap_before_aligned_object", use_of_gap_before_aligned_object},
    {"use_of_tail_cut_off", use_of_tail_cut_off},
    {"use_of_node_swallowed", use_of_node_swallowed},
    {"overflow_of_grown_object", overflow_of_grown_object},
    {"use_of_place_moved_from", use_of_place_moved_from},
    {"use_in_created_region", use_in_created_region},
    {"use_in_placed_region", use_in_placed_region},
    {"use_of_what_the_program_forbade", use_of_what_the_program_forbade},
    {"use_of_uninitialized_object", use_of_uninitialized_object},
    {"lose_objects", lose_objects},
    {"keep_objects", keep_objects},
    {"keep_memory_of_malloc", keep_memory_of_malloc},
    {"nested_regions", nested_regions},
    {"use_while_asked", use_while_asked},
    {"place_again", place_again},
    {"share_regions", share_regions},
    {"race_for_object", race_for_object},
    {"refused_frees", refused_frees},
    {"guarded_regions", guarded_regions},
    {"nothing", nothing},
};

int main(int argc, char **argv) {
    if (argc != 2 || Mem_Init(65536) != 0)
        return 2;
    for (size_t i = 0; i < sizeof misuses / sizeof misuses[0]; i++) {
        if (strcmp(argv[1], misuses[i].name) == 0) {
            misuses[i].misuse();
            return EXIT_SUCCESS;
        }
    }
    return 2;
}
