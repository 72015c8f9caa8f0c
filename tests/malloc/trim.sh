#!/bin/sh
# trim.sh - what a program has freed goes back to the system: as much as with libc, or all but 4 MiB.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

# The program compares with a libc that has a threshold, too, and forbids the kernel what it may.
printf '%s\n' '#include <linux/filter.h>' '#include <malloc.h>' 'int threshold = M_TRIM_THRESHOLD;' \
    >"$work/tried.c"
if ! $CC -c "$work/tried.c" -o "$work/tried.o" 2>/dev/null; then
    skip 'what goes back to the system' 'a C library without mallopt'
    finish
fi
# A short run has fewer objects in as much memory.
small=64
[ -z "${MEM_TEST_LIGHT-}" ] || small=512
compiled trim -DSMALL=$small

# like_libc HOW MIB: what is resident is within a tenth of what is with libc, or within 4 MiB.
like_libc() {
    libc=$("$work/trim" "$1" "$2") && module=$(with "$work/trim" "$1" "$2") || return
    echo "$1: $module KiB, with libc $libc"
    [ "$module" -le $((libc + libc / 10)) ] || [ "$module" -le $((libc + 4096)) ]
}
check '500 MB in small objects, all freed' like_libc all 477
check '500 MB in small objects, every second one freed' like_libc half 477
check '200 objects of 1 MiB in turn' like_libc turns 200
check '200 objects of 1 MiB at once' like_libc together 200

# leaves HOW MOST [LEAST]: of 100 MiB, at most and at least so many MiB are resident, beside 6 MiB.
leaves() {
    kib=$(with "$work/trim" "$1" 100) || return
    echo "$1: $kib KiB"
    [ "$kib" -le $((($2 + 6) * 1024)) ] && [ "$kib" -ge $((${3:-0} * 1024)) ]
}
for style in first best worst; do
    LIBMEM_STYLE=$style
    export LIBMEM_STYLE
    check "$style: all of it" leaves all 0
done
unset LIBMEM_STYLE
check 'objects that are large' leaves together 0
check 'an object that becomes small' leaves shrink 0
check 'a child of fork' leaves child 0
# What one thread gives back another may take again at once: then the threshold rises, as far as 64
# MiB. What one has freed between the other's objects, in chunks below 64 KiB, a trim leaves alone
# until the other's are gone: as much again. Of their 200 MiB, with the index about it, and caches
# and their table, which have some 14:
check 'threads' leaves threads 148
# Of 1000 MiB, the table of the caches has 62: it goes back with the objects that it was for.
gives_table() {
    kib=$(with "$work/trim" thread 1000) || return
    echo "$kib KiB"
    [ "$kib" -le $((24 * 1024)) ]
}
check 'the table of the caches' gives_table
LIBMEM_EXACT=1
export LIBMEM_EXACT
check 'threads, and no caches' leaves threads 134
unset LIBMEM_EXACT
check 'a threshold of 32 MiB' leaves late 32
check 'a threshold of -1' leaves off 108 100
if with "$work/trim" forbidden 100 >/dev/null; then
    check 'a filter that forbids it' leaves forbidden 108 100
else
    skip 'a filter that forbids it' 'no filters here'
fi

# Less than 30 MiB, which is some 8000 pages, of small objects nine times: they stay.
seldom() {
    with "$work/trim" again 30 >"$work/told" || return
    cat "$work/told"
    [ "$(sed -n 's/ faults//p' "$work/told")" -lt 500 ]
}
check 'what is used again stays' seldom
finish
