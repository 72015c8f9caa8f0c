/*
 * hammers.h - threads that never rest: each calls a function again and again, so that at any moment
 * some are likely to be in the middle of a call of the library.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef HAMMERS_H
#define HAMMERS_H

#include "support.h"

/* Starts a thread that calls the function with 0, 1, 2 and so on, and adds up the failures that it
 * returns. Eight threads at most. Returns when the thread is at work. */
void start_hammer(int (*strike)(int i));

/* Starts so many threads with the same function. */
void start_hammers(int count, int (*strike)(int i));

/* Stops all, and asserts that nothing went wrong. */
void stop_hammers(void);

#endif /* HAMMERS_H */
