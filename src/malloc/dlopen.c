/*
 * dlopen.c - dlopen without RTLD_DEEPBIND.
 *
 * A library that is opened with that flag looks for malloc and free in itself and what it needs
 * before it looks in the program: it finds libc's, and gives them objects of ours. So the flag is
 * dropped. libc's dlopen takes the place from which it is called for that of the library whose
 * RUNPATH counts; so it must be entered by a jump, with the caller's return address. (Tried: called
 * by an ordinary call, it does not find what lies in the caller's RUNPATH alone.)
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include <dlfcn.h>
#include <stdatomic.h>

#include "malloc/family.h"
#include "malloc/foreign.h"

#ifdef RTLD_DEEPBIND

/* Makes the compiler end a function by a jump, whatever it is told for the rest. Clang, and gcc
 * from 15 on, have an attribute for the call, but not on all machines; else gcc takes options for
 * one function, where neither a check of the stack nor a counter may follow the call. */
#ifdef HAVE_MUSTTAIL
#define JUMPING
#define JUMP __attribute__((musttail))
#else
#define JUMPING                                                                                    \
    __attribute__((optimize("O2", "no-stack-protector", "optimize-sibling-calls"),                 \
                   no_profile_instrument_function))
#define JUMP
#endif

typedef void *opener(const char *file, int mode);

/* The address of libc's, found at the first call. */
static opener *next_opener(void) {
    static _Atomic(opener *) known;
    opener *next = atomic_load_explicit(&known, memory_order_relaxed);
    if (next == NULL) {
        next = (opener *)mem_foreign_next("dlopen");
        atomic_store_explicit(&known, next, memory_order_relaxed);
    }
    return next;
}

JUMPING MEM_FAMILY void *dlopen(const char *file, int mode) {
    JUMP return next_opener()(file, mode & ~RTLD_DEEPBIND);
}

#endif
