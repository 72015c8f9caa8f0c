/*
 * formats.c - the list of formats.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "read/formats.h"

#include "read/android.h"
#include "read/heaptrack.h"
#include "read/logalloc.h"
#include "read/mlog.h"
#include "read/mtrace.h"
#include "read/rep.h"
#include "read/valgrind.h"

/* The last knows every text that begins with a number. */
static const struct format *const formats[] = {
    &mlog_format,    &heaptrack_format, &valgrind_format, &mtrace_format,
    &android_format, &logalloc_format,  &rep_format,
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static const struct format *find(const unsigned char *first, size_t count) {
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i]->is(first, count))
            return formats[i];
    return NULL;
}

const struct format *formats_find(const unsigned char *first, size_t count) {
    const struct format *found = find(first, count);
    return found != NULL ? found : &rep_format;
}

bool formats_may_be(const unsigned char *first, size_t count) {
    return find(first, count) != NULL;
}
