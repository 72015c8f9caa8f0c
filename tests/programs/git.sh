#!/bin/sh
# git.sh - git clones a repository, shows its log and packs it anew.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs git strace gdb

# A repository of 300 commits, the same each time.
{
    commit=0
    while [ $commit -lt 300 ]; do
        commit=$((commit + 1))
        text="$(seq $commit $((commit + 200)))"
        printf 'commit refs/heads/main\ncommitter A <a@example.org> %d +0000\n' $((1000000000 + commit))
        printf 'data 8\nchange\n\nM 100644 inline file-%d\ndata %d\n%s\n' $((commit % 20)) ${#text} "$text"
    done
} >commits
git init -q --initial-branch=main origin && git -C origin fast-import --quiet <commits || exit 99

task() {
    "$@" sh -c 'git clone -q "$0" clone && git -C clone log --stat -p >log && git -C clone gc -q --aggressive' \
        "$work/origin" && cksum <log && git -C clone fsck --no-progress && git -C clone count-objects
}
examined git
finish
