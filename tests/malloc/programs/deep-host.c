/*
 * deep-host.c - a library that opens another by its name alone, bound to itself first; it can be
 * found by the RUNPATH of this library only. As a program, calls it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *host_text(void);

#ifdef LIBRARY

char *host_text(void) {
    void *plugin = dlopen("libdeep-plugin.so", RTLD_NOW | RTLD_DEEPBIND);
    if (plugin == NULL) {
        puts(dlerror());
        return NULL;
    }
    char *(*text)(char *) = (char *(*)(char *))dlsym(plugin, "plugin_text");
    return text(malloc(100));
}

#else

int main(void) {
    char *text = host_text();
    if (text == NULL || strcmp(text, "deep") != 0)
        return 1;
    free(text);
    return 0;
}

#endif
