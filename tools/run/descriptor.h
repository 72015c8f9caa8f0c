/*
 * descriptor.h - descriptors that are none of the three standard streams.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

/* Where a standard stream is closed, the next file that is opened takes its number. Moves such a
 * descriptor to a higher number, closed by exec(); -1, with errno, if that is not to be had, or it
 * was -1. */
int descriptor_above(int descriptor);

#endif /* DESCRIPTOR_H */
