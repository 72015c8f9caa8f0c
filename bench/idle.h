/*
 * idle.h - a second thread that does nothing.
 *
 * A library that takes no lock in a process with one thread takes it from then on.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef IDLE_H
#define IDLE_H

/* Starts the thread, which lasts as long as the process; ends the experiment if it cannot. */
void idle_start(void);

#endif
