/*
 * module.h - the library that is loaded into each program, libmem-malloc.so.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MODULE_H
#define MODULE_H

#include "image.h"

#include <limits.h>

struct module {
    char path[PATH_MAX];
    struct image_kind kind;
};

/*
 * Finds the module that belongs to this mem-run: in a build, in .libs beside the program; else
 * where it is installed, seen from the folder of the program, which may have been moved with all
 * that was installed; else where it was to be installed. STARTED, or it has told that there is
 * none, or none that can be loaded, and returns the status to end with.
 */
int module_find(struct module *m);

#endif /* MODULE_H */
