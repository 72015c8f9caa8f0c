/*
 * operations.c - finds the slots of places.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "operations.h"

#include <inttypes.h>
#include <stdbool.h>

static enum reader_next out_of_memory(struct complaint *c) {
    complain(c, 0, "out of memory");
    return READER_BAD;
}

/* ---- Operations ---- */

static enum reader_next misuse(const struct call *call, const char *what, struct complaint *c) {
    complain(c, (size_t)call->line, "the id %" PRIu64 " is %s", call->place - 1, what);
    return READER_BAD;
}

static bool take_caller(struct operations *o, uint64_t address, uint32_t *number) {
    if (address == 0)
        return true;
    *number = lives_find(&o->callers, address);
    if (*number == LIVES_NONE)
        *number = lives_begin(&o->callers, address);
    return *number != LIVES_NONE;
}

static enum reader_next begin_object(struct operations *o, const struct call *call,
                                     struct operation *op, struct complaint *c) {
    op->kind = OPERATION_ALLOC;
    op->slot = lives_begin(&o->lives, call->place);
    return op->slot != LIVES_NONE ? READER_CALL : out_of_memory(c);
}

static enum reader_next end_object(struct operations *o, const struct call *call, uint32_t slot,
                                   struct operation *op, struct complaint *c) {
    op->kind = OPERATION_FREE;
    op->slot = slot;
    op->bytes = 0;
    op->alignment = 0;
    lives_end(&o->lives, slot);
    bool noted = o->format->begins_late || idset_add(&o->ended, call->place);
    return noted ? READER_CALL : out_of_memory(c);
}

/* Frees the object that lives where another is to begin; that one comes next. */
static enum reader_next make_way(struct operations *o, const struct call *call, uint32_t slot,
                                 struct operation *op, struct complaint *c) {
    o->unknown++;
    o->ahead = *call;
    o->has_ahead = true;
    return end_object(o, call, slot, op, c);
}

static enum reader_next take_alloc(struct operations *o, const struct call *call,
                                   struct operation *op, struct complaint *c) {
    uint32_t slot = lives_find(&o->lives, call->place);
    if (slot == LIVES_NONE)
        return begin_object(o, call, op, c);
    if (!o->format->begins_late)
        return misuse(call, "allocated, but it is live", c);
    return make_way(o, call, slot, op, c);
}

static enum reader_next take_resize(struct operations *o, const struct call *call,
                                    struct operation *op, struct complaint *c) {
    uint32_t slot = call->from != 0 ? lives_find(&o->lives, call->from) : LIVES_NONE;
    uint32_t there = call->place != call->from ? lives_find(&o->lives, call->place) : LIVES_NONE;
    if (there != LIVES_NONE)
        return make_way(o, call, there, op, c);
    if (slot == LIVES_NONE) {
        if (idset_has(&o->ended, call->place))
            return misuse(call, "resized, but it is not live", c);
        o->unknown += o->format->begins_late && call->from != 0;
        return begin_object(o, call, op, c);
    }
    op->kind = OPERATION_RESIZE;
    op->slot = slot;
    if (call->place != call->from)
        lives_move(&o->lives, slot, call->place);
    return READER_CALL;
}

/* READER_END when it is left out. */
static enum reader_next take_free(struct operations *o, const struct call *call,
                                  struct operation *op, struct complaint *c) {
    uint32_t slot = call->place != 0 ? lives_find(&o->lives, call->place) : LIVES_NONE;
    if (slot != LIVES_NONE)
        return end_object(o, call, slot, op, c);
    op->kind = OPERATION_FREE;
    if (call->place == 0)
        return READER_CALL;
    if (!o->format->begins_late)
        return misuse(call, "freed, but it is not live", c);
    o->unknown++;
    return READER_END;
}

/* READER_END when there is no operation of it. */
static enum reader_next take(struct operations *o, const struct call *call, struct operation *op,
                             struct complaint *c) {
    *op = (struct operation){
        .bytes = call->bytes,
        .line = call->line < UINT32_MAX ? (uint32_t)call->line : UINT32_MAX,
        .alignment = (unsigned char)call->alignment,
    };
    if (!take_caller(o, call->caller, &op->caller))
        return out_of_memory(c);
    switch (call->kind) {
    case CALL_ALLOC:
        return take_alloc(o, call, op, c);
    case CALL_RESIZE:
        return take_resize(o, call, op, c);
    case CALL_FREE:
        return take_free(o, call, op, c);
    default:
        o->refused++;
        return READER_END;
    }
}

static enum reader_next next_call(struct operations *o, struct call *call, struct complaint *c) {
    if (!o->has_ahead)
        return o->format->next(o->reader, call, c);
    o->has_ahead = false;
    *call = o->ahead;
    return READER_CALL;
}

void operations_begin(struct operations *o, const struct format *format, void *reader) {
    *o = (struct operations){.format = format, .reader = reader};
}

enum reader_next operations_next(struct operations *o, struct operation *op, struct complaint *c) {
    struct call call;
    enum reader_next next;
    while ((next = next_call(o, &call, c)) == READER_CALL) {
        next = take(o, &call, op, c);
        if (next != READER_END)
            break;
    }
    return next;
}

void operations_end(struct operations *o) {
    o->format->end(o->reader);
    lives_free(&o->lives);
    lives_free(&o->callers);
    idset_free(&o->ended);
}
