/*
 * error.c - m_error, one per thread and a plain global, and the text for each of
 * its values.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "system/error.h"

#include "system/public.h"
#include "system/thread.h"

/* Weak, so that a program may define its own, whether it links with libmem.so or libmem.a. */
__attribute__((weak)) int m_error;

static MEM_THREAD_LOCAL int thread_error;

int *Mem_ErrorLocation(void) {
    return &thread_error;
}

void mem_error_set(int error) {
    thread_error = error;
    __atomic_store_n(&m_error, error, __ATOMIC_RELAXED);
}

__attribute__((cold)) int mem_error_minus_one(int error) {
    mem_error_set(error);
    return -1;
}

__attribute__((cold)) void *mem_error_null(int error) {
    mem_error_set(error);
    return NULL;
}

__attribute__((cold)) size_t mem_error_zero(int error) {
    mem_error_set(error);
    return 0;
}

const char *Mem_StrError(int error) {
    switch (error) {
    case 0:
        return "No error";
    case E_NO_SPACE:
        return "No free chunk is large enough";
    case E_CORRUPT_FREESPACE:
        return "A node of the free list was overwritten";
    case E_BAD_ARGS:
        return "An argument is out of range, or the region is not as the call needs it";
    case E_NO_MEMORY:
        return "The system refuses memory";
    case E_BAD_POINTER:
        return "The pointer is not the start of a live object";
    default:
        return "Unknown error";
    }
}
