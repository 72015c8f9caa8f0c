/*
 * host.c - a host that gives each of its plugins a region: a quota while the plugin runs, and an
 * end of all that it has allocated, whether it was freed or not.
 *
 * (A region is a budget, not a cage: plugins run in one process, and nothing keeps one from writing
 * where it should not.)
 *
 * Compile, in the folder plugins:
 *
 *     cc host.c greedy.c leaky.c primes.c -o host $(pkg-config --cflags --libs libmem)
 *
 * Prints:
 *
 *     primes: 168 below 1000
 *     host: primes is done and leaves 0 objects, 0 bytes
 *     leaky: a list from 100 down
 *     host: leaky is done and leaves 100 objects, 1600 bytes
 *     greedy: refused after 26 objects: No free chunk is large enough
 *     host: greedy has failed and leaves 26 objects, 260000 bytes
 *     host: all regions have ended
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "plugin.h"

#include <stdio.h>

static const struct {
    const char *name;
    plugin *run;
    size_t quota; /* bytes */
} plugins[] = {
    {"primes", primes, 64 << 10},
    {"leaky", leaky, 64 << 10},
    {"greedy", greedy, 256 << 10},
};

/* Runs a plugin in a region of its own, and says what it leaves there. Returns whether the region
 * has begun and ended. */
static bool run(const char *name, plugin *plugin, size_t quota) {
    Mem_Region *region = Mem_RegionCreate(quota);
    if (region == NULL)
        return false;
    const char *outcome = plugin(region) ? "is done" : "has failed";
    struct Mem_Stats stats;
    if (Mem_RegionGetStats(region, &stats) == 0)
        printf("host: %s %s and leaves %zu objects, %zu bytes\n", name, outcome, stats.live_blocks,
               stats.live_bytes);
    return Mem_RegionDestroy(region) == 0;
}

int main(void) {
    for (size_t i = 0; i < sizeof plugins / sizeof *plugins; i++)
        if (!run(plugins[i].name, plugins[i].run, plugins[i].quota)) {
            fprintf(stderr, "host: no region for %s: %s\n", plugins[i].name, Mem_StrError(m_error));
            return 1;
        }
    puts("host: all regions have ended");
    return 0;
}
