/*
 * cache.c - caches of objects; see cache.h.
 *
 *     struct caches   | set 0 | set 1 | ... | set 63 | store 0 | ... | store 63 |
 *     a set           | lock | how many objects of each size | their places |
 *     a store         | lock | how many objects | their places |
 *
 * A thread uses the set with its number, if it can have its lock at once, and otherwise does
 * without: two threads seldom have the same set. No set belongs to a thread, so none is left behind
 * when one ends, and threads that are ending need no other.
 *
 * What is too much in the cache of a set goes to the store for its size, and what is missing comes
 * from there; so objects that one thread allocates and another frees go round without the region.
 * Only what a store cannot take or give, the region does.
 *
 * Before a request is refused, a thread owns all sets at once: it empties them and the stores, and
 * asks the region again, while nobody can put anything aside. Threads that call meanwhile do
 * without their sets; one that is to be refused, too, waits, and then finds what was given back.
 *
 * Lock order: sets in the order of their numbers, then one store, then the region. Only who owns a
 * set comes to a store; so who owns all sets owns the stores as well.
 *
 * Invariants, where no lock is held:
 * 1. A byte of the table is MEM_CACHE_CACHED if and only if the granule's object is in one cache,
 * or a thread is just moving it there or from there.
 * 2. An object in the cache for n granules has n granules.
 * 3. While the process has one thread, all caches are empty, once it has made a call.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "malloc/heap.h"
#include "malloc/trim.h"
#include "system/error.h"
#include "system/os.h"
#include "system/public.h"
#include "system/thread.h"

enum {
    SETS = 64,
    SIZES = 64,     /* caches of a set: for objects of 1 to so many granules */
    PLACES = 64,    /* of a cache, at most */
    PLACES_MIN = 8, /* at least; in between, as many as 8 KiB of objects have */
    GRANULES = 512,
    STORED = 8 * PLACES,       /* of a store, at most: eight times as many as of a cache */
    CACHED = MEM_REGION_CACHED /* in the table */
};

/* Its lock is seldom contended, and never waited for by those who are in a hurry: so it can be
 * given up by a plain store, which saves a fifth of the time of an allocation and a free. */
struct set {
    _Alignas(64) atomic_bool is_taken;
    unsigned char count[SIZES];
    unsigned char batch[SIZES]; /* how many it was filled with the last time */
    mem_granule of[SIZES][PLACES];
};

struct store {
    _Alignas(64) struct mem_lock lock;
    unsigned count;
    mem_granule of[STORED];
};

struct caches {
    struct set set[SETS];
    struct store store[SIZES]; /* for objects of 1 to so many granules */
};

typedef _Atomic(unsigned char) mark;

bool mem_cache_is_wanted;

/* NULL until a second thread calls. The table is set before the caches are. */
static _Atomic(struct caches *) known_caches;
static mark *table;

/* Whether some object may be cached. */
static atomic_bool is_used;

/* Whether the system has refused the memory. */
static atomic_bool is_refused;

/* The number of the thread's set, and 1; and how many threads have one. */
static MEM_THREAD_LOCAL unsigned own_set;
static atomic_uint threads;

/* How many calls of fork(), nested in fork handlers, the thread is in: it owns all sets. */
static MEM_THREAD_LOCAL unsigned forks;

/* ---- The caches ---- */

/* No huge pages: of the table, only what is used should be resident. */
static struct caches *make(struct Mem_Region *region) {
    struct caches *made = mem_os_map_guarded(mem_os_round(sizeof *made));
    if (made == NULL)
        return NULL;
    table = mem_os_map_guarded(mem_os_round(mem_index_granules(&region->index)));
    if (table != NULL)
        return made;
    (void)mem_os_unmap_guarded(made, mem_os_round(sizeof *made));
    return NULL;
}

/* From now on, all calls come here, also when the process has one thread again. */
static struct caches *begin(struct Mem_Region *region) {
    bool taken = mem_lock_keep(region->lock);
    struct caches *caches = atomic_load_explicit(&known_caches, memory_order_acquire);
    if (caches == NULL) {
        caches = make(region);
        atomic_store_explicit(&is_refused, caches == NULL, memory_order_relaxed);
        if (caches != NULL) {
            region->marks = table;
            atomic_store_explicit(&mem_heap_direct, NULL, memory_order_relaxed);
        }
        atomic_store_explicit(&known_caches, caches, memory_order_release);
    }
    mem_lock_keep_no_more(region->lock, taken);
    return caches;
}

static struct caches *caches_if_made(void) {
    return atomic_load_explicit(&known_caches, memory_order_acquire);
}

/* NULL if there are none: they are not wanted, or not to be had. */
static struct caches *caches_of(struct Mem_Region *region) {
    struct caches *caches = caches_if_made();
    if (caches != NULL || !mem_cache_is_wanted || !mem_lock_is_needed() ||
        atomic_load_explicit(&is_refused, memory_order_relaxed))
        return caches;
    return begin(region);
}

static bool try_set(struct set *set) {
    return !atomic_exchange_explicit(&set->is_taken, true, memory_order_acquire);
}

/* Who has it may have lost the processor, to a thread with a higher priority, as this one may have:
 * so it sleeps. To sleep is a point where a thread can be cancelled, and calls of the malloc family
 * are none. */
static void await_set(struct set *set) {
    const struct timespec shortly = {0, 20000};
    int cancelling;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
    while (!try_set(set))
        (void)nanosleep(&shortly, NULL);
    (void)pthread_setcancelstate(cancelling, NULL);
}

static void give_up_set(struct set *set) {
    atomic_store_explicit(&set->is_taken, false, memory_order_release);
}

/* All sets, but in fork(), where the thread has them already. It has no other lock. */
static void own_all(struct caches *caches) {
    for (int i = 0; forks == 0 && i < SETS; i++)
        await_set(&caches->set[i]);
}

static void disown_all(struct caches *caches) {
    for (int i = 0; forks == 0 && i < SETS; i++)
        give_up_set(&caches->set[i]);
}

/* The set of the thread, with its lock, to be used; NULL when another thread has that. What is
 * told before the lock is given up, whoever empties it finds. */
static struct set *take_set(struct caches *caches) {
    if (own_set == 0)
        own_set = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % SETS + 1;
    struct set *set = &caches->set[own_set - 1];
    if (!try_set(set))
        return NULL;
    if (!atomic_load_explicit(&is_used, memory_order_relaxed))
        atomic_store_explicit(&is_used, true, memory_order_relaxed);
    return set;
}

/* The places in the cache for n granules. */
static unsigned places(mem_granule n) {
    unsigned many = GRANULES / n;
    return many > PLACES ? PLACES : many < PLACES_MIN ? PLACES_MIN : many;
}

/* ---- Marks ---- */

static mark *mark_of(const struct Mem_Region *region, const void *object) {
    return &table[((uintptr_t)object - (uintptr_t)region->base) / MEM_GRANULE_BYTES];
}

static void set_mark(mark *of, unsigned value) {
    atomic_store_explicit(of, (unsigned char)value, memory_order_release);
}

/* Marks an object that the program gets. */
static void mark_served(const struct Mem_Region *region, void *object, mem_granule n) {
    if (caches_if_made() != NULL)
        set_mark(mark_of(region, object), n <= SIZES ? n : 0);
}

/* Takes the mark of an object that the program gives back, and puts another there. CACHED if it was
 * given back before, and 0 if only the region knows of it: then nothing is changed. */
static unsigned take_mark(mark *of, unsigned instead) {
    unsigned char now = atomic_load_explicit(of, memory_order_relaxed);
    while (now != 0 && now != CACHED &&
           !atomic_compare_exchange_weak_explicit(of, &now, (unsigned char)instead,
                                                  memory_order_acq_rel, memory_order_relaxed))
        continue;
    return now;
}

/* ---- Many at a time ---- */

/* Gives objects back to the region. */
static void give_back(struct Mem_Region *region, const mem_granule *of, unsigned count) {
    bool taken = mem_lock_keep(region->lock);
    for (unsigned i = 0; i < count; i++) {
        set_mark(&table[of[i]], 0);
        (void)Mem_RegionFree(region, mem_region_address(region, of[i]));
    }
    mem_trim_note(region);
    mem_lock_keep_no_more(region->lock, taken);
}

/* Puts objects of n granules into the store, as many as there is room for; returns how many. */
static unsigned put_stored(struct caches *caches, mem_granule n, const mem_granule *of,
                           unsigned count) {
    struct store *store = &caches->store[n - 1];
    mem_lock_acquire(&store->lock);
    unsigned room = STORED / PLACES * places(n) - store->count;
    unsigned put = count < room ? count : room;
    memcpy(store->of + store->count, of, put * sizeof *of);
    store->count += put;
    mem_lock_release(&store->lock);
    return put;
}

/* Takes so many objects of n granules from the store, or all; returns how many. */
static unsigned take_stored(struct caches *caches, mem_granule n, mem_granule *of, unsigned count) {
    struct store *store = &caches->store[n - 1];
    mem_lock_acquire(&store->lock);
    unsigned taken = count < store->count ? count : store->count;
    store->count -= taken;
    memcpy(of, store->of + store->count, taken * sizeof *of);
    mem_lock_release(&store->lock);
    return taken;
}

/* Takes the older half of a full cache away. With the set's lock. */
static void spill(struct Mem_Region *region, struct caches *caches, struct set *set,
                  mem_granule n) {
    mem_granule *of = set->of[n - 1];
    unsigned count = places(n) / 2;
    unsigned stored = put_stored(caches, n, of, count);
    if (stored < count)
        give_back(region, of + stored, count - stored);
    set->count[n - 1] = (unsigned char)(set->count[n - 1] - count);
    memmove(of, of + count, set->count[n - 1] * sizeof *of);
}

/* How many objects to fill an empty cache with: each time twice as many, up to half of its places.
 */
static unsigned next_batch(struct set *set, mem_granule n) {
    unsigned twice = 2 * set->batch[n - 1];
    unsigned most = places(n) / 2;
    set->batch[n - 1] = (unsigned char)(twice == 0 ? 1 : twice < most ? twice : most);
    return set->batch[n - 1];
}

/* Has the region allocate so many objects of n granules, the first of them to be the last; returns
 * how many it did. */
static unsigned allocate(struct Mem_Region *region, mem_granule n, mem_granule *of,
                         unsigned count) {
    mem_granule got[PLACES];
    unsigned allocated = 0;
    bool taken = mem_lock_keep(region->lock);
    for (void *object; allocated < count; allocated++) {
        object = Mem_RegionAlloc(region, mem_granule_bytes(n), mem_heap_style);
        if (object == NULL)
            break;
        got[allocated] = (mem_granule)(mark_of(region, object) - table);
        set_mark(&table[got[allocated]], CACHED);
    }
    mem_lock_keep_no_more(region->lock, taken);
    for (unsigned i = 0; i < allocated; i++)
        of[i] = got[allocated - 1 - i];
    return allocated;
}

/* Fills an empty cache. With the set's lock. */
static void fill(struct Mem_Region *region, struct caches *caches, struct set *set, mem_granule n) {
    unsigned batch = next_batch(set, n);
    unsigned count = take_stored(caches, n, set->of[n - 1], batch);
    if (count == 0)
        count = allocate(region, n, set->of[n - 1], batch);
    set->count[n - 1] = (unsigned char)count;
}

static void empty_set(struct Mem_Region *region, struct set *set) {
    for (int i = 0; i < SIZES; i++) {
        if (set->count[i] > 0)
            give_back(region, set->of[i], set->count[i]);
        set->count[i] = 0;
    }
}

static void empty_store(struct Mem_Region *region, struct store *store) {
    if (store->count > 0)
        give_back(region, store->of, store->count);
    store->count = 0;
}

/* By who owns all sets. */
static void empty(struct Mem_Region *region, struct caches *caches) {
    if (!atomic_load_explicit(&is_used, memory_order_relaxed))
        return;
    for (int i = 0; i < SETS; i++)
        empty_set(region, &caches->set[i]);
    for (int i = 0; i < SIZES; i++)
        empty_store(region, &caches->store[i]);
    atomic_store_explicit(&is_used, false, memory_order_relaxed);
}

void mem_cache_empty(void) {
    struct caches *caches = caches_if_made();
    if (caches == NULL || !atomic_load_explicit(&is_used, memory_order_relaxed))
        return;
    own_all(caches);
    empty(mem_heap_if_made(), caches);
    disown_all(caches);
}

/* ---- Allocation ---- */

/* By the region; if it refuses, all caches are emptied, and it is asked again. */
static void *alloc_by_region(struct Mem_Region *region, size_t alignment, size_t bytes) {
    void *object = Mem_RegionAlignedAlloc(region, alignment, bytes, mem_heap_style);
    struct caches *caches = caches_if_made();
    if (object != NULL || caches == NULL)
        return object;
    own_all(caches);
    empty(region, caches);
    object = Mem_RegionAlignedAlloc(region, alignment, bytes, mem_heap_style);
    disown_all(caches);
    return object;
}

/* From a cache; NULL when there is none, or nothing to fill it with. */
static void *alloc_cached(struct Mem_Region *region, struct caches *caches, mem_granule n) {
    struct set *set = take_set(caches);
    void *object = NULL;
    if (set == NULL)
        return NULL;
    if (set->count[n - 1] == 0)
        fill(region, caches, set, n);
    if (set->count[n - 1] > 0)
        object = mem_region_address(region, set->of[n - 1][--set->count[n - 1]]);
    give_up_set(set);
    return object;
}

void *mem_cache_alloc(struct Mem_Region *region, size_t bytes) {
    struct caches *caches = caches_of(region);
    mem_granule n = bytes <= mem_granule_bytes(SIZES) ? mem_granule_count(bytes) : SIZES + 1;
    void *object = NULL;
    if (!mem_lock_is_needed())
        mem_cache_empty();
    else if (caches != NULL && n <= SIZES)
        object = alloc_cached(region, caches, n);
    if (object == NULL)
        object = alloc_by_region(region, 1, bytes);
    if (object != NULL)
        mark_served(region, object, n);
    return object;
}

void *mem_cache_aligned(struct Mem_Region *region, size_t alignment, size_t bytes) {
    if (!mem_lock_is_needed())
        mem_cache_empty();
    void *object = alloc_by_region(region, alignment, bytes);
    if (object != NULL)
        mark_served(region, object, SIZES + 1);
    return object;
}

/* ---- Freeing ---- */

static enum mem_cache_freed free_by_region(struct Mem_Region *region, void *ptr) {
    bool taken = mem_lock_keep(region->lock);
    bool freed = Mem_RegionFree(region, ptr) == 0;
    mem_trim_note(region);
    mem_lock_keep_no_more(region->lock, taken);
    return freed ? MEM_CACHE_FREED : MEM_CACHE_NOT_LIVE;
}

/* Puts an object that is marked as cached into a cache; false when there is none. */
static bool put_cached(struct Mem_Region *region, struct caches *caches, void *ptr, mem_granule n) {
    struct set *set = take_set(caches);
    if (set == NULL)
        return false;
    if (set->count[n - 1] == places(n))
        spill(region, caches, set, n);
    set->of[n - 1][set->count[n - 1]++] = (mem_granule)(mark_of(region, ptr) - table);
    give_up_set(set);
    return true;
}

/* The caches, if a pointer may be that of an object that came through one: it starts a granule. */
static struct caches *caches_for(struct Mem_Region *region, const void *ptr) {
    struct caches *caches = caches_of(region);
    if (!mem_lock_is_needed())
        mem_cache_empty();
    return ((uintptr_t)ptr - (uintptr_t)region->base) % MEM_GRANULE_BYTES == 0 ? caches : NULL;
}

enum mem_cache_freed mem_cache_free(struct Mem_Region *region, void *ptr) {
    struct caches *caches = caches_for(region, ptr);
    if (caches == NULL)
        return free_by_region(region, ptr);
    mark *own = mark_of(region, ptr);
    unsigned n = take_mark(own, CACHED);
    if (n == 0)
        return free_by_region(region, ptr);
    if (n == CACHED)
        return MEM_CACHE_NOT_LIVE;
    if (mem_lock_is_needed() && put_cached(region, caches, ptr, n))
        return MEM_CACHE_FREED;
    set_mark(own, 0);
    return free_by_region(region, ptr);
}

/* ---- Resizing ---- */

/* Under the region's lock, so that nobody gets the place meanwhile that the object leaves. */
static void *resize_marked(struct Mem_Region *region, void *ptr, size_t bytes) {
    mark *own = mark_of(region, ptr);
    mem_granule to = bytes <= mem_granule_bytes(SIZES) ? mem_granule_count(bytes) : SIZES + 1;
    bool taken = mem_lock_keep(region->lock);
    unsigned from = take_mark(own, 0);
    void *object = from != CACHED ? Mem_RegionRealloc(region, ptr, bytes, mem_heap_style)
                                  : mem_error_null(E_BAD_POINTER);
    if (object != NULL)
        mark_served(region, object, from != 0 ? to : SIZES + 1);
    else if (from != CACHED)
        set_mark(own, from);
    mem_lock_keep_no_more(region->lock, taken);
    return object;
}

static void *resize(struct Mem_Region *region, const struct caches *caches, void *ptr,
                    size_t bytes) {
    return caches != NULL ? resize_marked(region, ptr, bytes)
                          : Mem_RegionRealloc(region, ptr, bytes, mem_heap_style);
}

/* How many granules an object has, if it came through a cache; 0: only the region knows. */
static mem_granule small_granules(const struct Mem_Region *region, const void *ptr) {
    unsigned n = atomic_load_explicit(mark_of(region, ptr), memory_order_relaxed);
    return n != CACHED ? n : 0;
}

/* Moves a small object to a place out of a cache; NULL when there is none, or none is needed. The
 * region would have to look for it under its lock, and seldom finds the place behind it free. */
static void *move(struct Mem_Region *region, struct caches *caches, void *ptr, mem_granule from,
                  mem_granule to) {
    void *object = mem_lock_is_needed() ? alloc_cached(region, caches, to) : NULL;
    if (object == NULL)
        return NULL;
    mark_served(region, object, to);
    memcpy(object, ptr, mem_granule_bytes(from < to ? from : to));
    if (mem_cache_free(region, ptr) == MEM_CACHE_FREED)
        return object;
    (void)mem_cache_free(region, object);
    return NULL;
}

/* Without the region's lock, if that can be; else NULL. */
static void *resize_small(struct Mem_Region *region, struct caches *caches, void *ptr,
                          size_t bytes) {
    mem_granule from = caches != NULL ? small_granules(region, ptr) : 0;
    if (from == 0 || bytes > mem_granule_bytes(SIZES))
        return NULL;
    mem_granule to = mem_granule_count(bytes);
    return from == to ? ptr : move(region, caches, ptr, from, to);
}

void *mem_cache_resize(struct Mem_Region *region, void *ptr, size_t bytes) {
    struct caches *caches = caches_for(region, ptr);
    void *object = resize_small(region, caches, ptr, bytes);
    if (object != NULL)
        return object;
    object = resize(region, caches, ptr, bytes);
    if (object != NULL || caches == NULL || *Mem_ErrorLocation() != E_NO_SPACE)
        return object;
    own_all(caches);
    empty(region, caches);
    object = resize(region, caches, ptr, bytes);
    disown_all(caches);
    return object;
}

size_t mem_cache_size(struct Mem_Region *region, void *ptr) {
    if (caches_for(region, ptr) == NULL)
        return Mem_RegionSize(region, ptr);
    unsigned n = atomic_load_explicit(mark_of(region, ptr), memory_order_relaxed);
    if (n == 0)
        return Mem_RegionSize(region, ptr);
    return n != CACHED ? mem_granule_bytes(n) : 0;
}

/* ---- Memory ---- */

/* The marks of free granules are 0, as those of pages that were discarded; whoever reads one
 * meanwhile writes none. */
void mem_cache_discard(mem_granule from, mem_granule to) {
    if (caches_if_made() == NULL)
        return;
    char *first = (char *)&table[from], *last = (char *)&table[to];
    first += mem_os_round((uintptr_t)first) - (uintptr_t)first;
    last -= (uintptr_t)last % mem_os_round(1);
    if (first < last)
        (void)mem_os_discard_all(first, (size_t)(last - first));
}

/* ---- fork ---- */

/* The caches whose sets, and so stores, this thread owns. */
static MEM_THREAD_LOCAL struct caches *owned;

static void before_fork(void) {
    if (forks++ > 0)
        return;
    owned = caches_if_made();
    for (int i = 0; owned != NULL && i < SETS; i++)
        await_set(&owned->set[i]);
}

static void after_fork_in_parent(void) {
    if (forks == 0 || --forks > 0)
        return;
    for (int i = 0; owned != NULL && i < SETS; i++)
        give_up_set(&owned->set[i]);
}

/* Caches that another thread made during the fork() may be half changed, and are as if they were
 * empty. */
static void after_fork_in_child(void) {
    struct caches *caches = caches_if_made();
    if (forks == 0 || --forks > 0)
        return;
    if (caches != owned)
        memset(caches, 0, sizeof *caches);
    for (int i = 0; caches != NULL && i < SETS; i++)
        give_up_set(&caches->set[i]);
}

void mem_cache_handle_fork(void) {
    if (mem_cache_is_wanted)
        (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}
