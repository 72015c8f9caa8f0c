#!/bin/sh
# copies.sh - two copies of the library in one process, static and shared, do each other no harm.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

shared=$abs_builddir/.libs/libmem.so
archive=$abs_builddir/.libs/libmem.a

# shellcheck disable=SC2086 # several flags
built() {
    $CC -I"$abs_srcdir/include" $CFLAGS -std=c11 -D_GNU_SOURCE "$abs_srcdir/tests/shell/copies.c" \
        -o "$work/copies" "$archive" $LDFLAGS -lpthread -ldl
}

what="each of two copies refuses to end the other's regions"
case $CFLAGS in
*-fsanitize*)
    skip "$what" "a sanitizer is there once"
    finish
    ;;
esac
if [ ! -f "$shared" ] || [ ! -f "$archive" ]; then
    skip "$what" "one of the two is not built"
elif ! built >"$work/output" 2>&1; then
    cat "$work/output"
    skip "$what" "the program cannot be linked"
else
    check "$what" "$work/copies" "$shared"
fi
finish
