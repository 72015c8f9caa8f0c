/*
 * test_regions.c - regions beside the default one: Mem_RegionCreate maps them, Mem_RegionPlace
 * makes them in the caller's memory, Mem_RegionDestroy ends them; each is a heap of its own.
 * Mem_DefaultRegion returns the default one.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "interposed.h"

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "random.h"

/* ---- heaps of any region ---- */

static size_t bytes_of(Mem_Region *of) {
    return figures(of).region_bytes;
}

/* Nothing is allocated, and all of it is one chunk. */
static void assert_empty(Mem_Region *of) {
    MemNodePtr node = Mem_RegionFreeList(of);
    must(node != NULL && node->next == NULL && node->type);
    must(bytes_of(of) > INT_MAX || (size_t)node->size == bytes_of(of));
    must(figures(of).largest_free == bytes_of(of));
    must(Mem_RegionCheck(of) == 0);
}

/* Allocates all of it as one object, writes every byte, and frees it. */
static void use_every_byte(Mem_Region *of) {
    const size_t size = bytes_of(of);
    assert_empty(of);
    unsigned char *object = Mem_RegionAlloc(of, size, FIRSTFIT);
    must(object != NULL && (uintptr_t)object % GRANULE == 0);
    must(Mem_RegionFreeList(of) == NULL);
    must(Mem_RegionAlloc(of, 1, FIRSTFIT) == NULL);
    memset(object, 0xa5, size);
    must(is_all(object, 0xa5, size));
    must(Mem_RegionFree(of, object) == 0);
    assert_empty(of);
}

/* The last granule is an object, a chunk, and joined. */
static void use_last_granule(Mem_Region *of) {
    const size_t size = bytes_of(of);
    char *last = Mem_RegionAlloc(of, size, FIRSTFIT);
    must(last != NULL);
    char *start = last;
    if (size > GRANULE) {
        must(Mem_RegionRealloc(of, start, size - GRANULE, FIRSTFIT) == start);
        last = Mem_RegionAlloc(of, GRANULE, WORSTFIT);
        must(last == start + size - GRANULE);
        must(Mem_RegionFree(of, start) == 0);
    }
    must(Mem_RegionFree(of, last + GRANULE) == -1);
    must(Mem_RegionFree(of, last) == 0);
    assert_empty(of);
}

/* ---- Mem_RegionCreate: sizes ---- */

START_TEST(test_size_is_rounded_up_to_whole_pages) {
    const size_t p = page();
    const struct {
        size_t asked, given;
    } sizes[] = {{1, p}, {15, p}, {p - 1, p}, {p, p}, {p + 1, 2 * p}, {255 * p + 17, 256 * p}};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        Mem_Region *created = Mem_RegionCreate(sizes[i].asked);
        ck_assert_ptr_nonnull(created);
        ck_assert_uint_eq(bytes_of(created), sizes[i].given);
        ck_assert_uint_eq((uintptr_t)Mem_RegionFreeList(created) % p, 0);
        use_every_byte(created);
    }
}
END_TEST

START_TEST(test_created_regions_of_all_sizes_work_to_their_last_granule) {
    for (int pages = 1; pages <= rounds(300); pages++) {
        Mem_Region *created = Mem_RegionCreate((size_t)pages * page());
        must(created != NULL);
        must(bytes_of(created) == (size_t)pages * page());
        use_last_granule(created);
        must(Mem_RegionDestroy(created) == 0);
    }
}
END_TEST

START_TEST(test_region_of_INT_MAX_is_rounded_up) {
    const size_t all = (size_t)INT_MAX + 1;
    Mem_Region *created = Mem_RegionCreate(INT_MAX);
    ck_assert_ptr_nonnull(created);
    ck_assert_uint_eq(bytes_of(created), all);
    char *object = Mem_RegionAlloc(created, all, styles[_i]);
    ck_assert_ptr_nonnull(object);
    object[0] = object[all - 1] = 1;
    ck_assert_uint_eq(Mem_RegionSize(created, object), all);
    ck_assert_ptr_null(Mem_RegionFreeList(created));
    assert_succeeds(Mem_RegionFree(created, object));
    ck_assert_int_eq(Mem_RegionFreeList(created)->size, INT_MAX & ~(GRANULE - 1));
    use_last_granule(created);
    assert_succeeds(Mem_RegionDestroy(created));
}
END_TEST

START_TEST(test_size_of_0_or_more_than_a_region_can_have_is_E_BAD_ARGS) {
    const size_t sizes[] = {
        0,       REGION_MOST + 1, REGION_MOST + 2, SIZE_MAX / 2 + 1, SIZE_MAX - 4095, SIZE_MAX - 15,
        SIZE_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++)
        assert_refused(E_BAD_ARGS, Mem_RegionCreate(sizes[i]));
}
END_TEST

START_TEST(test_create_and_destroy_leave_m_error_alone) {
    static char memory[4096];
    m_error = 4711;
    Mem_Region *created = Mem_RegionCreate(1), *placed = Mem_RegionPlace(memory, sizeof memory);
    ck_assert_ptr_nonnull(created);
    ck_assert_ptr_nonnull(placed);
    ck_assert_int_eq(m_error, 4711);
    assert_succeeds(Mem_RegionDestroy(created));
    assert_succeeds(Mem_RegionDestroy(placed));
}
END_TEST

/* ---- Mem_DefaultRegion ---- */

START_TEST(test_there_is_no_default_region_before_init) {
    m_error = 4711;
    ck_assert_ptr_null(Mem_DefaultRegion());
    ck_assert_int_eq(m_error, 4711);
    assert_fails(E_BAD_ARGS, Mem_Init(0));
    ck_assert_ptr_null(Mem_DefaultRegion());
}
END_TEST

/* Others neither become the default region nor stand in its way. */
START_TEST(test_other_regions_are_not_the_default_region) {
    Mem_Region *created = make_region(CREATED), *placed = make_region(PLACED);
    ck_assert_ptr_null(Mem_DefaultRegion());
    ck_assert_ptr_null(Mem_FreeList());
    assert_refused(E_NO_SPACE, Mem_Alloc(16, FIRSTFIT));
    assert_fails(E_BAD_POINTER, Mem_Free(Mem_RegionAlloc(created, 16, FIRSTFIT)));
    init_region(REGION);
    ck_assert_ptr_nonnull(Mem_DefaultRegion());
    ck_assert_ptr_ne(Mem_DefaultRegion(), created);
    ck_assert_ptr_ne(Mem_DefaultRegion(), placed);
    use_every_byte(Mem_DefaultRegion());
    use_every_byte(placed);
}
END_TEST

START_TEST(test_default_region_is_what_the_short_calls_use) {
    init_region(REGION);
    m_error = 4711;
    Mem_Region *own = Mem_DefaultRegion();
    ck_assert_int_eq(m_error, 4711);
    ck_assert_ptr_eq(Mem_DefaultRegion(), own);
    ck_assert_ptr_eq(Mem_RegionFreeList(own), Mem_FreeList());
    ck_assert_ptr_eq(Mem_RegionAlloc(own, 100, FIRSTFIT), region);
    assert_placed(112, 100, FIRSTFIT);
    ck_assert_int_eq(Mem_Size(region), 112);
    ck_assert_uint_eq(Mem_RegionSize(own, region + 112), 112);
    ck_assert_ptr_eq(Mem_RegionRealloc(own, region + 112, 200, FIRSTFIT), region + 112);
    ck_assert_ptr_eq(Mem_Realloc(region, 50, FIRSTFIT), region);
    assert_list({64, 48}, {320, REGION - 320});
    ck_assert_ptr_eq(Mem_RegionCalloc(own, 3, 16, FIRSTFIT), region + 64);
    ck_assert_ptr_eq(Mem_RegionAlignedAlloc(own, 1024, 16, FIRSTFIT), region + 1024);
    assert_succeeds(Mem_Free(region + 64));
    assert_succeeds(Mem_RegionFree(own, region + 112));
    assert_succeeds(Mem_RegionFree(own, region));
    assert_succeeds(Mem_Free(region + 1024));
    assert_list({0, REGION});
    assert_succeeds(Mem_RegionCheck(own));
    memset(region, 0xff, GRANULE);
    assert_fails(E_CORRUPT_FREESPACE, Mem_Check());
    assert_fails(E_CORRUPT_FREESPACE, Mem_RegionCheck(own));
}
END_TEST

/* ---- regions beside each other ---- */

enum { OBJECTS = 20 };

struct heap {
    Mem_Region *self;
    unsigned char *objects[OBJECTS];
    unsigned char pattern;
};

static size_t object_size(int i) {
    return 1 + (size_t)i * 37;
}

static void fill_heap(struct heap *heap, int number) {
    heap->pattern = (unsigned char)(number + 1);
    for (int i = 0; i < OBJECTS; i++) {
        heap->objects[i] = Mem_RegionAlloc(heap->self, object_size(i), styles[i % STYLES]);
        must(heap->objects[i] != NULL);
        memset(heap->objects[i], heap->pattern, object_size(i));
    }
}

static void assert_heap_is_whole(const struct heap *heap) {
    for (int i = 0; i < OBJECTS; i++)
        must(is_all(heap->objects[i], heap->pattern, object_size(i)));
    must(Mem_RegionCheck(heap->self) == 0);
    must(figures(heap->self).live_blocks == OBJECTS);
}

static void empty_heap(const struct heap *heap) {
    for (int i = 0; i < OBJECTS; i++)
        must(Mem_RegionFree(heap->self, heap->objects[i]) == 0);
    assert_empty(heap->self);
}

START_TEST(test_many_regions_do_not_disturb_each_other) {
    enum { MANY = 120 };
    static char memory[MANY / 3][REGION / 4];
    static struct heap heaps[MANY];
    for (int i = 0; i < MANY; i++) {
        heaps[i].self = i % 3 == 0 ? Mem_RegionPlace(memory[i / 3], sizeof memory[i / 3])
                                   : Mem_RegionCreate(REGION / 4);
        ck_assert_ptr_nonnull(heaps[i].self);
    }
    for (int i = 0; i < MANY; i++)
        fill_heap(&heaps[i], i);
    for (int i = 0; i < MANY; i += 2) {
        if (i % 4 == 0)
            empty_heap(&heaps[i]);
        assert_succeeds(Mem_RegionDestroy(heaps[i].self));
    }
    for (int i = 1; i < MANY; i += 2)
        assert_heap_is_whole(&heaps[i]);
    for (int i = 1; i < MANY; i += 2) {
        empty_heap(&heaps[i]);
        use_every_byte(heaps[i].self);
        assert_succeeds(Mem_RegionDestroy(heaps[i].self));
    }
}
END_TEST

/* A pointer that is none of the region's is refused by every call that takes one. */
static void assert_foreign(Mem_Region *of, void *pointer) {
    assert_fails(E_BAD_POINTER, Mem_RegionFree(of, pointer));
    assert_refused(E_BAD_POINTER, Mem_RegionRealloc(of, pointer, 8, FIRSTFIT));
    assert_refused(E_BAD_POINTER, Mem_RegionRealloc(of, pointer, 8000, FIRSTFIT));
    m_error = 0;
    ck_assert_uint_eq(Mem_RegionSize(of, pointer), 0);
    ck_assert_int_eq(m_error, E_BAD_POINTER);
}

START_TEST(test_pointer_of_another_region_is_E_BAD_POINTER) {
    static char memory[REGION];
    static struct heap heaps[4];
    init_region(REGION);
    heaps[0].self = Mem_DefaultRegion();
    heaps[1].self = Mem_RegionCreate(REGION);
    heaps[2].self = Mem_RegionPlace(memory, sizeof memory);
    heaps[3].self = Mem_RegionCreate(REGION);
    for (int i = 0; i < 4; i++)
        fill_heap(&heaps[i], i);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int object = 0; i != j && object < OBJECTS; object++)
                assert_foreign(heaps[i].self, heaps[j].objects[object]);
    for (int i = 0; i < 4; i++) {
        assert_heap_is_whole(&heaps[i]);
        empty_heap(&heaps[i]);
    }
}
END_TEST

/* The memory of a region is an object of another: neither takes the other's pointers. */
START_TEST(test_region_can_live_in_an_object_of_another) {
    Mem_Region *outer = Mem_RegionCreate(REGION);
    static struct heap inner;
    char *before = Mem_RegionAlloc(outer, 16, FIRSTFIT);
    char *object = Mem_RegionAlloc(outer, 32 * KIB, FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    inner.self = Mem_RegionPlace(object, 32 * KIB);
    ck_assert_ptr_nonnull(inner.self);
    fill_heap(&inner, 1);
    for (int i = 0; i < OBJECTS; i++)
        assert_foreign(outer, inner.objects[i]);
    assert_foreign(inner.self, object);
    assert_foreign(inner.self, before);
    assert_succeeds(Mem_RegionFree(outer, before));
    before = Mem_RegionAlloc(outer, 16 * KIB, FIRSTFIT); /* behind the object */
    memset(before, 0xff, 16 * KIB);
    assert_heap_is_whole(&inner);
    empty_heap(&inner);
    use_every_byte(inner.self);
    assert_succeeds(Mem_RegionDestroy(inner.self));
    memset(object, 0xff, 32 * KIB);
    assert_succeeds(Mem_RegionFree(outer, object));
    assert_succeeds(Mem_RegionFree(outer, before));
    assert_empty(outer);
    assert_succeeds(Mem_RegionDestroy(outer));
}
END_TEST

/* ---- arguments of the calls for regions ---- */

static void dump_no_region(void) {
    m_error = 0;
    Mem_RegionDump(NULL);
}

START_TEST(test_no_region_is_E_BAD_ARGS) {
    struct Mem_Stats stats;
    int local = 0;
    if (_i == 1)
        init_region(REGION); /* not to be used instead of NULL */
    assert_refused(E_BAD_ARGS, Mem_RegionAlloc(NULL, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(NULL, 1, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, NULL, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionRealloc(NULL, &local, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(NULL, 16, 16, FIRSTFIT));
    assert_fails(E_BAD_ARGS, Mem_RegionFree(NULL, &local));
    assert_fails(E_BAD_ARGS, Mem_RegionFree(NULL, NULL));
    assert_refused(E_BAD_ARGS, Mem_RegionFreeList(NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionCheck(NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionGetStats(NULL, &stats));
    assert_fails(E_BAD_ARGS, Mem_RegionWalk(NULL, go_on, NULL));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(NULL));
    m_error = 0;
    ck_assert_uint_eq(Mem_RegionSize(NULL, &local), 0);
    ck_assert_int_eq(m_error, E_BAD_ARGS);
    m_error = 0;
    ck_assert_uint_eq(Mem_RegionTrim(NULL), 0);
    ck_assert_int_eq(m_error, E_BAD_ARGS);
    char *text = captured(dump_no_region);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(m_error, E_BAD_ARGS);
    free(text);
}
END_TEST

/* Sizes that would look small if only 32 bits of them, or of their granules, were checked, and
 * those that would overflow when rounded up. */
START_TEST(test_sizes_beyond_every_region_are_E_NO_SPACE) {
    Mem_Region *created = Mem_RegionCreate(REGION);
    char *object = Mem_RegionAlloc(created, 16, FIRSTFIT);
    for (int shift = 16; shift < (int)(8 * sizeof(size_t)); shift++) {
        const size_t size = ((size_t)1 << shift) + 16;
        assert_refused(E_NO_SPACE, Mem_RegionAlloc(created, size, styles[_i]));
        assert_refused(E_NO_SPACE, Mem_RegionCalloc(created, size, 1, styles[_i]));
        assert_refused(E_NO_SPACE, Mem_RegionAlignedAlloc(created, 64, size, styles[_i]));
        assert_refused(E_NO_SPACE, Mem_RegionRealloc(created, object, size, styles[_i]));
    }
    for (size_t less = 0; less < 64; less++) {
        assert_refused(E_NO_SPACE, Mem_RegionAlloc(created, SIZE_MAX - less, styles[_i]));
        assert_refused(E_NO_SPACE, Mem_RegionRealloc(created, object, SIZE_MAX - less, styles[_i]));
    }
    ck_assert_uint_eq(Mem_RegionSize(created, object), 16);
    assert_succeeds(Mem_RegionFree(created, object));
    assert_empty(created);
}
END_TEST

START_TEST(test_size_of_0_and_unknown_style_are_E_BAD_ARGS) {
    Mem_Region *created = Mem_RegionCreate(REGION);
    assert_refused(E_BAD_ARGS, Mem_RegionAlloc(created, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionAlloc(created, 16, 3));
    assert_refused(E_BAD_ARGS, Mem_RegionAlloc(created, SIZE_MAX, -1));
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(created, 0, 1, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(created, 1, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionCalloc(created, SIZE_MAX / 2 + 1, 2, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionRealloc(created, NULL, 0, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(created, 0, 16, FIRSTFIT));
    assert_refused(E_BAD_ARGS, Mem_RegionAlignedAlloc(created, SIZE_MAX / 2 + 1, 16, FIRSTFIT));
    assert_succeeds(Mem_RegionFree(created, NULL));
    assert_empty(created);
}
END_TEST

static Mem_Region *dumped;

static void dump_region(void) {
    Mem_RegionDump(dumped);
}

START_TEST(test_dump_shows_the_region_named) {
    dumped = Mem_RegionCreate(REGION);
    init_region(2 * REGION);
    ck_assert_ptr_nonnull(Mem_RegionAlloc(dumped, 48, FIRSTFIT));
    char *text = captured(dump_region), totals[100];
    snprintf(totals, sizeof totals, "1 chunk, %d bytes free, largest %d, region %d bytes\n",
             REGION - 48, REGION - 48, REGION);
    ck_assert_ptr_nonnull(strstr(text, totals));
    size_t offset = 0;
    const char *line = strstr(text, "offset");
    ck_assert_ptr_nonnull(line);
    ck_assert_int_eq(sscanf(line, "offset %zu", &offset), 1);
    ck_assert_uint_eq(offset, 48);
    free(text);
    dumped = Mem_DefaultRegion();
    text = captured(dump_region);
    char *same = captured(Mem_Dump);
    ck_assert_str_eq(text, same);
    free(text);
    free(same);
}
END_TEST

/* ---- Mem_RegionDestroy ---- */

START_TEST(test_default_region_cannot_be_destroyed) {
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(Mem_DefaultRegion()));
    init_region(REGION);
    assert_placed(0, 48, FIRSTFIT);
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(Mem_DefaultRegion()));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(NULL));
    assert_list({48, REGION - 48});
    assert_succeeds(release(0));
    use_every_byte(Mem_DefaultRegion());
}
END_TEST

static bool is_mapped(const void *address) {
    unsigned char in_core;
    char *start = (char *)(uintptr_t)address - (uintptr_t)address % page();
    return mincore(start, page(), (void *)&in_core) == 0;
}

/* Regions of each kind that were ended already. (If another lies at the address, the two cannot be
 * told apart.) */
START_TEST(test_what_is_no_region_cannot_be_destroyed) {
    static char memory[REGION], never[REGION];
    Mem_Region *created = Mem_RegionCreate(REGION);
    Mem_Region *placed = Mem_RegionPlace(memory, sizeof memory);
    void *object = Mem_RegionAlloc(placed, 4096, FIRSTFIT);
    Mem_Region *inner = Mem_RegionPlace(object, 4096);
    must(created != NULL && placed != NULL && inner != NULL);
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy((Mem_Region *)(void *)never));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy((Mem_Region *)(void *)((char *)created + 64)));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy((Mem_Region *)(void *)((char *)placed + 64)));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy((Mem_Region *)(void *)UINTPTR_MAX));
    use_every_byte(created);
    must(Mem_RegionCheck(placed) == 0 && Mem_RegionCheck(inner) == 0);
    assert_succeeds(Mem_RegionDestroy(inner));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(inner));
    assert_succeeds(Mem_RegionDestroy(placed));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(placed));
    assert_succeeds(Mem_RegionDestroy(created));
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(created));
}
END_TEST

START_TEST(test_regions_placed_in_objects_end_with_their_region) {
    for (int kind = CREATED; kind <= PLACED; kind++) {
        Mem_Region *outer = make_region(kind);
        void *object = Mem_RegionAlloc(outer, 2048, WORSTFIT);
        Mem_Region *inner = Mem_RegionPlace(object, 2048);
        must(inner != NULL && Mem_RegionAlloc(inner, 100, FIRSTFIT) != NULL);
        assert_succeeds(Mem_RegionDestroy(outer));
        assert_fails(E_BAD_ARGS, Mem_RegionDestroy(inner));
    }
}
END_TEST

START_TEST(test_destroy_unmaps_region_and_index) {
    Mem_Region *created = Mem_RegionCreate(REGION);
    char *object = Mem_RegionAlloc(created, REGION - 100, FIRSTFIT); /* ends with the region */
    ck_assert_ptr_nonnull(object);
    ck_assert(is_mapped(created) && is_mapped(object) && is_mapped(object + REGION - 1));
    assert_succeeds(Mem_RegionDestroy(created));
    for (size_t offset = 0; offset < REGION; offset += page())
        ck_assert(!is_mapped(object + offset));
    ck_assert(!is_mapped(created));
}
END_TEST

/* ---- Mem_RegionPlace: which memory it takes ---- */

START_TEST(test_no_memory_or_too_much_is_E_BAD_ARGS) {
    static char memory[4096];
    const size_t sizes[] = {REGION_MOST + 1, SIZE_MAX / 2 + 1, SIZE_MAX - 4095, SIZE_MAX};
    assert_refused(E_BAD_ARGS, Mem_RegionPlace(NULL, 4096));
    assert_refused(E_BAD_ARGS, Mem_RegionPlace(NULL, 0));
    assert_refused(E_BAD_ARGS, Mem_RegionPlace(NULL, SIZE_MAX));
    assert_refused(E_BAD_ARGS, Mem_RegionPlace(memory, 0));
    for (size_t i = 0; i < COUNT(sizes); i++)
        assert_refused(E_BAD_ARGS, Mem_RegionPlace(memory, sizes[i]));
}
END_TEST

START_TEST(test_memory_that_ends_beyond_the_last_address_is_E_BAD_ARGS) {
    const uintptr_t starts[] = {UINTPTR_MAX, UINTPTR_MAX - 15, UINTPTR_MAX - 63, UINTPTR_MAX - 600};
    const size_t sizes[] = {700, 4096, REGION, INT_MAX};
    for (size_t i = 0; i < COUNT(starts); i++)
        for (size_t j = 0; j < COUNT(sizes); j++)
            assert_refused(E_BAD_ARGS, Mem_RegionPlace((void *)starts[i], sizes[j]));
}
END_TEST

/* Memory for a region at any alignment, between bytes that nobody may change. */
enum { MISALIGNMENTS = 64, MARGIN = 128, ROOM = 8192 };
static _Alignas(64) unsigned char arena[MARGIN + MISALIGNMENTS + ROOM + MARGIN];

static Mem_Region *place_in_arena(size_t misalignment, size_t size) {
    memset(arena, 0x5a, sizeof arena);
    return Mem_RegionPlace(arena + MARGIN + misalignment, size);
}

static void assert_margins(size_t misalignment, size_t size) {
    const size_t start = MARGIN + misalignment;
    must(is_all(arena, 0x5a, start));
    must(is_all(arena + start + size, 0x5a, sizeof arena - start - size));
}

static void end_in_arena(Mem_Region *placed, size_t misalignment, size_t size) {
    assert_margins(misalignment, size);
    must(Mem_RegionDestroy(placed) == 0);
    assert_margins(misalignment, size);
}

/* Returns the smallest size that works. */
static size_t smallest_size(size_t misalignment) {
    for (size_t size = 0; size <= ROOM; size++) {
        m_error = 0;
        Mem_Region *placed = place_in_arena(misalignment, size);
        if (placed != NULL) {
            end_in_arena(placed, misalignment, size);
            return size;
        }
        must(m_error == E_BAD_ARGS);
        assert_margins(misalignment, size);
    }
    ck_abort_msg("%d bytes are too little", ROOM);
}

START_TEST(test_any_size_from_the_smallest_on_works_at_any_alignment) {
    const size_t misalignment = (size_t)_i, smallest = smallest_size(misalignment);
    size_t last = 0;
    ck_assert_uint_le(smallest, 512); /* some 500 bytes, and the object */
    for (size_t size = smallest; size <= ROOM; size += size < smallest + 300 ? 1 : 61) {
        Mem_Region *placed = place_in_arena(misalignment, size);
        must(placed != NULL);
        const size_t bytes = bytes_of(placed);
        must(bytes >= GRANULE && bytes % GRANULE == 0 && bytes < size && bytes >= last);
        last = bytes;
        use_every_byte(placed);
        use_last_granule(placed);
        end_in_arena(placed, misalignment, size);
    }
}
END_TEST

START_TEST(test_nothing_outside_is_written_in_a_random_run) {
    const size_t misalignment = (size_t)_i, size = ROOM - (size_t)_i;
    uint64_t seed = (uint64_t)_i;
    void *objects[50] = {NULL};
    printf("seed %d\n", _i);
    Mem_Region *placed = place_in_arena(misalignment, size);
    ck_assert_ptr_nonnull(placed);
    for (int i = 0; i < rounds(5000); i++) {
        const size_t asked = 1 + random_below(&seed, 700);
        void **object = &objects[random_below(&seed, COUNT(objects))];
        must(Mem_RegionFree(placed, *object) == 0);
        *object = Mem_RegionAlloc(placed, asked, styles[i % STYLES]);
        if (*object != NULL)
            memset(*object, i, asked);
    }
    must(Mem_RegionCheck(placed) == 0);
    end_in_arena(placed, misalignment, size);
}
END_TEST

/* ---- how much of it can be allocated ---- */

static void assert_most_can_be_allocated(unsigned char *start, size_t size, size_t least) {
    Mem_Region *placed = Mem_RegionPlace(start, size);
    must(placed != NULL);
    must(bytes_of(placed) >= least);
    must(bytes_of(placed) + figures(placed).index_bytes <= size);
    must(Mem_RegionAlloc(placed, bytes_of(placed), FIRSTFIT) != NULL);
    must(Mem_RegionDestroy(placed) == 0);
}

/* All but some 2.6% and 500 bytes. */
START_TEST(test_most_of_the_memory_can_be_allocated) {
    const size_t most = (1 << 24) + 4097;
    unsigned char *memory = malloc(most + MISALIGNMENTS);
    ck_assert_ptr_nonnull(memory);
    for (size_t size = 600; size <= most; size += size / 7)
        for (size_t i = 0; i < MISALIGNMENTS; i += 9)
            assert_most_can_be_allocated(memory + i, size, size - 512 - size * 27 / 1000);
    assert_most_can_be_allocated(memory, REGION, REGION / 100 * 96);
    assert_most_can_be_allocated(memory, 1 << 20, (1 << 20) / 100 * 97);
    free(memory);
}
END_TEST

START_TEST(test_INT_MAX_bytes_can_become_a_region) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char *memory = mmap(NULL, INT_MAX, PROT_READ | PROT_WRITE, flags, -1, 0);
    ck_assert_ptr_ne(memory, MAP_FAILED);
    Mem_Region *placed = Mem_RegionPlace(memory, INT_MAX);
    ck_assert_ptr_nonnull(placed);
    const size_t bytes = bytes_of(placed);
    ck_assert_uint_ge(bytes, (size_t)INT_MAX / 100 * 97);
    char *object = Mem_RegionAlloc(placed, bytes, FIRSTFIT);
    ck_assert_ptr_nonnull(object);
    ck_assert(object > memory && object + bytes <= memory + INT_MAX);
    object[0] = object[bytes - 1] = 1;
    assert_succeeds(Mem_RegionFree(placed, object));
    use_last_granule(placed);
    assert_succeeds(Mem_RegionDestroy(placed));
    ck_assert_int_eq(munmap(memory, INT_MAX), 0);
}
END_TEST

/* ---- what the memory held before, and where the index lies ---- */

static void make_dirty(unsigned char *memory, size_t size, int kind) {
    uint64_t seed = (uint64_t)kind;
    for (size_t i = 0; i < size; i++)
        memory[i] = (unsigned char)(kind < 2 ? 0 - kind : (int)random_below(&seed, 256));
    if (kind < 4)
        return;
    Mem_Region *former = Mem_RegionPlace(memory + kind, size - 16); /* its remains */
    must(former != NULL);
    for (size_t asked = 1; Mem_RegionAlloc(former, asked, FIRSTFIT) != NULL; asked += 3)
        continue;
    must(Mem_RegionDestroy(former) == 0);
}

START_TEST(test_memory_may_hold_anything_before) {
    static unsigned char memory[REGION];
    struct heap heap = {.pattern = 0};
    make_dirty(memory, sizeof memory, _i);
    heap.self = Mem_RegionPlace(memory, sizeof memory);
    ck_assert_ptr_nonnull(heap.self);
    assert_empty(heap.self);
    ck_assert_uint_eq(figures(heap.self).allocations, 0);
    ck_assert_uint_eq(figures(heap.self).peak_live_bytes, 0);
    fill_heap(&heap, 1);
    assert_heap_is_whole(&heap);
    empty_heap(&heap);
    use_every_byte(heap.self);
    use_last_granule(heap.self);
    assert_succeeds(Mem_RegionDestroy(heap.self));
}
END_TEST

START_TEST(test_index_lies_in_front_of_the_objects) {
    for (size_t size = 600; size <= ROOM; size += 31) {
        unsigned char *memory = arena + MARGIN, *end = memory + size;
        Mem_Region *placed = place_in_arena(0, size);
        unsigned char *first = Mem_RegionAlloc(placed, bytes_of(placed), FIRSTFIT);
        const size_t index_bytes = figures(placed).index_bytes;
        must((unsigned char *)placed >= memory);
        must((unsigned char *)placed + index_bytes <= first);
        must(first + bytes_of(placed) <= end);
        must(Mem_RegionDestroy(placed) == 0);
    }
}
END_TEST

/* From the start of the first object to the end of the memory, everything is overwritten: the list
 * is spoilt, and nothing else. */
START_TEST(test_writes_past_the_end_of_objects_do_not_reach_the_index) {
    static unsigned char memory[REGION];
    struct heap heap = {.self = Mem_RegionPlace(memory, sizeof memory)};
    ck_assert_ptr_nonnull(heap.self);
    fill_heap(&heap, 1);
    for (int i = 0; i < OBJECTS; i += 3)
        assert_succeeds(Mem_RegionFree(heap.self, heap.objects[i]));
    const struct Mem_Stats before = figures(heap.self);
    memset(heap.objects[0], 0xff, (size_t)(memory + sizeof memory - heap.objects[0]));
    assert_fails(E_CORRUPT_FREESPACE, Mem_RegionCheck(heap.self));
    const struct Mem_Stats after = figures(heap.self);
    ck_assert_int_eq(memcmp(&before, &after, sizeof before), 0);
    for (int i = 0; i < OBJECTS; i++)
        ck_assert_int_eq(Mem_RegionFree(heap.self, heap.objects[i]), i % 3 == 0 ? -1 : 0);
    assert_empty(heap.self);
    use_every_byte(heap.self);
    assert_succeeds(Mem_RegionDestroy(heap.self));
}
END_TEST

/* The caller can write every byte again, and make other regions of it. */
START_TEST(test_memory_is_the_callers_after_destroy) {
    unsigned char *memory = malloc(REGION);
    ck_assert_ptr_nonnull(memory);
    for (size_t i = 0; i < 10; i++) {
        Mem_Region *placed = Mem_RegionPlace(memory + i, REGION - 10);
        ck_assert_ptr_nonnull(placed);
        ck_assert_ptr_nonnull(Mem_RegionAlloc(placed, 1 + i * 1000, FIRSTFIT));
        assert_succeeds(Mem_RegionDestroy(placed));
        memset(memory, (int)i, REGION);
        must(is_all(memory, (int)i, REGION));
    }
    free(memory);
}
END_TEST

/* ---- what is asked of the system ---- */

START_TEST(test_destroy_unmaps_all_that_create_has_mapped) {
    const size_t sizes[] = {1, 4096, REGION, 1 << 20};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        begin_record(0);
        Mem_Region *created = Mem_RegionCreate(sizes[i]);
        ck_assert_uint_ge(record.mapped, bytes_of(created) + figures(created).index_bytes);
        ck_assert_uint_eq(record.unmapped, 0);
        assert_succeeds(Mem_RegionDestroy(created));
        ck_assert_uint_eq(record.unmapped, record.mapped);
    }
}
END_TEST

START_TEST(test_region_that_the_system_does_not_unmap_is_whole_and_can_be_ended_later) {
    begin_record(0);
    Mem_Region *created = Mem_RegionCreate(REGION);
    char *object = Mem_RegionAlloc(created, 1000, FIRSTFIT);
    fill(object, 1000, 1);
    const struct Mem_Stats before = figures(created);
    for (int i = 0; i < 3; i++) {
        record.keep_at = record.unmappings + 1;
        assert_fails(E_NO_MEMORY, Mem_RegionDestroy(created));
        const struct Mem_Stats after = figures(created);
        ck_assert_mem_eq(&after, &before, sizeof after);
        must(holds(object, 1000, 1) && Mem_RegionCheck(created) == 0);
    }
    must(Mem_RegionFree(created, object) == 0);
    use_every_byte(created);
    assert_succeeds(Mem_RegionDestroy(created));
    ck_assert_uint_eq(record.unmapped, record.mapped);
    assert_fails(E_BAD_ARGS, Mem_RegionDestroy(created));
}
END_TEST

/* The memory of the objects is unmapped at once. */
START_TEST(test_index_that_the_system_does_not_unmap_is_unmapped_by_a_later_call) {
    begin_record(0);
    Mem_Region *created[3];
    for (int i = 0; i < 3; i++) {
        created[i] = Mem_RegionCreate(REGION);
        record.keep_at = record.unmappings + 2;
        if (i == 2)
            break;
        assert_succeeds(Mem_RegionDestroy(created[i]));
        ck_assert_uint_lt(record.unmapped, record.mapped);
        assert_fails(E_BAD_ARGS, Mem_RegionDestroy(created[i]));
        record.keep_at = record.unmappings + 1; /* the next try, too */
    }
    record.keep_at = 0;
    use_every_byte(created[2]);
    assert_succeeds(Mem_RegionDestroy(created[2]));
    must(Mem_RegionDestroy(Mem_RegionCreate(REGION)) == 0);
    ck_assert_uint_eq(record.unmapped, record.mapped);
}
END_TEST

START_TEST(test_region_that_is_refused_halfway_leaves_nothing_mapped) {
    Mem_Region *created = NULL;
    int call = 0;
    while (created == NULL) {
        begin_record(++call);
        m_error = 0;
        created = Mem_RegionCreate(REGION);
        if (created == NULL) {
            ck_assert_int_eq(m_error, E_NO_MEMORY);
            ck_assert_uint_eq(record.unmapped, record.mapped);
        }
    }
    ck_assert_int_gt(call, 2); /* at least region and index failed once */
    use_every_byte(created);
}
END_TEST

/* The first placed region has the library map memory for its registry. Later ones cause no system
 * call at all, from beginning to end. */
START_TEST(test_placed_region_asks_nothing_of_the_system) {
    static char memory[REGION];
    must(Mem_RegionDestroy(Mem_RegionPlace(memory, sizeof memory)) == 0);
    begin_record(0);
    Mem_Region *placed = Mem_RegionPlace(memory, sizeof memory);
    void *object = Mem_RegionAlloc(placed, 1000, FIRSTFIT);
    object = Mem_RegionRealloc(placed, object, 20000, FIRSTFIT);
    void *other = Mem_RegionCalloc(placed, 3, 1000, WORSTFIT);
    void *aligned = Mem_RegionAlignedAlloc(placed, 4096, 10, BESTFIT);
    object = Mem_RegionRealloc(placed, object, 30000, FIRSTFIT);
    must(Mem_RegionAlloc(placed, REGION, BESTFIT) == NULL);
    must(Mem_RegionFree(placed, object) == 0);
    must(Mem_RegionFree(placed, aligned) == 0);
    must(Mem_RegionTrim(placed) == 0);
    must(Mem_RegionWalk(placed, go_on, NULL) == 0);
    must(Mem_RegionFree(placed, other) == 0);
    assert_empty(placed);
    must(Mem_RegionDestroy(placed) == 0);
    ck_assert_int_eq(record.calls, 0);
}
END_TEST

/* At first, the system refuses memory for the registry. */
START_TEST(test_place_that_the_system_refuses_is_E_NO_MEMORY) {
    static char memory[REGION];
    Mem_Region *placed = NULL;
    int call = 0;
    while (placed == NULL) {
        begin_record(++call);
        m_error = 0;
        placed = Mem_RegionPlace(memory, sizeof memory);
        ck_assert_int_eq(m_error, placed == NULL ? E_NO_MEMORY : 0);
    }
    ck_assert_int_gt(call, 2);
    use_every_byte(placed);
}
END_TEST

START_TEST(test_created_region_maps_nothing_more) {
    Mem_Region *created = Mem_RegionCreate(1 << 24);
    begin_record(0);
    use_every_byte(created);
    use_last_granule(created);
    void *object = Mem_RegionCalloc(created, 1 << 10, 1 << 10, WORSTFIT);
    must(Mem_RegionRealloc(created, object, 1 << 23, FIRSTFIT) != NULL);
    ck_assert_int_eq(record.calls, 0);
}
END_TEST

static void fail_to_create(void) {
    assert_refused(E_NO_MEMORY, Mem_RegionCreate(INT_MAX));
    assert_refused(E_BAD_ARGS, Mem_RegionCreate(REGION_MOST + 1));
    use_every_byte(Mem_RegionCreate(REGION));
}

START_TEST(test_region_that_the_system_refuses_is_E_NO_MEMORY) {
    with_little_memory(fail_to_create);
    Mem_Region *created = Mem_RegionCreate(INT_MAX);
    ck_assert_ptr_nonnull(created);
    assert_succeeds(Mem_RegionDestroy(created));
}
END_TEST

/* The mappings of the process and their bytes, from /proc. Read without malloc and stdio, which
 * might map something themselves. */
struct mappings {
    size_t count, bytes;
};

static struct mappings mappings_now(void) {
    static char text[1 << 20];
    struct mappings now = {0, 0};
    size_t length = 0;
    ssize_t got = 1;
    const int file = open("/proc/self/maps", O_RDONLY);
    must(file != -1);
    while (got > 0) {
        got = read(file, text + length, sizeof text - 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    close(file);
    must(got == 0 && length < sizeof text - 1);
    text[length] = '\0';
    for (char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n') + 1) {
        char *end;
        const size_t from = strtoull(line, &end, 16), to = strtoull(end + 1, &end, 16);
        now.bytes += to - from;
        now.count++;
    }
    return now;
}

START_TEST(test_no_mapping_is_left_of_1000_regions) {
    const size_t sizes[] = {1, 4096, REGION, 1 << 20, (1 << 24) + 1, INT_MAX};
    const struct mappings before = mappings_now();
    for (int i = 0; i < 1000; i++) {
        Mem_Region *created = Mem_RegionCreate(sizes[i % (can_map_int_max() ? 6 : 5)]);
        must(created != NULL);
        must(Mem_RegionAlloc(created, 1000, FIRSTFIT) != NULL);
        must(mappings_now().bytes > before.bytes);
        must(Mem_RegionDestroy(created) == 0);
    }
    const struct mappings after = mappings_now();
    ck_assert_uint_eq(after.count, before.count);
    ck_assert_uint_eq(after.bytes, before.bytes);
}
END_TEST

static void add_tests_of_the_system(TCase *tests) {
    if (!INTERPOSED)
        return;
    tcase_add_test(tests, test_destroy_unmaps_all_that_create_has_mapped);
    tcase_add_test(tests,
                   test_region_that_the_system_does_not_unmap_is_whole_and_can_be_ended_later);
    tcase_add_test(tests, test_index_that_the_system_does_not_unmap_is_unmapped_by_a_later_call);
    tcase_add_test(tests, test_region_that_is_refused_halfway_leaves_nothing_mapped);
    tcase_add_test(tests, test_placed_region_asks_nothing_of_the_system);
    tcase_add_test(tests, test_place_that_the_system_refuses_is_E_NO_MEMORY);
    tcase_add_test(tests, test_created_region_maps_nothing_more);
    if (!light())
        tcase_add_test(tests, test_no_mapping_is_left_of_1000_regions);
    if (!light() && can_map_int_max()) /* an emulator's own memory exceeds any limit */
        tcase_add_test(tests, test_region_that_the_system_refuses_is_E_NO_MEMORY);
}

static void add_tests_of_placed_regions(TCase *tests) {
    tcase_add_test(tests, test_no_memory_or_too_much_is_E_BAD_ARGS);
    tcase_add_test(tests, test_memory_that_ends_beyond_the_last_address_is_E_BAD_ARGS);
    tcase_add_loop_test(tests, test_any_size_from_the_smallest_on_works_at_any_alignment, 0,
                        MISALIGNMENTS);
    tcase_add_loop_test(tests, test_nothing_outside_is_written_in_a_random_run, 0, MISALIGNMENTS);
    tcase_add_test(tests, test_most_of_the_memory_can_be_allocated);
    if (!light() && can_map_int_max())
        tcase_add_test(tests, test_INT_MAX_bytes_can_become_a_region);
    tcase_add_loop_test(tests, test_memory_may_hold_anything_before, 0, 8);
    tcase_add_test(tests, test_index_lies_in_front_of_the_objects);
    if (!light()) /* sanitizers and valgrind would report the writes */
        tcase_add_test(tests, test_writes_past_the_end_of_objects_do_not_reach_the_index);
    tcase_add_test(tests, test_memory_is_the_callers_after_destroy);
}

int main(void) {
    TCase *tests = new_case("regions");

    tcase_add_test(tests, test_size_is_rounded_up_to_whole_pages);
    tcase_add_test(tests, test_created_regions_of_all_sizes_work_to_their_last_granule);
    if (can_map_int_max())
        tcase_add_loop_test(tests, test_region_of_INT_MAX_is_rounded_up, 0, STYLES);
    tcase_add_test(tests, test_size_of_0_or_more_than_a_region_can_have_is_E_BAD_ARGS);
    tcase_add_test(tests, test_create_and_destroy_leave_m_error_alone);
    tcase_add_test(tests, test_there_is_no_default_region_before_init);
    tcase_add_test(tests, test_other_regions_are_not_the_default_region);
    tcase_add_test(tests, test_default_region_is_what_the_short_calls_use);
    tcase_add_test(tests, test_many_regions_do_not_disturb_each_other);
    tcase_add_test(tests, test_pointer_of_another_region_is_E_BAD_POINTER);
    tcase_add_test(tests, test_region_can_live_in_an_object_of_another);
    tcase_add_loop_test(tests, test_no_region_is_E_BAD_ARGS, 0, 2);
    tcase_add_loop_test(tests, test_sizes_beyond_every_region_are_E_NO_SPACE, 0, STYLES);
    tcase_add_test(tests, test_size_of_0_and_unknown_style_are_E_BAD_ARGS);
    tcase_add_test(tests, test_dump_shows_the_region_named);
    tcase_add_test(tests, test_default_region_cannot_be_destroyed);
    tcase_add_test(tests, test_what_is_no_region_cannot_be_destroyed);
    tcase_add_test(tests, test_regions_placed_in_objects_end_with_their_region);
    tcase_add_test(tests, test_destroy_unmaps_region_and_index);
    add_tests_of_placed_regions(tests);
    add_tests_of_the_system(tests);
    return run_case(tests);
}
