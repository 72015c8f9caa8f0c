#!/bin/sh
# processes.sh - processes that begin others: each has a whole heap of its own.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

compiled forks
forks() {
    LIBMEM_REGION=2M LIBMEM_STYLE=$2 with "$work/forks" "$1"
}
for style in first best worst; do
    check "$style: fork among threads, with handlers that allocate" forks fork $style
    check "$style: vfork and exec" forks vfork $style
    check "$style: posix_spawn" forks spawn $style
done
finish
