#!/bin/sh
# tar.sh - tar packs and unpacks many files.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs tar gzip strace gdb

mkdir -p folder/sub
for i in $(seq 1 400); do
    echo "file $i" >"folder/sub/$i"
done

task() {
    "$@" sh -c 'tar --sort=name --mtime=@0 -czf archive.tar.gz -C "$0" folder && tar -xzf archive.tar.gz &&
        tar -tzf archive.tar.gz >list' "$work" && cksum <list && diff -r "$work/folder" folder
}
examined tar
finish
