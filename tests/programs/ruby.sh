#!/bin/sh
# ruby.sh - ruby makes hashes and strings, collects garbage, and runs threads.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/programs/examine.sh"

needs ruby strace gdb

cat >work.rb <<'END'
words = Hash.new { |hash, key| hash[key] = [] }
30_000.times { |i| words["w#{i * 7919 % 5000}"] << i.to_s }
puts words.sort.first(20).map { |word, lines| "#{word}: #{lines.join(',')}" }
GC.start
threads = 4.times.map { |t| Thread.new { (1..5000).map { |i| "#{t}-#{i}" }.join.sum } }
p threads.map(&:value)
END

task() {
    "$@" ruby "$work/work.rb"
}
examined ruby
finish
