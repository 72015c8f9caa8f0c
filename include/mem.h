/*
 * mem.h - the interface of libmem: regions of memory, handed out and taken
 * back with exact placement policies.
 *
 * A process has one default region, which Mem_Init maps once, and as many
 * others as it likes. Most functions come in pairs: Mem_Alloc and its kin are
 * for the default region and count in ints, Mem_RegionAlloc and its kin are
 * the same calls for the region named and count in size_t.
 *
 * Every function is safe to call from several threads and across fork(), but
 * for Mem_RegionDestroy, with which no other call on the region may be in
 * progress; none is async-signal-safe. No function calls malloc, exits or
 * aborts, and none prints but Mem_Dump and Mem_RegionDump. Errors are
 * returned, and m_error says why. Arguments are looked at first, then
 * pointers, then space.
 *
 * In the complexities below, n is the number of granules (16 bytes) of the
 * region and k the number of free chunks. They do not count what it takes to
 * tell AddressSanitizer or Valgrind of the memory, under which alone it is
 * told.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#else
#include <stdbool.h>
#endif

/* The version of this header; a program may compare MEM_VERSION with
 * MEM_MAKE_VERSION(major, minor, patch) in #if. */
#define MEM_VERSION_MAJOR 0
#define MEM_VERSION_MINOR 1
#define MEM_VERSION_PATCH 0
#define MEM_VERSION_STRING "0.1.0"
#define MEM_MAKE_VERSION(major, minor, patch) ((major)*10000 + (minor)*100 + (patch))
#define MEM_VERSION MEM_MAKE_VERSION(MEM_VERSION_MAJOR, MEM_VERSION_MINOR, MEM_VERSION_PATCH)

/* Styles: which free chunk Mem_Alloc takes. Among equals, the one with the
 * lowest address. */
#define BESTFIT 0  /* the smallest chunk that is large enough */
#define WORSTFIT 1 /* the largest chunk */
#define FIRSTFIT 2 /* the lowest-addressed chunk that is large enough */

/* What m_error tells after a call has failed. */
#define E_NO_SPACE 1          /* no free chunk is large enough */
#define E_CORRUPT_FREESPACE 2 /* a node of the free list was overwritten */
#define E_BAD_ARGS 4          /* an argument is out of its range, or there is no region */
#define E_BAD_POINTER 5       /* the pointer is not the start of a live object */
#define E_NO_MEMORY 6         /* the system refuses memory */

/* What ISO C90 and C++98 do not have, and their compilers do. */
#ifdef __GNUC__
#define MEM_EXTENSION __extension__
#else
#define MEM_EXTENSION
#endif

/*
 * A resize whose result is dropped loses the object that has moved. No other
 * attribute is promised, because programs rely on what these would deny:
 * - malloc: a program compares a new address with an old one, as placement is exact;
 *   a compiler would take them for different.
 * - malloc with a deallocator: a program frees twice and looks at the answer.
 * - alloc_size: it uses the bytes up to the next multiple of 16.
 * - nonnull, and bounds of sizes: it passes NULL, or sizes from 0 down, and is answered.
 */
#ifdef __GNUC__
#define MEM_USE_RESULT __attribute__((__warn_unused_result__))
#else
#define MEM_USE_RESULT
#endif

/*
 * A node of the free list. One stands at the start of every free chunk, and
 * nowhere else; the list is in address order and right whenever a function has
 * returned. It mirrors the index by which the library searches, which lies
 * outside the region: nothing that a program writes into a node misleads an
 * allocation.
 */
struct __list_t {
    int size; /* bytes of the whole chunk, this node included; a chunk of more
               * than INT_MAX bytes shows the largest multiple of 16 below */
#ifdef __cplusplus
    bool type; /* true while the node heads a free chunk */
#else
    MEM_EXTENSION _Bool type; /* true while the node heads a free chunk */
#endif
    struct __list_t *next; /* the next free chunk by address, or NULL */
};

typedef struct __list_t *MemNodePtr;

/* A region of memory with its index and its lock; Mem_RegionCreate makes one. */
typedef struct Mem_Region Mem_Region;

/* A block of a region as Mem_Walk shows it: an object or a free chunk. */
struct Mem_Block {
    void *address;           /* where it starts */
    size_t size;             /* bytes, whole granules */
    MEM_EXTENSION bool live; /* an object, and not a free chunk */
};

/* A count that does not overflow. (g++ -std=c++98 -pedantic heeds the pragmas alone.) */
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wlong-long"
#endif
MEM_EXTENSION typedef unsigned long long Mem_Count;
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

/* What became of a region, as Mem_GetStats tells it. Bytes count whole granules: a request is
 * rounded up to a multiple of 16. */
struct Mem_Stats {
    size_t region_bytes;    /* all that can be allocated; live_bytes + free_bytes */
    size_t index_bytes;     /* taken for the index, beside the region, without guard pages */
    size_t live_bytes;      /* in live objects */
    size_t live_blocks;     /* live objects */
    size_t peak_live_bytes; /* the most that live_bytes has ever been; while a resize
                             * moves an object, both places count */
    size_t free_bytes;      /* in free chunks */
    size_t free_chunks;     /* nodes of the free list */
    size_t largest_free;    /* in the largest free chunk, 0 without one */
    Mem_Count allocations;  /* objects handed out; a resize in place is none, and one that
                             * moves the object is one, and one free */
    Mem_Count frees;        /* objects taken back: allocations - live_blocks */
    Mem_Count refused;      /* requests that failed with E_NO_SPACE */
    Mem_Count bad_frees;    /* frees, not resizes, that failed with E_BAD_POINTER */
    Mem_Count reserved[8];  /* 0 */
};

/*
 * Maps the default region, once in a process: sizeOfRegion bytes, rounded up
 * to whole pages, all of them allocatable. A call that failed changes nothing,
 * and a later one can succeed; of calls that race, exactly one succeeds.
 *
 * Returns 0, or -1 with m_error E_BAD_ARGS: sizeOfRegion is not positive, the
 * region exists already, or the system refuses the memory.
 * Complexity: O(1), whatever the size.
 */
int Mem_Init(int sizeOfRegion);

/*
 * Returns the default region, or NULL before Mem_Init; m_error stays as it is.
 * Complexity: O(1).
 */
Mem_Region *Mem_DefaultRegion(void);

/*
 * Maps another region: size bytes, rounded up to whole pages, all of them
 * allocatable, and its index in a mapping of its own. At most INT_MAX bytes
 * can be asked for.
 *
 * Returns the region, or NULL with m_error E_BAD_ARGS (size is 0 or more than
 * INT_MAX) or E_NO_MEMORY (the system refuses the memory).
 * Complexity: O(1), whatever the size.
 */
Mem_Region *Mem_RegionCreate(size_t size);

/*
 * Makes a region inside size bytes of the caller's memory, at most INT_MAX,
 * aligned as it comes and with whatever it holds. The index lies in front, so that
 * writes past the end of an object run away from it. It takes some 2.6% and up
 * to 512 bytes, what the alignment of the memory loses included; the rest can
 * be allocated.
 *
 * The memory belongs to the region until that is destroyed, or its memory is
 * given to this function again, as a whole or in part. (Memory that lies in an
 * object of another region is not taken from that.) fork() and calls on other
 * regions neither read nor write it. Nothing is mapped for the region itself;
 * the process has 64 bytes mapped for each placed region that it has at a time,
 * in steps that double from one page on, which later regions use again.
 *
 * Returns the region, or NULL with m_error E_BAD_ARGS (memory is NULL, size is
 * more than INT_MAX or too little for the index and one object of 16 bytes, or
 * the memory would end beyond the last address) or E_NO_MEMORY (the system
 * refuses these 64 bytes, or the handlers of fork() that the first region of a
 * process needs).
 * Complexity: O(n), to clear the index, and O(log r) on average for r regions,
 * and O(1) for each region around it, and each that it takes the place of.
 */
Mem_Region *Mem_RegionPlace(void *memory, size_t size);

/*
 * Ends a region: unmaps it if Mem_RegionCreate has mapped it; the memory of
 * one that was placed is the caller's again. Its objects end with it; regions
 * that were placed in its objects have to be ended before. No call on the
 * region may be in progress, and none may follow.
 *
 * Returns 0, or -1 with m_error E_BAD_ARGS (region is NULL, the default region,
 * or no region: ended already, say, or made by another copy of the library), or
 * with E_NO_MEMORY (the system refuses to unmap it, as Linux does when that
 * would cut a mapping in two and there are as many as it allows; the region is
 * whole, and can be ended later).
 * Complexity: O(log r) on average for r regions, and what the system takes.
 */
int Mem_RegionDestroy(Mem_Region *region);

/*
 * Allocates size bytes by the style named: FIRSTFIT, WORSTFIT or BESTFIT. The
 * object is cut from the low end of the chunk, aligned to 16 bytes, and takes
 * size bytes rounded up to a multiple of 16 and nothing else. Its contents are
 * indeterminate.
 *
 * Returns the object, or NULL with m_error E_BAD_ARGS (size is not positive,
 * the style unknown, or region NULL) or E_NO_SPACE (no free chunk is large
 * enough, or there is no default region yet).
 * Complexity: O(log n) for FIRSTFIT and WORSTFIT; BESTFIT visits at most every
 * segment of the region (1 KiB) that has a chunk large enough.
 * Source: R. P. Brent, Efficient implementation of the first-fit strategy for
 * dynamic storage allocation, ACM TOPLAS 11(3), 1989.
 */
void *Mem_Alloc(int size, int style);
void *Mem_RegionAlloc(Mem_Region *region, size_t size, int style);

/*
 * Allocates an array of count elements of size bytes, as Mem_Alloc does, and
 * makes these bytes zero; not those by which the size is rounded up.
 *
 * Returns the object, or NULL with m_error E_BAD_ARGS (count or size is not
 * positive, count * size overflows their type, the style is unknown, or region
 * NULL) or E_NO_SPACE.
 * Complexity: as Mem_Alloc, and O(count * size) to clear.
 */
void *Mem_Calloc(int count, int size, int style);
void *Mem_RegionCalloc(Mem_Region *region, size_t count, size_t size, int style);

/*
 * Makes the object at ptr size bytes large, with its contents as far as they
 * fit. It stays where it is whenever it can: a smaller one always, a larger
 * one if the chunk that follows it has the bytes that it lacks. Else a new
 * object is allocated by the style, the contents are copied, and the old one
 * is freed; no lock is held while copying. With ptr NULL the call does what
 * Mem_Alloc does.
 *
 * Returns the object, wherever it is now, or NULL with the old one as it was
 * and m_error E_BAD_ARGS (as Mem_Alloc), E_BAD_POINTER (ptr is not the start
 * of a live object, or there is no default region) or E_NO_SPACE.
 * Complexity: in place O(log n), else as Mem_Alloc and O(size) to copy.
 */
void *Mem_Realloc(void *ptr, int size, int style) MEM_USE_RESULT;
void *Mem_RegionRealloc(Mem_Region *region, void *ptr, size_t size, int style) MEM_USE_RESULT;

/*
 * Allocates size bytes at an address that is a multiple of alignment, a power
 * of two. The chunk is the first, the largest or the smallest of those in
 * which such an object fits, by its whole size; the object lies as low in it
 * as the alignment allows, and the gap before it stays free.
 *
 * Returns the object, or NULL with m_error E_BAD_ARGS (alignment is no power
 * of two or more than the bytes of the region; else as Mem_Alloc) or
 * E_NO_SPACE (such an object fits in no chunk, or there is no default region
 * yet).
 * Complexity: with r for the chunks that have size bytes and that alignment
 * rules out, O((r + 1) log n) for FIRSTFIT, O((r + 1) log n log alignment) for
 * WORSTFIT; BESTFIT visits at most every chunk that has size bytes.
 */
void *Mem_AlignedAlloc(int alignment, int size, int style);
void *Mem_RegionAlignedAlloc(Mem_Region *region, size_t alignment, size_t size, int style);

/*
 * Frees the object that starts at ptr and joins it with the free chunks on
 * both of its sides. NULL is allowed and does nothing; a NULL region is not.
 *
 * Returns 0, or -1 with m_error E_BAD_POINTER, the heap unchanged, when ptr is
 * not the start of a live object of the region: freed already, inside an
 * object, in free space, misaligned, outside the region, or there is no
 * default region; or with E_BAD_ARGS, when region is NULL.
 * Complexity: O(log n).
 */
int Mem_Free(void *ptr);
int Mem_RegionFree(Mem_Region *region, void *ptr);

/*
 * Returns the usable bytes of the object that starts at ptr: what was asked
 * for, rounded up to a multiple of 16. Mem_Size shows an object of 2 GiB as a
 * node does, as the largest multiple of 16 that an int holds.
 *
 * On error, with m_error E_BAD_POINTER (ptr is not the start of a live object;
 * NULL is none, and without a default region all are bad) or E_BAD_ARGS
 * (region is NULL), Mem_Size returns -1 and Mem_RegionSize 0.
 * Complexity: O(1).
 */
int Mem_Size(const void *ptr);
size_t Mem_RegionSize(Mem_Region *region, const void *ptr);

/*
 * Prints the free chunks to stdout, a line each in list order (number,
 * address, offset in the region and size in bytes), marks each node that a
 * program has overwritten, and ends with a line of totals. Other threads may
 * allocate and free between the lines: no lock is held while it writes. With
 * region NULL, Mem_RegionDump prints nothing and sets m_error to E_BAD_ARGS.
 * Complexity: O(k log n).
 */
void Mem_Dump(void);
void Mem_RegionDump(Mem_Region *region);

/*
 * Returns the head of the free list, NULL when nothing is free or there is no
 * default region; NULL with m_error E_BAD_ARGS when region is NULL. The list
 * is the library's: read it, and only while no other thread allocates or
 * frees.
 * Complexity: O(1).
 */
MemNodePtr Mem_FreeList(void);
MemNodePtr Mem_RegionFreeList(Mem_Region *region);

/*
 * Compares every node of the free list with the index; changes nothing.
 *
 * Returns 0, or -1 with m_error E_CORRUPT_FREESPACE when a program has
 * overwritten a node, E_BAD_ARGS when there is no region.
 * Complexity: O(k); it holds the region's lock meanwhile.
 */
int Mem_Check(void);
int Mem_RegionCheck(Mem_Region *region);

/*
 * Fills in *stats, all of it as of one moment. largest_free is exact.
 *
 * Returns 0, or -1 with m_error E_BAD_ARGS when stats is NULL or there is no
 * region.
 * Complexity: O(1).
 */
int Mem_GetStats(struct Mem_Stats *stats);
int Mem_RegionGetStats(Mem_Region *region, struct Mem_Stats *stats);

/*
 * Calls visit for every block, live and free, in address order, each as it is
 * when the walk reaches it, with the context handed through. No lock is held
 * meanwhile: visit may do anything but destroy the region; free the block that
 * it is shown, for one, or leave by longjmp() or an exception. The walk
 * goes on with the first block that starts at the end of the one shown, or above.
 *
 * Returns 0 at the end of the region; what visit returned, if that was not 0,
 * which ends the walk, m_error as it was; or -1 with m_error E_BAD_ARGS when
 * visit is NULL or there is no region.
 * Complexity: O(1) a block, but for one that has swallowed the end of the
 * block shown before it since: such a block costs O(its size / 1 KiB).
 */
int Mem_Walk(int (*visit)(const struct Mem_Block *block, void *context), void *context);
int Mem_RegionWalk(Mem_Region *region, int (*visit)(const struct Mem_Block *block, void *context),
                   void *context);

/*
 * Gives the whole pages that are free back to the system, but for those with a
 * node of the free list. They stay part of the region, and read as zero until
 * they are written.
 *
 * Returns the bytes of these pages, whether they were in use or not, but not
 * those that the system does not take, such as locked ones; 0 for a region
 * that was placed, whose memory is the caller's; 0 with m_error E_BAD_ARGS
 * when there is no region.
 * Complexity: O(k log n), and a call of madvise for each chunk that has whole
 * pages; where the system does not take all of a chunk's, up to two for each page.
 */
size_t Mem_Trim(void);
size_t Mem_RegionTrim(Mem_Region *region);

/*
 * Returns a sentence for a value of m_error, 0 and unknown values included: a
 * constant string, never NULL, in English and without a full stop.
 * Complexity: O(1).
 */
const char *Mem_StrError(int error);

/*
 * Returns the version of the library that the program runs with, as
 * MEM_VERSION_STRING tells that of this header: a constant string, never NULL.
 * Complexity: O(1).
 */
const char *Mem_Version(void);

/*
 * Returns the address of the calling thread's m_error, which the macro of that
 * name dereferences. Valid as long as the thread lives; never NULL. (A program
 * that declares `extern int m_error;` instead of including this header sees
 * the last error that any thread has met.)
 * Complexity: O(1).
 */
int *Mem_ErrorLocation(void);

#ifdef __cplusplus
}
#endif

#endif /* MEM_H */

/* Four short names. Who defines MEM_NO_SHORT_NAMES before the include keeps them for
 * something else. (They stand apart from the rest, so that an include with them can
 * follow one without.) */
#if !defined MEM_NO_SHORT_NAMES && !defined MEM_SHORT_NAMES
#define MEM_SHORT_NAMES

#define BF BESTFIT
#define WF WORSTFIT
#define FF FIRSTFIT

/* The reason of the calling thread's last failure, an lvalue as errno is: each
 * thread has its own, 0 at first, and success never clears it. */
#define m_error (*Mem_ErrorLocation())

#endif /* MEM_SHORT_NAMES */
