/*
 * locate.h - finds the file of a program, as execvp does.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef LOCATE_H
#define LOCATE_H

#include <stddef.h>

/*
 * Writes to path, which has room for so many bytes, which file the name stands for: itself if it
 * has a slash, else the first in the folders of PATH that may be executed. Returns 0, or the error
 * that execvp would end with: ENOENT, EACCES when files of the name are there that may not be
 * executed, or others.
 */
int locate(const char *name, char *path, size_t room);

#endif /* LOCATE_H */
