/*
 * record.c - writes events; see record.h.
 *
 * What an event needs to have said before it, notes, is written first, then the event; only then is
 * all of it counted in the chunk. So a chunk holds whole events at any moment.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "malloc/record.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "malloc/callers.h"
#include "malloc/chunks.h"
#include "malloc/modules.h"
#include "system/thread.h"

static struct {
    struct mem_process *entry; /* NULL: nothing is recorded */
    uint32_t image;            /* whose calls were recorded last */
    struct mem_chunk *chunk;   /* that is written to; NULL: recording had to stop, for the error */
    int stopped;
    unsigned char *events; /* the first of the chunk */
    unsigned char *at;     /* where the next note or event goes */
    unsigned char *end;
    const char *base; /* of the region */
    uint64_t calls;   /* that have their event, those of the parents included */
    int64_t last;     /* granule that the last event names */
    uint64_t threads; /* that have a number */
    uint64_t thread;  /* of the last event */
} recorder;

/* The number of this thread, or 0. */
static MEM_THREAD_LOCAL uint64_t own_number;

/* ---- Room ---- */

/* Whether the log has all of its memory from the beginning: then the process may have forbidden
 * itself system calls, and none is made. */
static bool is_whole(void) {
    return (mem_chunks_log->flags & MEM_LOG_WHOLE) != 0;
}

/* Makes a chunk, whose events begin there, the one that is written to. */
static void use(struct mem_chunk *chunk, unsigned char *events) {
    recorder.chunk = chunk;
    recorder.events = recorder.at = events;
    recorder.end = (unsigned char *)chunk + mem_chunks_log->chunk;
}

/* Counts what was written. */
static void commit(void) {
    __atomic_store_n(&recorder.chunk->used, (uint32_t)(recorder.at - recorder.events),
                     __ATOMIC_RELEASE);
}

/* The entry stays mapped, whatever chunk it is in. */
static void leave_chunk(void) {
    if (recorder.chunk != NULL && recorder.chunk->kind == MEM_CHUNK_MORE)
        mem_chunks_leave(recorder.chunk);
    recorder.chunk = NULL;
}

/* Takes the next chunk, or stops. To open a file is a point where a thread can be cancelled, and
 * calls of the malloc family are none. */
static bool next_chunk(void) {
    uint32_t number;
    int cancelling;
    commit();
    leave_chunk();
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
    struct mem_chunk *chunk = mem_chunks_take(&number);
    int error = errno;
    (void)pthread_setcancelstate(cancelling, NULL);
    if (chunk == NULL) {
        recorder.entry->stopped = recorder.stopped = error;
        return false;
    }
    *chunk = (struct mem_chunk){.image = recorder.image};
    __atomic_store_n(&chunk->kind, MEM_CHUNK_MORE, __ATOMIC_RELEASE);
    use(chunk, (unsigned char *)(chunk + 1));
    return true;
}

static bool has_room(size_t bytes) {
    return recorder.chunk != NULL &&
           ((size_t)(recorder.end - recorder.at) >= bytes || next_chunk());
}

static void put(uint64_t number) {
    recorder.at = mem_event_put(recorder.at, number);
}

/* ---- Notes ---- */

static void put_note(enum mem_note_kind kind) {
    put((uint64_t)kind << MEM_EVENT_BITS | MEM_EVENT_NOTE);
}

static void note_module(const struct mem_module *module) {
    size_t length = strlen(module->name);
    size_t shown = length < MEM_EVENT_NAME ? length : MEM_EVENT_NAME;
    if (!has_room(MEM_EVENT_MOST + shown))
        return;
    put_note(MEM_NOTE_MODULE);
    put(module->start);
    put(module->bytes);
    put(module->offset);
    put(shown);
    memcpy(recorder.at, module->name + (length - shown), shown);
    recorder.at += shown;
}

/* The number of a caller, 0 if there is no memory to keep it. */
static uint64_t number_of(const void *caller) {
    bool is_new;
    uint64_t number = mem_callers_number((uintptr_t)caller, &is_new);
    if (is_new) {
        if (!is_whole())
            mem_modules_note((uintptr_t)caller, note_module);
        if (has_room(MEM_EVENT_MOST)) {
            put_note(MEM_NOTE_CALLER);
            put((uintptr_t)caller);
        }
    }
    return number;
}

static void note_thread(void) {
    if (own_number == recorder.thread && own_number != 0)
        return;
    if (!has_room(MEM_EVENT_MOST))
        return;
    if (own_number == 0) {
        own_number = ++recorder.threads;
        put_note(MEM_NOTE_TASK);
        put(is_whole() ? 0 : (uint64_t)syscall(SYS_gettid));
    } else {
        put_note(MEM_NOTE_THREAD);
        put(own_number);
    }
    recorder.thread = own_number;
}

/* ---- Events ---- */

/* Begins an event; false when nothing is recorded, or there is no room. */
static bool begin(enum mem_event_kind kind, const void *caller) {
    if (recorder.chunk == NULL)
        return false;
    uint64_t number = number_of(caller);
    note_thread();
    if (!has_room(MEM_EVENT_MOST))
        return false;
    put(number << MEM_EVENT_BITS | kind);
    return true;
}

static void put_address(const void *object) {
    int64_t granule = ((const char *)object - recorder.base) / MEM_EVENT_GRANULE;
    put(mem_event_folded(granule - recorder.last));
    recorder.last = granule;
}

static void end(void) {
    commit();
    recorder.calls++;
    recorder.entry->recorded++;
}

static uint64_t logarithm(size_t power) {
    return (uint64_t)__builtin_ctzl(power);
}

/* ---- What others call ---- */

void mem_record_begin(struct mem_process *entry, const void *base) {
    if ((mem_chunks_log->flags & MEM_LOG_RECORDING) == 0)
        return;
    entry->inherits = recorder.image;
    entry->inherited = recorder.calls;
    entry->base = (uintptr_t)base;
    entry->stopped = recorder.stopped;
    recorder.entry = entry;
    recorder.image = entry->chunk.image;
    recorder.base = base;
    if (recorder.stopped == 0)
        use(&entry->chunk, (unsigned char *)(entry + 1));
    if (is_whole() && recorder.stopped == 0) {
        mem_callers_reserve();
        mem_modules_note(0, note_module);
    }
}

void mem_record_stop(int error) {
    recorder.stopped = error;
}

void mem_record_leave(void) {
    leave_chunk();
    recorder.entry = NULL;
}

void mem_record_call(void) {
    if (recorder.entry != NULL)
        recorder.entry->begun++;
}

void mem_record_nothing(void) {
    if (recorder.entry != NULL)
        recorder.entry->begun--;
}

void mem_record_alloc(const void *object, size_t alignment, size_t bytes, const void *caller) {
    if (!begin(alignment > 1 ? MEM_EVENT_ALIGNED : MEM_EVENT_ALLOC, caller))
        return;
    put_address(object);
    put(bytes);
    if (alignment > 1)
        put(logarithm(alignment));
    end();
}

void mem_record_free(const void *object, const void *caller) {
    if (!begin(MEM_EVENT_FREE, caller))
        return;
    put_address(object);
    end();
}

void mem_record_resize(const void *from, const void *to, size_t bytes, const void *caller) {
    if (!begin(MEM_EVENT_RESIZE, caller))
        return;
    put_address(from);
    put_address(to);
    put(bytes);
    end();
}

void mem_record_refused(const void *from, size_t alignment, size_t bytes, enum mem_event_why why,
                        const void *caller) {
    if (!begin(from != NULL ? MEM_EVENT_REFUSED_RESIZE : MEM_EVENT_REFUSED, caller))
        return;
    if (from != NULL)
        put_address(from);
    put(bytes);
    put(logarithm(alignment) << MEM_EVENT_WHY_BITS | why);
    end();
}
