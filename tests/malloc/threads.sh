#!/bin/sh
# threads.sh - programs of several threads: what is freed twice is told, a budget is used to its end,
# and with LIBMEM_EXACT the style decides.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

compiled threads

# does HOW: the program finds what it expects.
does() {
    LIBMEM_REGION=16M with "$work/threads" "$1"
}
check 'one thread, before there are two' does alone
check 'a thread that has ended leaves nothing behind' does ended
check 'what is cached serves a large request' does large
check 'what is cached serves an aligned request' does aligned
check 'what is cached serves a resize' does resize
check 'usable sizes' does usable
check 'threads that end, and allocate in the destructors of their data' does ending
check 'children that are forked while threads allocate' does fork

exact() {
    LIBMEM_REGION=16M LIBMEM_EXACT=1 with "$work/threads" exact
}
check 'with LIBMEM_EXACT, two threads' exact

# tells HOW PATTERN: the program is ended, after one line.
tells() {
    LIBMEM_REGION=16M exits 134 with "$work/threads" "$1" >"$work/said" 2>&1
    cat "$work/said"
    grep -v '^Aborted' "$work/said" >"$work/lines"
    [ "$(wc -l <"$work/lines")" -eq 1 ] && grep -q "$2" "$work/lines"
}
check 'an object that is freed twice' tells twice \
    '^libmem: free(0x[0-9a-f]*): in free memory, perhaps freed before, called from 0x[0-9a-f]* (threads+'
check 'a pointer into an object' tells inside \
    '^libmem: free(0x[0-9a-f]*): 16 bytes inside an object of 112 bytes, called from 0x[0-9a-f]* (threads+'
finish
