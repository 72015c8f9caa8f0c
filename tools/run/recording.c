/*
 * recording.c - reads the options of recordings.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "recording.h"

#include "ending.h"
#include "xz.h"

#include "malloc/size.h"

#include <stdbool.h>
#include <stddef.h>

enum action recording_parse(const char *path, struct recording *r) {
    static const struct {
        const char *ending;
        enum recording_kind kind;
    } kinds[] = {{".mlog", RECORDING_LOG}, {".rep", RECORDING_TRACE}, {".rep.xz", RECORDING_XZ}};
    r->path = path;
    r->kind = RECORDING_NONE;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (ending_is(path, kinds[i].ending))
            r->kind = kinds[i].kind;
    if (r->kind == RECORDING_NONE)
        return misuse("--record takes a file that ends in .mlog, .rep or .rep.xz, not", path);
    if (r->kind == RECORDING_XZ && !xz_is_there())
        return misuse("this mem-run was built without liblzma, and cannot write", path);
    return RUN;
}

enum action recording_parse_size(const char *text, struct recording *r) {
    static const char range[] =
        "--record-size takes bytes, or a number with K, M or G, from 1M to 1024G, not";
    if (mem_size_parse(text, UINT64_C(1) << 40, &r->bytes) && r->bytes >= RECORDING_LEAST)
        return RUN;
    return misuse(range, text);
}

enum action recording_check(const struct recording *r) {
    if (r->bytes > 0 && r->kind == RECORDING_NONE)
        return misuse("--record-size goes only with", "--record");
    if (r->process > 0 && r->kind != RECORDING_TRACE && r->kind != RECORDING_XZ)
        return misuse("--process goes only with --record of", "a .rep or .rep.xz file");
    return RUN;
}
