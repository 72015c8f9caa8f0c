/*
 * tries.c - how nodes join and leave the tries, and are found; tries.h tells the layout.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#include "config.h"

#include "index/tries.h"

#include "system/assertion.h"

void mem_tries_init(struct mem_tries *tries, void *memory, mem_granule granules) {
    unsigned place_bits = mem_bits_highest(mem_tries_place(granules) | 1) + 1;
    *tries = (struct mem_tries){.nodes = memory, .place_bits = place_bits};
}

static uint32_t node_of(mem_granule g) {
    return mem_tries_place(g) + 1;
}

static uint32_t place_of(uint32_t node) {
    return node - 1;
}

static uint64_t key_of(const struct mem_tries *tries, uint32_t node) {
    return mem_tries_key(tries, tries->nodes[node].size, place_of(node));
}

/* ---- Changes ---- */

void mem_tries_add(struct mem_tries *tries, mem_granule g, mem_granule size) {
    mem_assert(size >= MEM_TRIES_LEAST, "a chunk that has a node");
    uint32_t node = node_of(g);
    unsigned trie = mem_tries_of(size);
    uint64_t path = mem_tries_path(tries, mem_tries_key(tries, size, mem_tries_place(g)), trie);
    uint32_t above = 0;
    uint32_t *link = &tries->root[trie];
    for (; *link != 0; path <<= 1) {
        above = *link;
        link = &tries->nodes[above].below[path >> 63];
    }
    *link = node;
    tries->nodes[node] = (struct mem_node){{0, 0}, above, size};
    tries->used |= mem_bits_one(trie);
}

/* The link that leads to a node: a root, or one of the node above. */
static uint32_t *link_to(struct mem_tries *tries, uint32_t node) {
    uint32_t above = tries->nodes[node].above;
    if (above == 0)
        return &tries->root[mem_tries_of(tries->nodes[node].size)];
    uint32_t *below = tries->nodes[above].below;
    return &below[below[1] == node];
}

/* A leaf below a node, or the node itself if it is one. */
static uint32_t leaf_below(const struct mem_tries *tries, uint32_t node) {
    for (;;) {
        const uint32_t *below = tries->nodes[node].below;
        uint32_t next = below[0] != 0 ? below[0] : below[1];
        if (next == 0)
            return node;
        node = next;
    }
}

/* Puts another node, to which no link leads, in the place of a node. */
static void replace(struct mem_tries *tries, uint32_t node, uint32_t other) {
    const struct mem_node *from = &tries->nodes[node];
    struct mem_node *to = &tries->nodes[other];
    *link_to(tries, node) = other;
    to->above = from->above;
    for (unsigned side = 0; side < 2; side++) {
        to->below[side] = from->below[side];
        if (to->below[side] != 0)
            tries->nodes[to->below[side]].above = other;
    }
}

void mem_tries_drop(struct mem_tries *tries, mem_granule g, mem_granule size) {
    uint32_t node = node_of(g);
    mem_assert(tries->nodes[node].size == size, "the node has the size of the chunk");
    uint32_t leaf = leaf_below(tries, node);
    *link_to(tries, leaf) = 0;
    if (leaf != node)
        replace(tries, node, leaf);
    unsigned trie = mem_tries_of(size);
    if (tries->root[trie] == 0)
        tries->used &= ~mem_bits_one(trie);
}

/* Whether the first bits of two paths, as many as have led to a node, are the same. */
static bool lead_to(const struct mem_tries *tries, uint32_t node, uint64_t path, uint64_t other) {
    uint64_t differ = path ^ other;
    for (node = tries->nodes[node].above; node != 0; node = tries->nodes[node].above) {
        if (differ >> 63 != 0)
            return false;
        differ <<= 1;
    }
    return true;
}

/* A node whose key changes may stay where it is, or another one take its place, if the bits that
 * have led there do not change. */
void mem_tries_change(struct mem_tries *tries, mem_granule from, mem_granule old, mem_granule to,
                      mem_granule size) {
    uint32_t node = node_of(from), next = node_of(to);
    unsigned trie = mem_tries_of(size);
    uint64_t old_key = mem_tries_key(tries, old, mem_tries_place(from));
    uint64_t key = mem_tries_key(tries, size, mem_tries_place(to));
    if (trie != mem_tries_of(old) || !lead_to(tries, node, mem_tries_path(tries, old_key, trie),
                                              mem_tries_path(tries, key, trie))) {
        mem_tries_drop(tries, from, old);
        mem_tries_add(tries, to, size);
        return;
    }
    if (node != next)
        replace(tries, node, next);
    tries->nodes[next].size = size;
}

/* ---- Searches ---- */

/* The node with the lowest key in the subtree of a node, or 0 if that is 0. It lies on the path
 * that goes to the lower side wherever there is one. */
static uint32_t lowest_below(const struct mem_tries *tries, uint32_t node) {
    uint64_t lowest_key = UINT64_MAX;
    uint32_t lowest = 0;
    while (node != 0) {
        uint64_t key = key_of(tries, node);
        if (key < lowest_key) {
            lowest_key = key;
            lowest = node;
        }
        const uint32_t *below = tries->nodes[node].below;
        node = below[0] != 0 ? below[0] : below[1];
    }
    return lowest;
}

/* The node of the lowest key in a trie that has at least that size, or 0. On the path of the size,
 * each node may be it. Beside the path, subtrees on the upper side have larger keys alone: the
 * deepest of them has the lowest. */
static uint32_t best_in(const struct mem_tries *tries, unsigned trie, mem_granule size) {
    uint64_t least = mem_tries_key(tries, size, 0);
    uint64_t path = mem_tries_path(tries, least, trie);
    uint64_t best_key = UINT64_MAX;
    uint32_t best = 0, beside = 0;
    for (uint32_t node = tries->root[trie]; node != 0; path <<= 1) {
        uint64_t key = key_of(tries, node);
        if (key >= least && key < best_key) {
            best_key = key;
            best = node;
        }
        const uint32_t *below = tries->nodes[node].below;
        if (path >> 63 == 0 && below[1] != 0)
            beside = below[1];
        node = below[path >> 63];
    }
    uint32_t other = lowest_below(tries, beside);
    return other != 0 && key_of(tries, other) < best_key ? other : best;
}

struct mem_large mem_tries_best(const struct mem_tries *tries, mem_granule size) {
    unsigned trie = mem_tries_of(size);
    uint32_t best = best_in(tries, trie, size);
    uint64_t larger = tries->used & mem_bits_above(trie);
    if (best == 0 && larger != 0)
        best = lowest_below(tries, tries->root[mem_bits_lowest(larger)]);
    return (struct mem_large){place_of(best), best != 0 ? tries->nodes[best].size : 0};
}
