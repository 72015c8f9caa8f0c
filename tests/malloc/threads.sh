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
    LIBMEM_REGION=${region:-16M} with "$work/threads" "$1"
}
check 'one thread, before there are two' does alone
check 'a thread that has ended leaves nothing behind' does ended
check 'what is cached serves a large request' does large
check 'what is cached serves an aligned request' does aligned
check 'what is cached serves a resize' does resize
check 'usable sizes' does usable
check 'threads that end, and allocate in the destructors of their data' does ending
region=2M
check 'children that are forked while threads allocate' does fork

exact() {
    LIBMEM_REGION=16M LIBMEM_EXACT=1 with "$work/threads" exact
}
check 'with LIBMEM_EXACT, two threads' exact

# Without the shell's own word about a process that a signal ended.
ended() {
    (LIBMEM_REGION=16M LD_PRELOAD=$MODULE exec "$work/threads" "$1" >"$work/said" 2>&1) 2>/dev/null
}
# tells HOW LINE: the program is ended, after one line.
tells() {
    exits 134 ended "$1" && says_only "$2" "$work/said"
}
check 'an object that is freed twice' tells twice \
    '^libmem: free\(0x[0-9a-f]+\): in free memory, perhaps freed before, called from 0x[0-9a-f]+ \(threads\+'
check 'a pointer into an object' tells inside \
    '^libmem: free\(0x[0-9a-f]+\): 16 bytes inside an object of 112 bytes, called from 0x[0-9a-f]+ \(threads\+'
finish
