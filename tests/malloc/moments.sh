#!/bin/sh
# moments.sh - calls are served at every moment of a process and of a thread.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

compiled early
runs() {
    LIBMEM_REGION=$1 with "$work/early" "$2"
}
for style in first best worst; do
    LIBMEM_STYLE=$style
    export LIBMEM_STYLE
    check "$style: before main" runs 1M begin
    check "$style: after the destructors of threads with 64 keys" runs 1M threads
    check "$style: at exit, in 100 handlers and destructors" runs 1M exit
    check "$style: up to _exit" runs 1M _exit
done
unset LIBMEM_STYLE

early_linked() {
    $CC "$work/early.o" -o "$work/linked" "$MODULE" -Wl,-rpath,"$(dirname "$MODULE")" -lpthread &&
        LIBMEM_REGION=1M "$work/linked" threads
}
$CC -fno-builtin -w -c "$programs/early.c" -o "$work/early.o"
check 'a program that is linked with the module' early_linked

# The resolver runs before libc knows its environment.
resolver_has_budget() {
    compiled early -DWITH_IFUNC && runs 1M begin && exits 127 runs junk begin
}
if $CC $CFLAGS -DWITH_IFUNC -w "$programs/early.c" -o "$work/early" -lpthread 2>/dev/null &&
    "$work/early" begin; then
    check 'in the resolver of an indirect function' resolver_has_budget
else
    skip 'in the resolver of an indirect function' 'this system has none'
fi
finish
