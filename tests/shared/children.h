/*
 * children.h - what the tests of fork() share: children that report by their exit status, and
 * handlers of the program's.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef CHILDREN_H
#define CHILDREN_H

#include "support.h"

/* What a child can find wrong; 0 when all is well. */
enum trouble {
    NONE,
    NOT_SOUND,
    NOT_ALLOCATED,
    NOT_FREED,
    FREED_TWICE,
    SPOILT,
    NOT_REFUSED,
    NOT_USABLE,
    NOT_MADE,
    NOT_ENDED,
    IN_HANDLER
};

/* Runs the function in a child, without its output, and returns what it returns there. An alarm
 * ends a child that hangs, and the test fails. */
int in_child(enum trouble (*body)(void));

/* The same, forking while another thread calls the second function with the argument. */
int in_child_amid(enum trouble (*body)(void), void (*meanwhile)(void *), void *argument);

/* Sets an alarm that ends the process if it hangs. */
void set_alarm(void);

/* Runs the function in so many threads at once, in a child too; returns the first trouble found. */
enum { MOST_THREADS = 8 };
enum trouble in_threads(int count, enum trouble (*body)(void));

/* Sets what to call before and after each fork(), by handlers that were registered before the
 * library's own, where EARLY says that this is possible. Until then they rest. */
#if defined __ELF__ && !SANITIZED /* a sanitizer is not ready so early */
#define EARLY 1
#else
#define EARLY 0
#endif
void set_early_handlers(void (*before)(void), void (*after)(void));

#endif /* CHILDREN_H */
