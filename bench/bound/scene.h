/*
 * scene.h - a region laid out so that single calls have much to do.
 *
 * What makes a call expensive is known from the index (src/index): many chunks in a segment, which
 * are looked at one by one; changes whose maxima rise or fall on every level of the trees, because
 * they lie to both sides of an edge between subtrees; a search that has to climb all of a tree and
 * descend again; large chunks that become and cease to be the current one; deep tries. So a scene
 * has pieces at such edges, far from each other:
 *
 *     joint    [o][o][o][ before ][   object   ][ behind  ][.]o][o][o]
 *               comb of chunks      one of the joints        another comb
 *               of a granule        lies at an edge
 *     ladder   chunks of one size, whose places have more and more bits in common: a deep trie
 *     barrier  combs with a chunk that is large enough and lies where an alignment rules it out
 *
 * with any of the chunks left out, and of sizes at the edges of what the index tells apart.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef SCENE_H
#define SCENE_H

#include "adversary.h"

/* Lays out a scene in the empty region of an adversary, and tells it what the scene is for. */
void scene_build(struct adversary *a);

#endif
