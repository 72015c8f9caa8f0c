#!/bin/sh
# coverage.sh - `make coverage`: builds library and tools with counters, in a folder of its own,
# runs the tests, and tells which lines and branches they have reached. The report in HTML
# stays in the folder coverage/html of the build.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors
set -u

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
: "${abs_builddir:=$(pwd)}"
: "${CC:=cc}"
: "${CXX:=c++}"
: "${MAKE:=make}"

# Physical, as lcov prints it.
source=$(cd "$abs_srcdir" && pwd -P) || exit
folder=$abs_builddir/coverage

fail() {
    echo "coverage.sh: $1" >&2
    exit 1
}

# quietly COMMAND...: its output goes to the log, the end of which is shown when it fails.
quietly() {
    "$@" >>"$folder/log" 2>&1 && return
    tail -n 20 "$folder/log" >&2
    fail "failed: $* (the whole output is in $folder/log)"
}

check_tools() {
    for tool in lcov genhtml gcov; do
        command -v $tool >/dev/null 2>&1 || fail "there is no $tool: install lcov and gcc"
    done
    if $CC -dM -E - </dev/null | grep __clang__ >/dev/null; then
        fail "gcov reads the counters of gcc, and this build has another compiler: configure CC=gcc"
    fi
    [ ! -f "$source/config.status" ] ||
        fail "the source directory is configured: make distclean there, and build in another folder"
}

# Optimization would merge lines. Threads share the counters, which therefore are atomic.
build() {
    flags='-O0 -g --coverage -fprofile-update=atomic'
    quietly "$source/configure" --disable-shared CC="$CC" CXX="$CXX" CFLAGS="$flags" \
        CXXFLAGS="$flags" LDFLAGS=--coverage
    quietly "$MAKE"
    quietly "$MAKE" check TESTS=
}

run_tests() {
    tests=passed
    "$MAKE" check >>log 2>&1 || tests=failed
    grep -E '^(FAIL|ERROR):' log
}

# The name of the setting that counts branches depends on lcov's version.
branches() {
    if lcov --version | grep 'version 1\.' >/dev/null; then
        echo lcov_branch_coverage=1
    else
        echo branch_coverage=1
    fi
}

collect() {
    setting=$(branches)
    quietly lcov --rc "$setting" --capture --directory . --output-file all.info
    quietly lcov --rc "$setting" --extract all.info "$source/src/*" "$source/tools/*" \
        --output-file coverage.info
    quietly genhtml --branch-coverage --prefix "$source" --title libmem \
        --output-directory html coverage.info
}

# A line for each file, and one for all: lines and branches, reached and in all.
table() {
    awk -v top="$source/" '
        function part(of, all) { return all ? sprintf("%5.1f %%", 100 * of / all) : "      -" }
        function row(name, l, lines, b, branches) {
            printf "%-20s %7s %5d of %5d   %7s %5d of %5d\n", name, part(l, lines), l, lines,
                part(b, branches), b, branches
        }
        BEGIN { printf "%-20s %-24s %s\n", "", "lines", "  branches" }
        { split($0, field, ":"); value = field[2] }
        /^SF:/ { name = substr(value, length(top) + 1); lines = l = branches = b = 0 }
        /^LF:/ { lines = value }
        /^LH:/ { l = value }
        /^BRF:/ { branches = value }
        /^BRH:/ { b = value }
        /^end_of_record/ {
            row(name, l, lines, b, branches)
            all_lines += lines; all_l += l; all_branches += branches; all_b += b
        }
        END { row("all", all_l, all_lines, all_b, all_branches) }' coverage.info
}

unreached() {
    awk -F '[:,]' -v top="$source/" '
        /^SF:/ { name = substr($2, length(top) + 1) }
        /^DA:/ && $3 == 0 { print "not reached: " name ":" $2 }' coverage.info
}

check_tools
rm -rf "$folder"
mkdir "$folder" || exit
cd "$folder" || exit
echo "building and testing in $folder"
build
run_tests
collect
table
unreached
echo "coverage/html/index.html shows each line"
[ $tests = passed ] || fail "tests have failed: see $folder/log"
