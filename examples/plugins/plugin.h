/*
 * plugin.h - what the host of plugins and the plugins know of each other.
 *
 * A plugin is a function. It takes its memory from the region that it is given, and from nowhere
 * else; it may leave objects behind. It returns whether it has done its work.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <mem.h>
#include <stdbool.h>

typedef bool plugin(Mem_Region *region);

plugin greedy;
plugin leaky;
plugin primes;

#endif
