/*
 * mem.h - the interface of libmem: one region of memory, mapped once, handed
 * out and taken back with exact placement policies.
 *
 * Every function is safe to call from several threads and across fork();
 * none is async-signal-safe. No function calls malloc, exits or aborts, and
 * none prints but Mem_Dump. Errors are returned, and m_error says why.
 *
 * In the complexities below, n is the number of granules (16 bytes) of the
 * region and k the number of free chunks.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_H
#define MEM_H

#ifdef __cplusplus
extern "C" {
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
#define E_BAD_ARGS 4          /* an argument is out of its range; see Mem_Init, Mem_Check */
#define E_BAD_POINTER 5       /* the pointer is not the start of a live object */

/* Define MEM_NO_SHORT_NAMES before the include to keep these four names to
 * yourself. */
#ifndef MEM_NO_SHORT_NAMES
#define BF BESTFIT
#define WF WORSTFIT
#define FF FIRSTFIT

/* The reason of the calling thread's last failure, an lvalue as errno is: each
 * thread has its own, 0 at first, and success never clears it. */
#define m_error (*Mem_ErrorLocation())
#endif

/*
 * A node of the free list. One stands at the start of every free chunk, and
 * nowhere else; the list is in address order and right whenever a function
 * has returned. It mirrors the index by which the library searches, which
 * lies outside the region: nothing that a program writes into a node misleads
 * an allocation.
 */
struct __list_t {
    int size; /* bytes of the whole chunk, this node included; a chunk of more
               * than INT_MAX bytes shows the largest multiple of 16 below */
#ifdef __cplusplus
    bool type; /* true while the node heads a free chunk */
#else
    _Bool type; /* true while the node heads a free chunk */
#endif
    struct __list_t *next; /* the next free chunk by address, or NULL */
};

typedef struct __list_t *MemNodePtr;

/*
 * Maps the region, once in a process: sizeOfRegion bytes, rounded up to whole
 * pages, all of them allocatable. A call that failed changes nothing, and a
 * later one can succeed; of calls that race, exactly one succeeds.
 *
 * Returns 0, or -1 with m_error E_BAD_ARGS: sizeOfRegion is not positive, the
 * region exists already, or the system refuses the memory.
 * Complexity: O(1), whatever the size.
 */
int Mem_Init(int sizeOfRegion);

/*
 * Allocates size bytes by the style named: FIRSTFIT, WORSTFIT or BESTFIT. The
 * object is cut from the low end of the chunk, aligned to 16 bytes, and takes
 * size bytes rounded up to a multiple of 16 and nothing else. Its contents
 * are indeterminate.
 *
 * Returns the object, or NULL with m_error E_BAD_ARGS (size is not positive,
 * or the style unknown) or E_NO_SPACE (no free chunk is large enough, or there
 * is no region yet).
 * Complexity: O(log n) for FIRSTFIT and WORSTFIT; BESTFIT visits at most every
 * segment of the region (1 KiB) that has a chunk large enough.
 * Source: R. P. Brent, Efficient implementation of the first-fit strategy for
 * dynamic storage allocation, ACM TOPLAS 11(3), 1989.
 */
void *Mem_Alloc(int size, int style);

/*
 * Frees the object that starts at ptr and joins it with the free chunks on
 * both of its sides. NULL is allowed and does nothing.
 *
 * Returns 0, or -1 with m_error E_BAD_POINTER, the heap unchanged, when ptr
 * is not the start of a live object: freed already, inside an object, in free
 * space, misaligned, outside the region, or there is no region.
 * Complexity: O(log n).
 */
int Mem_Free(void *ptr);

/*
 * Prints the free chunks to stdout, a line each in list order (number,
 * address, offset in the region and size in bytes), marks each node that a
 * program has overwritten, and ends with a line of totals. Other threads may
 * allocate and free between the lines: no lock is held while it writes.
 * Complexity: O(k log n).
 */
void Mem_Dump(void);

/*
 * Returns the head of the free list, NULL when nothing is free or there is no
 * region. The list is the library's: read it, and only while no other thread
 * allocates or frees.
 * Complexity: O(1).
 */
MemNodePtr Mem_FreeList(void);

/*
 * Compares every node of the free list with the index; changes nothing.
 *
 * Returns 0, or -1 with m_error E_CORRUPT_FREESPACE when a program has
 * overwritten a node, E_BAD_ARGS when there is no region.
 * Complexity: O(k); it holds the region's lock meanwhile.
 */
int Mem_Check(void);

/*
 * Returns a sentence for a value of m_error, 0 and unknown values included:
 * a constant string, never NULL, in English and without a full stop.
 * Complexity: O(1).
 */
const char *Mem_StrError(int error);

/*
 * Returns the address of the calling thread's m_error, which the macro of that
 * name dereferences. Valid as long as the thread lives; never NULL. (A
 * program that declares `extern int m_error;` instead of including this header
 * sees the last error that any thread has met.)
 * Complexity: O(1).
 */
int *Mem_ErrorLocation(void);

#ifdef __cplusplus
}
#endif

#endif /* MEM_H */
