#!/bin/sh
# misuse.sh - pointers that a program must not free: what is said, and what comes of it.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

compiled misuse

# misused WHICH POLICY: the status is what the program came to; $work/said has what it said.
misused() {
    (
        LIBMEM_MISUSE=$2
        export LIBMEM_MISUSE
        [ -n "$2" ] || unset LIBMEM_MISUSE
        LD_PRELOAD=$MODULE exec "$work/misuse" "$1" >"$work/printed" 2>"$work/said"
    ) 2>/dev/null
}

# aborts WHICH POLICY LINE
aborts() {
    exits 134 misused "$1" "$2" && says_only "$3" "$work/said" && [ ! -s "$work/printed" ]
}

goes_on() {
    misused "$1" "$2" && [ ! -s "$work/said" ] && grep 'went on' "$work/printed"
}

caller='called from 0x[0-9a-f]+ \(misuse\+0x[0-9a-f]+\)$'
for policy in '' strict; do
    name=${policy:-usual}
    check "$name: a second free aborts" aborts twice "$policy" \
        "^libmem: free\(0x[0-9a-f]+\): in free memory, perhaps freed before, $caller"
    check "$name: a free inside an object aborts" aborts inside "$policy" \
        "^libmem: free\(0x[0-9a-f]+\): 19 bytes inside an object of 48 bytes, $caller"
    check "$name: a resize inside an object aborts" aborts resize "$policy" \
        "^libmem: realloc\(0x[0-9a-f]+\): 16 bytes inside an object of 48 bytes, $caller"
done
check 'strict: a foreign pointer aborts' aborts foreign strict \
    "^libmem: free\(0x[0-9a-f]+\): outside of the region, $caller"
check 'usual: a foreign pointer is passed on' goes_on foreign ''
for which in twice inside resize foreign; do
    check "tolerant: goes on ($which)" goes_on $which tolerant
done
finish
