/*
 * events.h - how the events of a heap are written in a log (log.h).
 *
 * An event is a row of numbers, each as few bytes long as it needs: seven bits in a byte, the
 * lowest first, and the highest bit set in all bytes but the last (LEB128, as in DWARF). The first
 * number is the caller and the kind: caller << MEM_EVENT_BITS | kind. A caller is a number, too,
 * given to return addresses in the order in which they came; 0 is one that is not known. Addresses
 * are granules of 16 bytes from the region's start, and what is written is the difference to the
 * last one, of this event or of one before; differences alternate between the signs: 0, -1, 1,
 * -2, 2...
 *
 *     ALLOC           to, bytes
 *     ALIGNED         to, bytes, logarithm of the alignment to base 2
 *     FREE            from
 *     RESIZE          from, to, bytes
 *     REFUSED         bytes, details
 *     REFUSED_RESIZE  from, bytes, details
 *
 * Bytes are those that the program asked for. The details of a refusal are why (enum
 * mem_event_why), and 4 times the logarithm of the alignment.
 *
 * Notes stand between events, before the first event that needs them. They have the kind NOTE, and
 * in the place of a caller:
 *
 *     CALLER  the return address; it has the next number, from 1 on
 *     MODULE  start, bytes, offset, length, name: a file that is mapped there to be executed, from
 *             that offset of it on; the name follows, as many bytes as the length says
 *     THREAD  from here on, events are of this thread: numbers from 1 on
 *     TASK    from here on, events are of a thread that had none so far, which has the next number;
 *             what follows is the system's number for it (gettid), or 0
 *
 * The addresses of callers and modules are written as they are. What is not known here, a later
 * version has brought; it says so by its version.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MEM_MALLOC_EVENTS_H
#define MEM_MALLOC_EVENTS_H

#include <stdint.h>

enum { MEM_EVENT_BITS = 3, MEM_EVENT_GRANULE = 16 };

enum mem_event_kind {
    MEM_EVENT_ALLOC,
    MEM_EVENT_ALIGNED,
    MEM_EVENT_FREE,
    MEM_EVENT_RESIZE,
    MEM_EVENT_REFUSED,
    MEM_EVENT_REFUSED_RESIZE,
    MEM_EVENT_NOTE
};

enum mem_event_why {
    MEM_EVENT_FULL,       /* fewer bytes were free */
    MEM_EVENT_FRAGMENTED, /* as many were free, but not in one piece */
    MEM_EVENT_TOLD        /* it was to be refused (struct mem_refusal) */
};
enum { MEM_EVENT_WHY_BITS = 2 };

enum mem_note_kind { MEM_NOTE_CALLER, MEM_NOTE_MODULE, MEM_NOTE_THREAD, MEM_NOTE_TASK };

/* Bytes at most: of a number, of an event, and of a note without its name. */
enum { MEM_EVENT_NUMBER = 10, MEM_EVENT_MOST = 5 * MEM_EVENT_NUMBER };

/* The longest name of a module; of a longer one, its end. */
enum { MEM_EVENT_NAME = 1024 };

/* A difference as a number: the sign is the lowest bit. */
static inline uint64_t mem_event_folded(int64_t difference) {
    return (uint64_t)difference << 1 ^ (difference < 0 ? UINT64_MAX : 0);
}

static inline int64_t mem_event_unfolded(uint64_t number) {
    return (int64_t)(number >> 1 ^ (0 - (number & 1)));
}

/* Writes a number; returns where it ends. */
static inline unsigned char *mem_event_put(unsigned char *at, uint64_t number) {
    for (; number >= 128; number >>= 7)
        *at++ = (unsigned char)(number | 128);
    *at++ = (unsigned char)number;
    return at;
}

#endif
