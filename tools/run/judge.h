/*
 * judge.h - whether a program can be served: whether the loader will put the module into it, and
 * whether malloc is the module's then.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "image.h"
#include "outcome.h"

/*
 * Looks at the program, whose file is path, and, if it is a script, at what interprets it. Returns
 * STARTED if it can be served, or if that cannot be seen (the file may not be readable); else has
 * told why it cannot, in one line, and returns the status to end with. kind is the module's.
 */
enum outcome judge(const char *name, const char *path, const struct image_kind *kind);

#endif /* JUDGE_H */
