/*
 * contents.c - stamps in objects; see contents.h.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "contents.h"

#include <assert.h>
#include <string.h>

#include "model.h"

struct stamp {
    uint64_t words[2];
};
static_assert(sizeof(struct stamp) == GRANULE, "a stamp fills the smallest object");

static struct stamp stamp_for(uint32_t id, size_t granule) {
    uint64_t word = ((uint64_t)id << 32 | granule) + 1;
    word *= UINT64_C(0x9e3779b97f4a7c15);
    return (struct stamp){{word, ~word}};
}

static size_t stamped_after(size_t granule) {
    return granule == 0 ? 1 : granule * 16;
}

size_t contents_stamp_after(size_t granule, size_t size) {
    size_t next = stamped_after(granule);
    size_t last = size / GRANULE - 1;
    if (granule == last)
        return last + 1;
    return next < last ? next : last;
}

static void write_stamp(char *object, uint32_t id, size_t granule) {
    struct stamp stamp = stamp_for(id, granule);
    memcpy(object + granule * GRANULE, &stamp, sizeof stamp);
}

/* Compares the part of the stamp that lies in the first `bytes` of the object. */
static bool stamp_is_right(const char *object, uint32_t id, size_t granule, size_t bytes) {
    struct stamp stamp = stamp_for(id, granule);
    size_t start = granule * GRANULE;
    size_t length = bytes - start < GRANULE ? bytes - start : GRANULE;
    return memcmp(object + start, &stamp, length) == 0;
}

void contents_write(char *object, uint32_t id, size_t size) {
    for (size_t g = 0; g < size / GRANULE; g = stamped_after(g))
        write_stamp(object, id, g);
    write_stamp(object, id, size / GRANULE - 1);
}

bool contents_are_right(const char *object, uint32_t id, size_t written, size_t size) {
    size_t kept = written < size ? written : size;
    /* In granules: the bytes before the last stamp tried may be more than a size_t holds. */
    size_t granules = (kept - 1) / GRANULE + 1;
    for (size_t g = 0; g < granules; g = stamped_after(g))
        if (!stamp_is_right(object, id, g, kept))
            return false;
    return size < written || stamp_is_right(object, id, written / GRANULE - 1, kept);
}

bool contents_are_zero(const char *object, size_t size) {
    return object[0] == 0 && memcmp(object, object + 1, size - 1) == 0;
}
