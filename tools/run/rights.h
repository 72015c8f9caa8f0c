/*
 * rights.h - whether a program would run with rights that its user does not have: then the loader
 * ignores LD_PRELOAD.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef RIGHTS_H
#define RIGHTS_H

/* How a file gives rights to the process that executes it: words for a message, or NULL when it
 * gives none that this process has not. (A script never does.) */
const char *rights_given(const char *path);

#endif /* RIGHTS_H */
