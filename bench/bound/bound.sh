#!/bin/sh
# bound.sh - the most instructions that one call takes, by the size of the region.
#
#     make bench-bound [BOUND_SEEDS=N]
#
# For each size, so many adversaries are tried (search.c), and the operations that seem the
# most expensive are done again with the real library, and their instructions counted (measure.c).
# The tables of what was found and of what is derived (derived.txt) are left in
# bench/results-bound.txt; it is an error if more was found than is derived.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set -u
LC_ALL=C
export LC_ALL
LD_BIND_NOW=1 # no call is to find the dynamic linker at work
export LD_BIND_NOW

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
: "${abs_builddir:=$(pwd)}"
seeds=${1:-6000}
measured=3 # operations of each kind; 1 of those that take very long

cd "$abs_builddir/bench/bound" || exit

fail() {
    echo "bound.sh: $1" >&2
    exit 1
}

# The last but one is INT_MAX, which is rounded up to pages.
sizes='4096 65536 1048576 16777216 268435456 2147483647 34359738368'

# search BYTES: the most expensive operations of each kind, `KIND STATE SEED NUMBER RULED BLOCKS`.
search() {
    ./search "$1" 1 "$seeds" >found || fail "the search failed"
    sort -k 1,2 -k 6,6nr found |
        awk -v most=$measured 'count[$1, $2]++ < ($1 == "aligned-many" ? 1 : most)'
}

# measure BYTES: the instructions of operations that come as lines, as table.awk takes them.
measure() {
    while read -r kind state seed number ruled blocks; do
        [ -n "$blocks" ] || fail "the search printed something else"
        instructions=$(./measure "$1" "$seed" "$number") || exit
        echo "$1 $kind $state $ruled $instructions"
    done
}

for bytes in $sizes; do
    search "$bytes" | measure "$bytes" || exit
done >measured || fail "nothing was measured"

echo "# The most instructions of one call, with $seeds adversaries. By bound.sh." >../results-bound.txt
awk -f "$abs_srcdir/bench/bound/table.awk" "$abs_srcdir/bench/bound/derived.txt" measured \
    >>../results-bound.txt
status=$?
cat ../results-bound.txt
exit $status
