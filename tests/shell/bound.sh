#!/bin/sh
# bound.sh - the bounds in libmem(3) are those of bench/bound/derived.txt, each call's in each size
# of region. Whether they hold, make bench-bound tries.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

page=$abs_srcdir/man/libmem.3
bound=$abs_srcdir/bench/bound

# The tables of table.awk, of a search that found nothing.
for bytes in 4096 65536 1048576 16777216 268435456 2147483647 34359738368; do
    echo "$bytes first plain 0 0 0"
done >"$work/measured"
awk -f "$bound/table.awk" "$bound/derived.txt" "$work/measured" >"$work/tables"

# rows STATE COLUMN...: a pattern for each row of a table of the page, `4 KiB;FOUND / BOUND;...`.
rows() {
    awk -v state="# $1 the first best fit, derived" -v wanted="$*" '
        function grouped(number) {
            return number < 1000 ? number : int(number / 1000) sprintf(",%03d", number % 1000)
        }
        function region(bytes,    unit) {
            bytes += 1023 - (bytes + 1023) % 1024
            for (unit = 1; bytes >= 1024; unit++)
                bytes /= 1024
            return bytes " " substr("  KiBMiBGiB", unit * 3 - 3, 3)
        }
        /^# (before|after)/ { here = index($0, state) == 1; next }
        here && /^# region/ { for (i = 3; i <= NF; i++) column[$i] = i - 1; next }
        here && NF {
            pattern = "^" region($1)
            count = split(wanted, names, " ")
            for (i = 2; i <= count; i++)
                pattern = pattern ";[0-9,]+ / " grouped($column[names[i]])
            print pattern "$"
        }' "$work/tables"
}

# in_page STATE COLUMN...: the page has each of these rows.
in_page() {
    rows "$@" >"$work/rows"
    [ "$(wc -l <"$work/rows")" -eq 7 ] || return
    while read -r row; do
        grep -E -q "$row" "$page" || {
            echo "not there: $row"
            return 1
        }
    done <"$work/rows"
}

check 'bounds of allocation and free' in_page before first worst calloc free
check 'bounds of resizes and alignments' in_page before shrink grow move aligned +many
check 'bounds of allocation and free after a best fit' in_page after first worst best free
check 'bounds of resizes and alignments after a best fit' in_page after shrink grow move aligned

finish
