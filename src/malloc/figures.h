/*
 * figures.h - the figures of the processes that libmem-malloc.so serves, in a file that all of them
 * map: whoever made it, as mem-run does, reads there what became of them, even after SIGKILL.
 *
 *     0          65536              65536 + MEM_FIGURES_PROCESSES * 1024
 *     | header ... | process 0 | process 1 | ... | for what is added later
 *
 * The maker creates a regular file, gives it memory for the first MEM_FIGURES_TABLE bytes by
 * posix_fallocate(), writes the header by mem_figures_begin(), and puts the file's absolute path
 * into the variable LIBMEM_FIGURES. Every process that is served opens the file by that name, takes
 * the next entry, and has memory given to it by posix_fallocate(): so a full disk costs an entry,
 * and never ends a process by SIGBUS. It keeps no descriptor open.
 *
 * An entry belongs to one *image*: a process from its start, or from fork() or exec(), to its end,
 * or to its next exec(). An image that follows another by exec() has the same pid and a later
 * entry. The child of a fork() takes its entry before fork() returns; one that was made by the
 * system call alone, at its first call that changes a figure.
 *
 * Read the file by pread(), which cannot fail by SIGBUS where an entry has no memory; such an entry
 * reads as zero (MEM_PROCESS_NONE). Numbers are in the machine's byte order.
 *
 * Invariants:
 * 1. The header is written before the first process is started.
 * 2. An entry is written by its image alone, and by children of vfork(), which share its heap.
 * 3. Once `state` is MEM_PROCESS_LIVE, all members are set. A reader may rely on that.
 * 4. `now` changes with each call, not atomically. If a process lives, or was killed amid a call,
 *    the members of `now` may be those of two successive calls.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_FIGURES_H
#define MEM_MALLOC_FIGURES_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MEM_NO_SHORT_NAMES
#include <mem.h>

/* The variables that the module reads; libmem-malloc(7) describes them. */
#define MEM_VARIABLE_REGION "LIBMEM_REGION"   /* bytes, or with K, M or G behind the number */
#define MEM_VARIABLE_STYLE "LIBMEM_STYLE"     /* first, best or worst */
#define MEM_VARIABLE_MISUSE "LIBMEM_MISUSE"   /* tolerant or strict */
#define MEM_VARIABLE_FIGURES "LIBMEM_FIGURES" /* the absolute path of the file */

/* The layout. The table begins at a page's start on every machine. */
#define MEM_FIGURES_MAGIC "libmemf"
enum {
    MEM_FIGURES_VERSION = 1,
    MEM_FIGURES_TABLE = 65536,    /* the offset of process 0 */
    MEM_FIGURES_PROCESSES = 65536 /* the most entries */
};

struct mem_figures {
    char magic[8];
    uint32_t version;
    uint32_t table;     /* MEM_FIGURES_TABLE */
    uint32_t entry;     /* bytes of a struct mem_process */
    uint32_t most;      /* MEM_FIGURES_PROCESSES */
    uint32_t stats;     /* bytes of a struct Mem_Stats, which differ with the word size */
    uint32_t reserved;  /* 0 */
    uint32_t processes; /* entries asked for, at most `most` of them given; changed atomically */
    uint32_t missed;    /* images that have no figures: their entry or its memory was refused;
                         * changed atomically */
};

/* What an entry is worth. */
enum mem_process_state {
    MEM_PROCESS_NONE,  /* nothing: its memory was refused, or is just being filled */
    MEM_PROCESS_LIVE,  /* the image runs, or ended in a way that left no time to say so: _exit, a
                        * signal, exec */
    MEM_PROCESS_EXITED /* it ran its exit handlers; region_resident and index_resident are known */
};

/* What made the region as large as it is. */
enum mem_limit {
    MEM_LIMIT_GIVEN,         /* LIBMEM_REGION */
    MEM_LIMIT_MEMORY,        /* the machine's memory */
    MEM_LIMIT_CONTROL_GROUP, /* the memory limit of the process' control group, or one above it */
    MEM_LIMIT_ADDRESS_SPACE, /* half of what RLIMIT_AS or RLIMIT_DATA left at the first call */
    MEM_LIMIT_MOST,          /* the most that a region can have: 32 GiB */
    MEM_LIMIT_REFUSED        /* the system refused more */
};

#define MEM_UNKNOWN UINT64_MAX

struct mem_process {
    uint32_t state; /* enum mem_process_state */
    uint32_t limit; /* enum mem_limit */
    int32_t pid;
    int32_t parent; /* pid of the parent when the entry was taken */

    /* Counted since the entry was taken. */
    uint64_t fragmented; /* requests refused although as many bytes were free; the others of
                          * `refused` found the region full */
    uint64_t foreign;    /* pointers given to free and its kin that lie outside of the region */
    uint64_t bad;        /* pointers in the region that start no live object */

    /* Bytes of the memory that are resident, or MEM_UNKNOWN. */
    uint64_t region_resident;
    uint64_t index_resident;

    /* The region's figures, as Mem_GetStats tells them. Those of the child of a fork() go on from
     * its parent's: its own calls are now.allocations - before.allocations, and so with frees and
     * refused. `before` is 0 in other images. (bad_frees is not used: `bad` counts resizes, too.)
     */
    struct Mem_Stats before;
    struct Mem_Stats now;

    char executable[256]; /* its path, ended by 0; if it is longer, the end of it */
    char reserved[1024 - 7 * 8 - 2 * sizeof(struct Mem_Stats) - 256];
};

#ifdef __cplusplus
static_assert(sizeof(struct mem_process) == 1024, "entries are not split between pages");
#else
_Static_assert(sizeof(struct mem_process) == 1024, "entries are not split between pages");
#endif

/* The header of a file without entries. */
static inline void mem_figures_begin(struct mem_figures *header) {
    memset(header, 0, sizeof *header);
    memcpy(header->magic, MEM_FIGURES_MAGIC, sizeof header->magic);
    header->version = MEM_FIGURES_VERSION;
    header->table = MEM_FIGURES_TABLE;
    header->entry = sizeof(struct mem_process);
    header->most = MEM_FIGURES_PROCESSES;
    header->stats = sizeof(struct Mem_Stats);
}

/* Where in the file an entry lies. */
static inline uint64_t mem_figures_offset(uint32_t number) {
    return MEM_FIGURES_TABLE + (uint64_t)number * sizeof(struct mem_process);
}

#endif
