#!/bin/sh
# budget.sh - one budget a process: as large as is said, as is sensible, or as the system grants.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

compiled calls
compiled log

cat >"$work/fill.c" <<'END'
/* Allocates KiBs until it is refused, prints how many it got; or, with a number, whether it gets that
 * many MiB beside as many that it maps itself. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
int main(int argc, char **argv) {
    size_t got = 0, wanted = argc > 1 ? (size_t)atoi(argv[1]) << 10 : (size_t)-1;
    void *own = argc > 1 ? mmap(NULL, wanted << 10, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : NULL;
    while (got < wanted && malloc(1024) != NULL)
        got++;
    if (got < wanted)
        printf("%zu %s\n", got, errno == ENOMEM ? "ENOMEM" : "?");
    return own == MAP_FAILED ? 2 : argc > 1 && got < wanted;
}
END
$CC -fno-builtin -w "$work/fill.c" -o "$work/fill" || exit 99

# All but a few KiB, which libc itself and the C program's output have.
gets_the_region() {
    got=$(LIBMEM_REGION=$1 LIBMEM_STYLE=$3 with "$work/fill")
    echo "$got"
    kib=${got% ENOMEM}
    [ "$kib ENOMEM" = "$got" ] && [ "$kib" -le "$2" ] && [ "$kib" -gt $(($2 - 90)) ]
}
for style in first best worst; do
    check "$style: 1M is 1 MiB" gets_the_region 1M 1024 $style
    check "$style: 10000000 bytes are that, in whole pages" gets_the_region 10000000 9768 $style
done

# Half of what the limit leaves is the region; a program that uses as much again outside has room.
# with_limit LETTER KIB COMMAND...: of ulimit's, v or d.
with_limit() {
    # shellcheck disable=SC3045 # all shells of Linux know it
    (ulimit "-$1" "$2" && shift 2 && "$@")
}
runs_under_limit() {
    with_limit "$1" "$2" with "$work/fill" "$3"
}
for letter in v d; do
    for mib in 4 16 64 256; do
        limit=$((mib * 2 * 1024))
        while ! with_limit $letter $limit "$work/fill" $mib >/dev/null 2>&1; do
            limit=$((limit + 1024))
        done
        check "ulimit -$letter: $mib MiB of heap and $mib outside, where libc needs $((limit >> 10)) MiB" \
            runs_under_limit $letter $((limit + limit / 10 + 4096)) $mib
    done
done

# limit_is NUMBER KIB: which limit the figures tell of.
limit_is() {
    with_limit v "$2" "$work/log" "$work/file" "$work/calls" return >"$work/told" 2>&1
    cat "$work/told"
    grep -q "calls exited limit $1 " "$work/told"
}
check 'half of the address space is the limit' limit_is 3 200000
region_is_refused() {
    LIBMEM_REGION=1G
    export LIBMEM_REGION
    limit_is 5 200000
}
check 'a region that the system refuses becomes one that it grants' region_is_refused
unset LIBMEM_REGION
# Control groups are made up, in a name space of their own.
# group_of LINE: the path of this process' group in that hierarchy.
group_of() {
    sed -n "s/^[0-9]*:$1://p" /proc/self/cgroup | head -n 1
}

# in_groups FOLDER FILE BYTES COMMAND...: runs it where the only folder has that limit.
# shellcheck disable=SC2016 # the inner shell is to expand them
in_groups() {
    unshare -m sh -c '
        mount -t tmpfs none /sys/fs/cgroup && mkdir -p "$1" && echo "$3" >"$1/$2" && shift 3 && "$@"
    ' sh "$@"
}

# group_limits FOLDER FILE: whether that limit is kept to, and told.
group_limits() {
    in_groups "$1" "$2" 50000000 "$work/log" "$work/file" "$work/calls" return >"$work/told" 2>&1
    cat "$work/told"
    grep -q 'calls exited limit 2 ' "$work/told" || return
    got=$(in_groups "$1" "$2" 1000000 env LD_PRELOAD="$MODULE" "$work/fill")
    echo "$got"
    [ "${got% ENOMEM}" -le 980 ] && [ "${got% ENOMEM}" -gt 880 ]
}

if unshare -m mount -t tmpfs none /sys/fs/cgroup 2>/dev/null; then
    group=$(group_of '')
    check "the limit of the process' control group" group_limits "/sys/fs/cgroup$group" memory.max
    check 'the limit of a control group above it' group_limits /sys/fs/cgroup memory.max
    if [ -n "$(group_of memory)" ]; then
        group=/sys/fs/cgroup/memory$(group_of memory)
        check 'the limit of its control group, version 1' group_limits "$group" memory.limit_in_bytes
        check 'the limit of a control group above it, version 1' \
            group_limits "$(dirname "$group")" memory.limit_in_bytes
    fi
else
    skip "the limits of control groups" "no mounts here"
fi

# Without /proc, nobody tells how much is mapped already: half of a small limit is more than is left.
# kib_under LIMIT: how many KiB a process gets.
# shellcheck disable=SC2016,SC3045 # the inner shell is to expand it; it knows ulimit -v
kib_under() {
    unshare -m sh -c '
        mount -t tmpfs none /proc && ulimit -v "$1" && LD_PRELOAD=$2 exec "$3"
    ' sh "$1" "$MODULE" "$work/fill" 2>/dev/null | sed -n 's/ ENOMEM//p'
}
is_halved() {
    for limit in 800 1000 1200 1500 2000 3000 4000 4500 5000 5500 6000; do
        got=$(kib_under $limit)
        echo "$limit KiB: $got"
        [ "${got:-0}" -lt 100 ] || [ "$got" -gt $((limit / 3)) ] || return 0
    done
    return 1
}
if unshare -m mount -t tmpfs none /proc 2>/dev/null; then
    check 'as much as the system grants, halved until it does' is_halved
else
    skip 'as much as the system grants, halved until it does' 'no mounts here'
fi

check 'at the least address space, the program still runs' with_limit v 20000 with "$work/calls" return
finish
