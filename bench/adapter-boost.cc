/*
 * adapter-boost.cc - Boost.Interprocess: rbtree_best_fit in one mapped buffer.
 *
 * It comes with a lock or without. A program with one thread gets the one without, since libmem and
 * the mallocs take no lock there either.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "adapter.h"

#include <boost/interprocess/indexes/flat_map_index.hpp>
#include <boost/interprocess/managed_external_buffer.hpp>
#include <boost/interprocess/mem_algo/rbtree_best_fit.hpp>
#include <boost/interprocess/sync/mutex_family.hpp>
#include <boost/version.hpp>
#include <new>
#include <sys/mman.h>

namespace bi = boost::interprocess;

template <class Family>
using heap =
    bi::basic_managed_external_buffer<char, bi::rbtree_best_fit<Family>, bi::flat_map_index>;

static heap<bi::null_mutex_family> *unlocked;
static heap<bi::mutex_family> *locked;
static void *region;

const char *adapter_version(void) {
    return "Boost.Interprocess " BOOST_LIB_VERSION ", rbtree_best_fit";
}

static void *map(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

bool adapter_start(size_t bytes, enum policy policy, bool threads) {
    region = policy == POLICY_OWN ? map(bytes) : NULL;
    if (region == NULL)
        return false;
    if (threads)
        locked = new heap<bi::mutex_family>(bi::create_only, region, bytes);
    else
        unlocked = new heap<bi::null_mutex_family>(bi::create_only, region, bytes);
    return true;
}

void *adapter_region(void) {
    return region;
}

void *adapter_allocate(size_t bytes) {
    return unlocked != NULL ? unlocked->allocate(bytes, std::nothrow)
                            : locked->allocate(bytes, std::nothrow);
}

void adapter_release(void *object) {
    if (unlocked != NULL)
        unlocked->deallocate(object);
    else
        locked->deallocate(object);
}
