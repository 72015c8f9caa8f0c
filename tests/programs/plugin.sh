#!/bin/sh
# plugin.sh - a program opens a plugin that is found by RUNPATH alone, and by RTLD_DEEPBIND; each frees
# what the other has allocated.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

# The compiler may have options.
needs "${CC%% *}" strace gdb

mkdir plugins
cat >plugin.c <<'END'
#include <stdlib.h>
#include <string.h>
char *make(int size) { char *text = malloc(size); return text ? memset(text, 'p', size) : NULL; }
void end(char *text) { free(text); }
END
cat >work.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
    for (int i = 0; i < 2; i++) {
        void *plugin = dlopen("libworkplugin.so", RTLD_NOW | (i > 0 ? RTLD_DEEPBIND : 0));
        if (plugin == NULL) {
            fprintf(stderr, "%s\n", dlerror());
            return 3;
        }
        char *(*make)(int) = (char *(*)(int))dlsym(plugin, "make");
        void (*end)(char *) = (void (*)(char *))dlsym(plugin, "end");
        for (int size = 1; size < 20000; size += 37) {
            char *theirs = make(size), *ours = strdup("ours");
            if (theirs == NULL || ours == NULL)
                return 4;
            free(theirs);
            end(ours);
        }
        dlclose(plugin);
    }
    puts("done");
}
END
$CC -O1 -fno-builtin -fPIC -shared plugin.c -o plugins/libworkplugin.so || exit 99
$CC -O0 -fno-builtin work.c -o work-program -Wl,--enable-new-dtags -Wl,-rpath,"$work/plugins" -ldl || exit 99

task() {
    "$@" "$work/work-program"
}
examined plugin
finish
