/*
 * plain_m_error.c - a program's file that declares m_error itself instead of
 * including mem.h; test_error.c asks it what it sees.
 *
 * SPDX-License-Identifier: MIT
 * Copyright (c) the libmem authors
 */
extern int m_error;

int plain_m_error(void);

int plain_m_error(void) {
    return m_error;
}
