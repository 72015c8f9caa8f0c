# shellcheck shell=sh
# module.sh - what the shell tests of the malloc module share: the module, and programs to try it on.
# A test sources it instead of harness.sh.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

. "$abs_srcdir/tests/shell/harness.sh"

MODULE=$abs_builddir/.libs/libmem-malloc.so
export MODULE
programs=$abs_srcdir/tests/malloc/programs

if [ ! -f "$MODULE" ]; then
    skip "the malloc module" "not built"
    finish
fi

# compiled NAME [FLAG...]: makes $work/NAME of the program of that name; the compiler leaves calls of
# malloc as they are.
compiled() {
    source=$1
    shift
    $CC $CFLAGS -fno-builtin -w -I"$abs_srcdir/src/malloc" -I"$abs_srcdir/include" \
        "$programs/$source.c" -o "$work/$source" "$@" $LDFLAGS -lpthread -ldl || exit 99
}

# with COMMAND...: runs it with the module. Variables go before: VARIABLE=VALUE with COMMAND.
with() {
    LD_PRELOAD=$MODULE "$@"
}

# exits STATUS COMMAND...: whether the command ends so.
exits() {
    expected=$1
    shift
    "$@"
    status=$?
    [ $status -eq "$expected" ] || { echo "status $status" && return 1; }
}

# says TEXT: whether the file has a line that matches the extended regular expression, and no other.
says_only() {
    cat "$2"
    [ "$(wc -l <"$2")" -eq 1 ] && grep -q -E "$1" "$2"
}
