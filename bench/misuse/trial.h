/*
 * trial.h - misuses, each in a process of its own.
 *
 * A misuse is tried several times: with objects of each of three sizes, and with each of four
 * fillings of what it overwrites. What counts is the worst that comes of it.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "misuses.h"
#include "verdict.h"

enum { TRIALS = 3 * FILLINGS };

/* One of the trials of a misuse, or all of them. Ends the program with a message when the system
 * has no process for it. */
enum verdict trial_one(const struct misuse *misuse, int number);
enum verdict trial_worst(const struct misuse *misuse);

#endif
