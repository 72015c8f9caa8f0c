/*
 * mistakes.h - what programs do wrong with a heap, at random.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MISTAKES_H
#define MISTAKES_H

#include "workload.h"

/* An operation that is a mistake mostly. Some happen to be right, and then have to
 * succeed: the model knows. */
void mistakes_make(struct workload *work);

/* One of each kind that needs no region, before there is one. */
void mistakes_make_without_region(struct workload *work);

/* Overwrites a node of the free list, if there is one. */
void mistakes_vandalise(struct workload *work);

#endif
