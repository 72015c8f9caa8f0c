/*
 * must.hh - a check for tests in C++, which cannot use Check's.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
#ifndef MUST_HH
#define MUST_HH

#include <cstdio>
#include <cstdlib>

/* Unlike assert(), active in every build. */
#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);     \
            std::exit(EXIT_FAILURE);                                                               \
        }                                                                                          \
    } while (0)

#endif
