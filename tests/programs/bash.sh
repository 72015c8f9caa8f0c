#!/bin/sh
# bash.sh - bash runs many subshells and pipes.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs bash strace gdb

cat >work.bash <<'END'
total=0
for i in {1..150}; do
    word=$(echo "line $i" | while read -r a b; do echo "$b"; done)
    total=$((total + word))
    list+=("$(printf '%s' "${list[*]:0:5}" | tr ' ' ,)$i")
done
echo "$total ${#list[@]}"
declare -A map
for i in {1..2000}; do map[key$((i % 50))]+=" $i"; done
echo "${map[key7]}"
wait
END

task() {
    "$@" bash "$work/work.bash"
}
examined bash
finish
