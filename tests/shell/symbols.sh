#!/bin/sh
# symbols.sh - the libraries that were built call no allocator, cannot end the
# program, and keep nothing large in global variables.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

shared=$abs_builddir/.libs/libmem.so
archive=$abs_builddir/.libs/libmem.a

# Extended regular expressions that match whole names. stdio's functions for printing are included,
# because stdio allocates a buffer for the first line. fwrite is not: it is for streams without a
# descriptor, and test_system.c checks that no other is written to.
allocators='(__libc_)?(malloc|calloc|realloc|reallocarray|free|cfree|memalign|valloc|pvalloc)'
allocators="$allocators|aligned_alloc|posix_memalign|(__)?(strn?dup|v?asprintf|getline)"
printers='(__)?v?f?printf(_chk)?|f?puts|f?putc|putchar|perror'
enders='_?exit|_Exit|quick_exit|abort|raise|v?errx?|__assert.*'

# The functions that a library calls and, shared, does not define.
calls() {
    $NM -u $2 "$1" | sed -n 's/^ *[Uw] //p' | sed 's/@.*//' | words | uniq
}

# calls_none NAMES: whether none of those that the library calls matches.
calls_none() {
    [ -s "$work/calls" ] && ! grep -x -E "$1" "$work/calls"
}

# Whether no variable is found by a call that may allocate it. (thread.h: glibc alone lets a library
# that was opened late do without.)
is_static_tls() {
    ! grep -x '___*tls_get_addr' "$work/calls" || ! echo '#include <features.h>' |
        $CC -E -dM - | grep -q __GLIBC__
}

# The variables of more than 128 bytes, which is 80 in nm's hexadecimal digits.
# The type of a symbol, b, c, d, g, s or v, says that it is a variable.
large_variables() {
    $NM -S "$1" | awk 'NF == 4 && $3 ~ /^[bcdgsvBCDGSV]$/ {
        sub(/^0*/, "", $2)
        if (length($2) > 2 || (length($2) == 2 && $2 "" > "80"))
            print $4 " has 0x" $2 " bytes"
    }'
}

has_no_large_variable() {
    ! large_variables "$1" | grep .
}

# why_not FILE: a reason to leave this library alone, if there is one. It may be
# stripped, or hold the code of link-time optimization, which nm cannot read.
# Sanitizers and coverage bring calls and counters of their own; the library itself
# refers to some functions of theirs weakly.
why_not() {
    $NM "$1" >"$work/symbols" 2>&1
    if [ ! -f "$1" ]; then
        echo "not built"
    elif ! grep -q ' [BCDGSV] m_error' "$work/symbols"; then
        echo "$NM shows no variables"
    elif grep -q -E ' [^w] __([a-z]*san|gcov|llvm_prof|sanitizer)_' "$work/symbols"; then
        echo "built with instruments"
    fi
}

# The assertions of --enable-debug do end the program.
is_debug_build() {
    grep '^#define MEM_DEBUG' "$abs_builddir/config.h" >/dev/null 2>&1
}

# check_library FILE OPTION: with OPTION, nm shows the symbols that a linker sees.
check_library() {
    name=$(basename "$1")
    reason=$(why_not "$1")
    if [ -n "$reason" ]; then
        skip "$name calls and keeps only what it may" "$reason"
        return
    fi
    calls "$1" "$2" >"$work/calls"
    check "$name: calls no allocator" calls_none "$allocators"
    check "$name: prints through no stream of stdio" calls_none "$printers"
    if is_debug_build; then
        skip "$name: cannot end the program" "assertions are compiled in"
    else
        check "$name: cannot end the program" calls_none "$enders"
    fi
    check "$name: has thread-local variables that libc need not allocate" is_static_tls
    check "$name: has no variable of more than 128 bytes" has_no_large_variable "$1"
}

check_library "$shared" -D
check_library "$archive" ''
finish
