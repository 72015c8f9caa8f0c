# shellcheck shell=sh
# replay.sh - what the tests of mem-replay share: where it is, traces made by hand, and a folder of the
# test's own. A test sources it instead of harness.sh.
#
# Messages name the file as it was given: the tests give names without folders.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

. "$abs_srcdir/tests/shell/harness.sh"

# shellcheck disable=SC2034 # for tests, and for complains
program=mem-replay replay=$abs_builddir/mem-replay traces=$abs_srcdir/traces see='(see mem-replay --help)'
cd "$work" || exit 99

# The size that headers of traces suggest for the region.
suggested=0

# trace NAME IDS OPERATION...
trace() {
    name=$1 ids=$2
    shift 2
    printf '%s\n' $suggested "$ids" $# 1 "$@" >"$name"
}

# The shipped traces, and those of them that tests go through in every way: short runs take a small one.
every_trace=$(cd "$traces" && echo *.rep.xz | sed 's/\.rep\.xz//g')
# shellcheck disable=SC2034 # for tests
if [ -n "${MEM_TEST_LIGHT-}" ]; then
    shipped=git
else
    shipped=$every_trace
fi
