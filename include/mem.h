/*
 * mem.h - the interface of libmem, a bounded memory allocator: objects are
 * allocated in regions of fixed size, by exact placement policies.
 *
 * A process has one default region, which Mem_Init maps once, and as many
 * others as it likes. Most functions come in pairs: Mem_Alloc and the other
 * functions without a region argument use the default region, and their sizes
 * are ints; Mem_RegionAlloc and the like do the same in a given region, and
 * their sizes are of type size_t.
 *
 * Every function can be called from several threads and across fork(), with
 * one restriction: during Mem_RegionDestroy, no other call on the region may
 * be in progress. Only Mem_Version is async-signal-safe. No function calls
 * malloc, exits or aborts, and only Mem_Dump and Mem_RegionDump print. Errors
 * are returned, and m_error indicates the reason. Arguments are checked first,
 * then pointers, then space.
 *
 * An object is live until it is freed; a chunk is a free piece of a region,
 * as large as possible; a block is either. In the complexities below, n is the
 * number of granules (16 bytes) in the region and k the number of free chunks.
 * They exclude the cost of informing AddressSanitizer or Valgrind about the
 * memory, which occurs only under these tools.
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

/* The version of this header. A program can compare MEM_VERSION with
 * MEM_MAKE_VERSION(major, minor, patch), even in #if. */
#define MEM_VERSION_MAJOR 0
#define MEM_VERSION_MINOR 1
#define MEM_VERSION_PATCH 0
#define MEM_VERSION_STRING "0.1.0"
#define MEM_MAKE_VERSION(major, minor, patch) ((major)*10000 + (minor)*100 + (patch))
#define MEM_VERSION MEM_MAKE_VERSION(MEM_VERSION_MAJOR, MEM_VERSION_MINOR, MEM_VERSION_PATCH)

/* Styles: which free chunk Mem_Alloc takes. Among chunks of equal size, it is
 * the one with the lowest address. */
#define BESTFIT 0  /* the smallest chunk that is large enough */
#define WORSTFIT 1 /* the largest chunk */
#define FIRSTFIT 2 /* the lowest-addressed chunk that is large enough */

/* The values of m_error after a call has failed. */
#define E_NO_SPACE 1          /* no free chunk is large enough */
#define E_CORRUPT_FREESPACE 2 /* a node of the free list has been overwritten */
#define E_BAD_ARGS 4          /* an argument is out of range, or there is no region */
#define E_BAD_POINTER 5       /* the pointer is not the start of a live object */
#define E_NO_MEMORY 6         /* the system refused memory */

/* Marks what ISO C90 and C++98 lack but their compilers provide. */
#ifdef __GNUC__
#define MEM_EXTENSION __extension__
#else
#define MEM_EXTENSION
#endif

/*
 * A program that drops the result of a resize loses an object that has moved.
 * No other attribute is given, because programs may rely on what it would rule out:
 * - malloc: comparing a new address with an old one, since placement is exact; a
 *   compiler would assume that they differ.
 * - malloc with a deallocator: freeing an object twice and checking the result.
 * - alloc_size: using the bytes up to the next multiple of 16.
 * - nonnull, and bounds for sizes: passing NULL, or a size of 0 or less, and checking
 *   the result.
 */
#ifdef __GNUC__
#define MEM_USE_RESULT __attribute__((__warn_unused_result__))
#else
#define MEM_USE_RESULT
#endif

/*
 * A node of the free list. There is one at the start of every free chunk, and
 * nowhere else; the list is in address order, and correct whenever a function
 * has returned. It mirrors the index that the library searches, which lies
 * outside the memory that can be allocated: nothing that a program writes into
 * a node misleads an allocation. The next operation that writes the node, or
 * only its link, repairs what it writes.
 */
struct __list_t {
    int size; /* bytes in the whole chunk, including this node; for more than
               * INT_MAX bytes, the largest multiple of 16 in an int */
#ifdef __cplusplus
    bool type; /* true while the node heads a free chunk */
#else
    MEM_EXTENSION _Bool type; /* true while the node heads a free chunk */
#endif
    struct __list_t *next; /* the next free chunk by address, or NULL */
};

typedef struct __list_t *MemNodePtr;

/* A region of memory with its index and its lock, from Mem_RegionCreate or Mem_RegionPlace. */
typedef struct Mem_Region Mem_Region;

/* A block of a region, as Mem_Walk shows it. */
struct Mem_Block {
    void *address;           /* its start */
    size_t size;             /* bytes, a multiple of 16 */
    MEM_EXTENSION bool live; /* true for an object, false for a free chunk */
};

/* A count that does not overflow. (With g++ -std=c++98 -pedantic, only the pragmas help.) */
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wlong-long"
#endif
MEM_EXTENSION typedef unsigned long long Mem_Count;
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

/* The statistics of a region. Bytes are counted in whole granules: each request counts as rounded
 * up to a multiple of 16. */
struct Mem_Stats {
    size_t region_bytes;    /* all that can be allocated: live_bytes + free_bytes */
    size_t index_bytes;     /* set aside for the index, in addition to these; no guard pages */
    size_t live_bytes;      /* in live objects */
    size_t live_blocks;     /* live objects */
    size_t peak_live_bytes; /* the largest value that live_bytes has ever had; while a
                             * resize moves an object, its old and new place both count */
    size_t free_bytes;      /* in free chunks */
    size_t free_chunks;     /* nodes of the free list */
    size_t largest_free;    /* in the largest free chunk, 0 if there is none */
    Mem_Count allocations;  /* objects allocated; a resize in place does not count, one that
                             * moves the object counts as an allocation and a free */
    Mem_Count frees;        /* objects freed: allocations - live_blocks */
    Mem_Count refused;      /* requests that failed with E_NO_SPACE */
    Mem_Count bad_frees;    /* frees, not resizes, that failed with E_BAD_POINTER */
    Mem_Count reserved[8];  /* 0 */
};

/*
 * Maps the default region, once in a process: sizeOfRegion bytes, rounded up
 * to whole pages, all of which can be allocated. A call that fails changes
 * nothing, and a later one can succeed; of concurrent calls, exactly one
 * succeeds. The system provides each page when it is first touched.
 *
 * Returns 0, or -1 with m_error E_BAD_ARGS: sizeOfRegion is not positive, the
 * region already exists, or the system refused the memory, or the handlers of
 * fork() that the first region of a process needs.
 * Complexity: O(1), whatever the size.
 */
int Mem_Init(int sizeOfRegion);

/*
 * Returns the default region, or NULL before Mem_Init; m_error is unchanged.
 * Complexity: O(1).
 */
Mem_Region *Mem_DefaultRegion(void);

/*
 * Maps another region of size bytes, rounded up to whole pages, all of which
 * can be allocated. The system provides each page when it is first touched. The
 * index has a mapping of its own, between guard pages. Half of it is for BESTFIT,
 * and not touched before that is used.
 *
 * Returns the region, or NULL with m_error E_BAD_ARGS (size is 0 or more than
 * 32 GiB, or INT_MAX where size_t has 32 bits) or E_NO_MEMORY (the system refused
 * the memory, or the handlers of fork() that the first region of a process needs).
 * Complexity: O(1), whatever the size.
 */
Mem_Region *Mem_RegionCreate(size_t size);

/*
 * Creates a region within size bytes of the caller's memory, which need not be
 * aligned and may contain anything. The index is placed at the front, so that
 * writes past the end of an object lead away from it. It takes some 2.6% and up
 * to 512 bytes, including what is lost to alignment; the rest can be allocated.
 *
 * The memory belongs to the region until Mem_RegionDestroy ends it, or until
 * the memory is passed to this function again, in whole or in part. (If it is
 * part of an object of another region, it stays part of that region.) fork()
 * and calls on other regions neither read nor write it. Nothing is mapped for
 * the region itself; to keep track of placed regions, the process has 64 bytes
 * mapped for each that exists at the same time, in steps that double from one
 * page on. Later regions reuse them.
 *
 * Returns the region, or NULL with m_error E_BAD_ARGS (memory is NULL, size is
 * more than 32 GiB, or INT_MAX where size_t has 32 bits, or too small for the
 * index and one object of 16 bytes, or the memory would end beyond the last
 * address) or E_NO_MEMORY (the system refused the memory for these 64 bytes, or
 * the handlers of fork() that the first region of a process needs).
 * Complexity: O(n) to clear the index; with r regions, also O(log r) on average,
 * and O(1) for each region around the new one and each that it replaces.
 */
Mem_Region *Mem_RegionPlace(void *memory, size_t size);

/*
 * Ends a region and all of its objects. A region from Mem_RegionCreate is
 * unmapped; the memory of one from Mem_RegionPlace belongs to the caller again.
 * Regions placed in its objects must be destroyed before. No call on the region
 * may be in progress, and none may follow: only this function detects that a
 * region has been destroyed, and only until another lies at its address.
 *
 * Returns 0, or -1 with m_error E_BAD_ARGS (region is NULL, is the default
 * region, or is not a region: it has been destroyed already, for example, or
 * belongs to another copy of the library) or E_NO_MEMORY (the system refused to
 * unmap it, as Linux does if that would split a mapping in two and the process
 * has as many mappings as are allowed; the region is intact, and can be
 * destroyed later).
 * Complexity: O(log r) on average with r regions, plus the work of the system.
 */
int Mem_RegionDestroy(Mem_Region *region);

/*
 * Allocates size bytes by the given style: FIRSTFIT, WORSTFIT or BESTFIT. The
 * object is cut from the low end of the chunk, aligned to 16 bytes, and occupies
 * size bytes rounded up to a multiple of 16 and nothing else. Its contents are
 * indeterminate.
 *
 * Returns the object, or NULL with m_error E_BAD_ARGS (size is not positive,
 * the style is unknown, or region is NULL) or E_NO_SPACE (no free chunk is
 * large enough, or there is no default region yet).
 * Complexity: O(log n). The first call with BESTFIT in a region, unless that was
 * placed, puts its c free chunks in order, which takes O(c log n); from then on,
 * each call on objects of the region keeps them so, at most twice as slow. In a
 * region from Mem_RegionPlace, BESTFIT visits at most every segment of the region
 * (1 KiB) that contains a chunk large enough.
 * Source: R. P. Brent, Efficient implementation of the first-fit strategy for
 * dynamic storage allocation, ACM TOPLAS 11(3), 1989.
 */
void *Mem_Alloc(int size, int style);
void *Mem_RegionAlloc(Mem_Region *region, size_t size, int style);

/*
 * Allocates an array of count elements of size bytes each, as Mem_Alloc does,
 * and sets these bytes to zero, but not those added by rounding up.
 *
 * Returns the array, or NULL with m_error E_BAD_ARGS (count or size is not
 * positive, count * size overflows their type, the style is unknown, or region
 * is NULL) or E_NO_SPACE (as for Mem_Alloc).
 * Complexity: as for Mem_Alloc, plus O(count * size) to clear.
 */
void *Mem_Calloc(int count, int size, int style);
void *Mem_RegionCalloc(Mem_Region *region, size_t count, size_t size, int style);

/*
 * Changes the size of the object at ptr to size bytes; its contents are
 * preserved up to the smaller of both sizes. It stays where it is whenever
 * possible: always if it shrinks, and if it grows, when the chunk that follows
 * it has the bytes that are missing. Otherwise a new object is allocated by the
 * style, the contents are copied, and the old object is freed; no lock is held
 * during the copy. If ptr is NULL, the call is equivalent to Mem_Alloc.
 *
 * Returns the object, wherever it is now, or NULL with the old one left as it
 * was and m_error E_BAD_ARGS (as for Mem_Alloc, even if the object can stay),
 * E_BAD_POINTER (ptr is neither NULL nor the start of a live object, or there is
 * no default region) or E_NO_SPACE (as for Mem_Alloc).
 * Complexity: O(log n) in place, otherwise as for Mem_Alloc plus O(size) to copy.
 */
void *Mem_Realloc(void *ptr, int size, int style) MEM_USE_RESULT;
void *Mem_RegionRealloc(Mem_Region *region, void *ptr, size_t size, int style) MEM_USE_RESULT;

/*
 * Allocates size bytes at an address that is a multiple of alignment, which
 * must be a power of two. The style selects among the chunks that can hold such
 * an object, by the size of the whole chunk; the object is placed as low in it
 * as the alignment allows, and the gap in front of it stays free. A resize does
 * not preserve the alignment.
 *
 * Returns the object, or NULL with m_error E_BAD_ARGS (alignment is not a power
 * of two or is larger than the region; otherwise as for Mem_Alloc) or E_NO_SPACE
 * (no chunk can hold such an object, or there is no default region yet).
 * Complexity: with r for the chunks that have size bytes but that the alignment
 * rules out, O((r + 1) log n) for FIRSTFIT, O((r + 1) log n log alignment) for
 * WORSTFIT; BESTFIT visits at most every chunk that has size bytes.
 */
void *Mem_AlignedAlloc(int alignment, int size, int style);
void *Mem_RegionAlignedAlloc(Mem_Region *region, size_t alignment, size_t size, int style);

/*
 * Frees the object that starts at ptr and joins it with the free chunks on
 * both sides of it. If ptr is NULL, the call does nothing and succeeds; region
 * must not be NULL.
 *
 * Returns 0, or -1 with the heap unchanged and m_error E_BAD_POINTER (ptr is not
 * the start of a live object of the region: it has been freed already, points
 * into an object, into free space or outside the region, or is misaligned; or
 * there is no default region) or E_BAD_ARGS (region is NULL).
 * Complexity: O(log n).
 */
int Mem_Free(void *ptr);
int Mem_RegionFree(Mem_Region *region, void *ptr);

/*
 * Returns the number of usable bytes in the object that starts at ptr: the size
 * that was requested, rounded up to a multiple of 16. For an object of 2 GiB,
 * Mem_Size returns the largest multiple of 16 in an int. AddressSanitizer and
 * Valgrind allow access beyond the requested size once this has been called.
 *
 * On error, with m_error E_BAD_POINTER (ptr is not the start of a live object,
 * which NULL never is, or there is no default region) or E_BAD_ARGS (region is
 * NULL), Mem_Size returns -1 and Mem_RegionSize returns 0.
 * Complexity: O(1).
 */
int Mem_Size(const void *ptr);
size_t Mem_RegionSize(Mem_Region *region, const void *ptr);

/*
 * Prints the free chunks to stdout in list order, one a line (number, address,
 * offset in the region and size in bytes), marks each node that a program has
 * overwritten, and ends with a line of totals. Other threads may allocate and
 * free between the lines: no lock is held during output. A write error ends the
 * output and is not reported. Without a default region, Mem_Dump says so; with
 * region NULL, Mem_RegionDump prints nothing and sets m_error to E_BAD_ARGS.
 * Complexity: O(k log n).
 */
void Mem_Dump(void);
void Mem_RegionDump(Mem_Region *region);

/*
 * Returns the head of the free list, or NULL if nothing is free or there is no
 * default region; if region is NULL, returns NULL with m_error E_BAD_ARGS. The
 * list belongs to the library: a program may read it, but only while no other
 * thread allocates or frees in the region.
 * Complexity: O(1).
 */
MemNodePtr Mem_FreeList(void);
MemNodePtr Mem_RegionFreeList(Mem_Region *region);

/*
 * Compares every node of the free list with the index; changes nothing.
 *
 * Returns 0, or -1 with m_error E_CORRUPT_FREESPACE (a program has overwritten
 * a node) or E_BAD_ARGS (there is no default region, or region is NULL).
 * Complexity: O(k); the lock of the region is held meanwhile.
 */
int Mem_Check(void);
int Mem_RegionCheck(Mem_Region *region);

/*
 * Fills in *stats; all figures are exact and describe the same moment.
 *
 * Returns 0, or -1 with m_error E_BAD_ARGS (stats or region is NULL, or there is
 * no default region).
 * Complexity: O(1).
 */
int Mem_GetStats(struct Mem_Stats *stats);
int Mem_RegionGetStats(Mem_Region *region, struct Mem_Stats *stats);

/*
 * Calls visit for every block, live or free, in address order, and passes
 * context through to it. Each block is shown as it is when the walk reaches it.
 * No lock is held while visit runs: it may do anything except destroy the
 * region, and may even free the block that it is shown, or leave by longjmp()
 * or an exception. The walk continues with the first block that starts at or
 * above the end of the one shown.
 *
 * Returns 0 at the end of the region. A value other than 0 from visit ends the
 * walk and is returned; m_error is then as visit left it. On error, returns -1
 * with m_error E_BAD_ARGS (visit or region is NULL, or there is no default
 * region).
 * Complexity: O(1) for each block; if the place where the walk goes on has
 * become part of a larger block meanwhile, O(its size / 1 KiB) for that one.
 */
int Mem_Walk(int (*visit)(const struct Mem_Block *block, void *context), void *context);
int Mem_RegionWalk(Mem_Region *region, int (*visit)(const struct Mem_Block *block, void *context),
                   void *context);

/*
 * Gives the whole pages that are free back to the system, except those with a
 * node of the free list. The pages remain part of the region, and read as zero until
 * they are next written. Other threads may allocate and free meanwhile.
 *
 * Returns the number of bytes in these pages, whether they were in use or not,
 * excluding those that the system does not take, such as locked ones; 0 for a
 * placed region, which is left alone because its memory belongs to the caller;
 * 0 with m_error E_BAD_ARGS if there is no default region or region is NULL.
 * Complexity: O(k log n), plus one call of madvise for each chunk that contains
 * whole pages; if the system does not take all of them, up to two for each page.
 */
size_t Mem_Trim(void);
size_t Mem_RegionTrim(Mem_Region *region);

/*
 * Returns a sentence, in English and without a full stop, that describes a value
 * of m_error, 0 and unknown values included: a constant string, never NULL.
 * Complexity: O(1).
 */
const char *Mem_StrError(int error);

/*
 * Returns the version of the library that the program is running with, in the
 * form of MEM_VERSION_STRING: a constant string, never NULL.
 * Complexity: O(1).
 */
const char *Mem_Version(void);

/*
 * Returns the address of the calling thread's m_error, which the macro of that
 * name dereferences: never NULL, and valid as long as the thread exists. (A
 * program that declares `extern int m_error;` instead of including this header
 * sees the last error that has occurred in any thread.)
 * Complexity: O(1).
 */
int *Mem_ErrorLocation(void);

#ifdef __cplusplus
}
#endif

#endif /* MEM_H */

/* Four short names. A program that needs them for something else defines
 * MEM_NO_SHORT_NAMES before the include. (They are outside the include guard, so that
 * an include with them can follow one without.) */
#if !defined MEM_NO_SHORT_NAMES && !defined MEM_SHORT_NAMES
#define MEM_SHORT_NAMES

#define BF BESTFIT
#define WF WORSTFIT
#define FF FIRSTFIT

/* The reason for the last failure in the calling thread, a modifiable lvalue like errno:
 * each thread has its own, initially 0, and success never clears it. */
#define m_error (*Mem_ErrorLocation())

#endif /* MEM_SHORT_NAMES */
