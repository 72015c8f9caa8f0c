#!/bin/sh
# redis.sh - redis-server answers its benchmark.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs redis-server redis-cli redis-benchmark strace gdb

# The server ends by itself when it cannot begin.
answers() {
    ! kill -0 $server 2>/dev/null || redis-cli -s socket ping >/dev/null 2>&1
}

task() {
    "$@" redis-server --port 0 --unixsocket "$PWD/socket" --save '' --appendonly no >log 2>&1 &
    server=$!
    eventually answers
    redis-benchmark -s socket -q -n 4000 -c 20 -t set,get,lpush,lrange_100,hset -r 1000 2>&1 </dev/null |
        tr '\r' '\n' | sed -n 's/: [0-9].*per second.*//p'
    redis-cli -s socket llen mylist
    redis-cli -s socket shutdown nosave
    wait $server
}
examined redis
finish
