#!/bin/sh
# log.sh - the figures in a log: an entry for each process, right however that ended.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

compiled calls
compiled log
file=$work/file

# told HOW [COMMAND...]: runs calls, and leaves what the file says in $work/told.
told() {
    LIBMEM_REGION=${region:-1M} "$work/log" "$file" "$work/calls" "$1" >"$work/told" 2>&1
    cat "$work/told"
}

# lines_are LINE...: extended regular expressions for the lines, in their order.
lines_are() {
    [ "$(wc -l <"$work/told")" -eq $# ] || return
    number=0
    for line in "$@"; do
        number=$((number + 1))
        sed -n "${number}p" "$work/told" | grep -q -x -E "$line" || { echo "no: $line" && return 1; }
    done
}

# one HOW LINE
one() {
    told "$1" && lines_are "$2" 'missed 0'
}

# Calls of libc's own may add to these.
calls='limit 0 allocations 1[0-9] frees [78] live [3-9]'
none='refused 0 fragmented 0 foreign 0 bad 0'
check 'a program that returns' one return "calls exited $calls $none known"
check 'a program that calls _exit' one _exit "calls live $calls $none unknown"
check 'a program that is killed' one kill "calls live $calls $none unknown"
check 'a program without descriptors' one close \
    "calls exited limit 0 allocations 2[0-9] frees 1[45] live [6-9] $none known"
check 'requests that find the region full, or fragmented' one refuse \
    "calls exited .* refused 2 fragmented 1 foreign 0 bad 0 known"

two() {
    told "$1" && lines_are "calls $2 $calls $none .*" "calls $3 limit 0 $4 $none .*" 'missed 0'
}
check 'exec: an entry for each image' two exec live exited 'allocations 1[0-9] frees [78] live [3-9]'
own='allocations 1[0-9] frees [78] live [6-9]'
check 'fork: the child has its own calls alone' two fork exited live "$own"
# The call that finds out is not counted.
check 'a fork past libc: the child has an entry' two raw exited live \
    'allocations (9|1[0-9]) frees [78] live [6-9]'

# The child's entry has both of its misuses, the parent's none.
misuses_alone() {
    LIBMEM_MISUSE=tolerant
    export LIBMEM_MISUSE
    told misuse && lines_are 'calls exited .* bad 0 known' 'calls live .* bad 2 unknown' 'missed 0'
}
check 'a fork past libc: what it does wrong is its own' misuses_alone
unset LIBMEM_MISUSE
is_no_point_of_cancellation() {
    told cancel && lines_are 'calls exited .*' 'calls live .*' 'missed 0' &&
        LIBMEM_LOG=$file with "$work/calls" cancel
}
check 'fork: no thread is cancelled there' is_no_point_of_cancellation

# Files that do not take another entry.
few_entries() {
    told return && printf '\377\377\377\177' | dd of="$file" bs=1 seek=32 conv=notrunc 2>/dev/null &&
        LIBMEM_REGION=1M LIBMEM_LOG=$file with "$work/calls" return &&
        [ "$(od -An -tu4 -j36 -N4 "$file" | tr -d ' ')" -eq 1 ]
}
check 'a full table costs the entry, which is counted' few_entries

# On a file system that has room for the header and two pages of entries, of ten processes some get
# none, and all of them go on.
# shellcheck disable=SC2016 # the inner shell is to expand them
on_full_disk() {
    LIBMEM_REGION=1M unshare -m sh -c '
        mount -t tmpfs -o size=72k none "$1" && shift && "$@"
    ' sh "$folder" "$work/log" "$folder/file" "$work/calls" many >"$work/told"
    cat "$work/told"
    [ "$(grep -c '^calls live' "$work/told")" -gt 3 ] && grep 'missed [1-9]' "$work/told"
}
folder=$work/disk
mkdir "$folder"
if unshare -m mount -t tmpfs none "$folder" 2>/dev/null; then
    check 'a full disk costs the entry' on_full_disk
else
    skip 'a full disk costs the entry' 'no mounts here'
fi

# No process ends by the signal for a file that became too long.
limited() {
    told return && (ulimit -f 1 && LIBMEM_LOG=$file with "$work/calls" return) &&
        [ "$(od -An -tu4 -j36 -N4 "$file" | tr -d ' ')" -eq 1 ]
}
check 'a limit on the size of files costs the entry' limited
finish
