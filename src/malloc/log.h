/*
 * log.h - the log: a file that the processes which libmem-malloc.so serves map and write, while
 * they run. Each keeps the figures of its heap there, and, if the log is a recording, every event
 * of it. Whoever made the file reads there what became of them, even after SIGKILL: the kernel
 * keeps what was written, and nothing has to be done at the end.
 *
 *     0          65536     + chunk   + chunk
 *     | header ... | chunk 0 | chunk 1 | chunk 2 | ...
 *
 *     the first chunk of a process   | struct mem_process (1024 bytes) | events ... |
 *     each other chunk of it         | struct mem_chunk (16 bytes)     | events ... |
 *
 * The maker creates a regular file, gives it memory for the first MEM_LOG_CHUNKS bytes by
 * posix_fallocate(), writes the header by mem_log_begin(), and puts the file's absolute path into
 * the variable LIBMEM_LOG, with its inode number and a colon in front, or without: then a file that
 * has its name later would be taken for it. Every process that is served opens the file, takes the
 * next chunk, and has memory given to it by posix_fallocate(): so a full disk costs what would have
 * been written, and never ends a process by SIGBUS. It keeps no descriptor open. Of a log whose
 * memory was all given beforehand (MEM_LOG_WHOLE), each process maps the whole at its start, and
 * needs no system call later.
 *
 * What a first chunk describes is one *image*: a process from its start, or from fork() or exec(),
 * to its end, or to its next exec(). An image that follows another by exec() has the same pid and a
 * later chunk. The child of a fork() takes its chunk before fork() returns; one that was made by
 * the system call alone, at its first call.
 *
 * The events of an image are those of its chunks in their order, `used` bytes of each (events.h).
 * An event is not split between chunks. The child of a fork() has its parent's heap: so its events
 * are the first `inherited` ones of its parent, and then its own.
 *
 * Read the file by pread(), which cannot fail by SIGBUS where a chunk has no memory; such a chunk
 * reads as zero (MEM_CHUNK_NONE). Numbers are in the machine's byte order.
 *
 * Invariants:
 * 1. The header is written before the first process is started.
 * 2. A chunk is written by its image alone, and by children of vfork(), which share its heap.
 * 3. Once `state` is MEM_PROCESS_LIVE, all members of a struct mem_process are set. A reader may
 *    rely on that.
 * 4. `now` changes with each call, not atomically. If a process lives, or was killed amid a call,
 *    the members of `now` may be those of two successive calls.
 * 5. `used` is stored after the events that it counts, so these are whole. `begun` counts a call
 *    before it changes the heap, and `recorded` after its event was written: so `begun` -
 * `recorded` calls are missing. That is one at most, of a process that was killed amid a call,
 * since calls take turns; or all those that came after `stopped` was set.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_LOG_H
#define MEM_MALLOC_LOG_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MEM_NO_SHORT_NAMES
#include <mem.h>

/* The layout. Chunks begin at a page's start on every machine. */
#define MEM_LOG_MAGIC "libmeml"
enum {
    MEM_LOG_VERSION = 1,
    MEM_LOG_CHUNKS = 65536,        /* the offset of chunk 0 */
    MEM_LOG_FIGURES = 1024,        /* bytes of a chunk where no events are recorded */
    MEM_LOG_EVENTS = 16384,        /* bytes of a chunk of a recording */
    MEM_LOG_MOST = 65536,          /* chunks at most, of figures */
    MEM_LOG_MOST_EVENTS = 67108864 /* of a recording: 1 TiB */
};

/* What a log is, in its `flags`. */
enum {
    MEM_LOG_RECORDING = 1, /* events are recorded */
    MEM_LOG_WHOLE = 2      /* all of its chunks have memory from the beginning */
};

/* Allocations that one process of the log is refused, to see what it makes of that. An allocation
 * has the number of those that the process asked for before it, and 1; a resize is one if its
 * object needs more granules than it has. */
enum mem_refusing {
    MEM_REFUSING_NONE,
    MEM_REFUSING_LATER, /* all with a higher number */
    MEM_REFUSING_ONE    /* the one with that number */
};

struct mem_refusal {
    uint32_t kind;   /* enum mem_refusing */
    int32_t pid;     /* of the process, which sets it itself before the program begins */
    uint64_t number; /* of an allocation */

    /* Written by that process. */
    uint64_t asked;   /* allocations so far */
    uint64_t refused; /* of these */
    uint64_t caller;  /* the return address of the first that was refused; it is in the module: */
    uint64_t start;   /* where that is mapped, */
    uint64_t offset;  /* from which offset of its file on, */
    char module[512]; /* and the end of its path; empty if that is not known */
};

struct mem_log {
    char magic[8];
    uint32_t version;
    uint32_t flags;
    uint32_t first;  /* MEM_LOG_CHUNKS */
    uint32_t chunk;  /* bytes */
    uint32_t most;   /* chunks */
    uint32_t stats;  /* bytes of a struct Mem_Stats, which differ with the word size */
    uint32_t taken;  /* chunks asked for, at most `most` of them given; changed atomically */
    uint32_t missed; /* images that have none: it was refused; changed atomically */

    uint64_t region; /* bytes that were given for each region; 0: none were */
    int32_t style;   /* of mem.h */
    uint32_t reserved;
    struct mem_refusal refusal;
    char command[3000]; /* the program and its arguments, each ended by 0; perhaps cut short */
};

/* The head of a chunk. */
enum mem_chunk_kind { MEM_CHUNK_NONE, MEM_CHUNK_FIRST, MEM_CHUNK_MORE };

struct mem_chunk {
    uint32_t kind;  /* enum mem_chunk_kind */
    uint32_t image; /* the number of the first chunk of the image that owns it */
    uint32_t used;  /* bytes of events in it */
    uint32_t reserved;
};

/* What the description of an image is worth. */
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
    struct mem_chunk chunk;

    uint32_t state; /* enum mem_process_state */
    uint32_t limit; /* enum mem_limit */
    int32_t pid;
    int32_t parent; /* pid of the parent when the chunk was taken */

    /* Counted since then. */
    uint64_t fragmented; /* requests refused although as many bytes were free; the others of
                          * `refused` found the region full */
    uint64_t foreign;    /* pointers given to free and its kin that lie outside of the region */
    uint64_t bad;        /* pointers in the region that start no live object */

    /* Bytes of the memory that are resident, or MEM_UNKNOWN. */
    uint64_t region_resident;
    uint64_t index_resident;

    /* What was recorded. */
    uint64_t base;      /* the address of the region */
    uint64_t begun;     /* calls that change the heap, or are refused */
    uint64_t recorded;  /* those of them that have their event */
    uint64_t inherited; /* events of the parent that come first */
    uint32_t inherits;  /* the number of the parent's first chunk; if 0 are inherited, of none */
    int32_t stopped;    /* the error (errno) that stopped the recording, or 0 */

    /* The region's figures, as Mem_GetStats tells them. Those of the child of a fork() go on from
     * its parent's: its own calls are now.allocations - before.allocations, and so with frees and
     * refused. `before` is 0 in other images. (bad_frees is not used: `bad` counts resizes, too.)
     */
    struct Mem_Stats before;
    struct Mem_Stats now;

    char executable[256]; /* its path, ended by 0; if it is longer, the end of it */
    char reserved[1024 - 16 - 12 * 8 - 2 * sizeof(struct Mem_Stats) - 256];
};

#ifdef __cplusplus
static_assert(sizeof(struct mem_process) == MEM_LOG_FIGURES, "it is a chunk of figures");
static_assert(sizeof(struct mem_log) <= 4096, "one page maps it");
#else
_Static_assert(sizeof(struct mem_process) == MEM_LOG_FIGURES, "it is a chunk of figures");
_Static_assert(sizeof(struct mem_log) <= 4096, "one page maps it");
#endif

/* The header of a log without chunks; flags as above. */
static inline void mem_log_begin(struct mem_log *header, uint32_t flags) {
    memset(header, 0, sizeof *header);
    memcpy(header->magic, MEM_LOG_MAGIC, sizeof header->magic);
    header->version = MEM_LOG_VERSION;
    header->flags = flags;
    header->first = MEM_LOG_CHUNKS;
    header->chunk = (flags & MEM_LOG_RECORDING) != 0 ? MEM_LOG_EVENTS : MEM_LOG_FIGURES;
    header->most = (flags & MEM_LOG_RECORDING) != 0 ? MEM_LOG_MOST_EVENTS : MEM_LOG_MOST;
    header->stats = sizeof(struct Mem_Stats);
}

/* Where in the file a chunk lies. */
static inline uint64_t mem_log_offset(const struct mem_log *header, uint32_t number) {
    return MEM_LOG_CHUNKS + (uint64_t)number * header->chunk;
}

#endif
