#!/bin/sh
# jq.sh - jq parses JSON, groups and sorts.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs jq strace gdb

awk 'BEGIN { for (i = 0; i < 30000; i++) printf "{\"id\": %d, \"word\": \"w%d\"}\n", i, i * 7919 % 501 }' >items

task() {
    "$@" jq -s -c 'group_by(.word) | map({word: .[0].word, count: length, ids: [.[].id]}) | .[0:30]' "$work/items"
}
examined jq
finish
