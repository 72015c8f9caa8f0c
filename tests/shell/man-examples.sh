#!/bin/sh
# man-examples.sh - the program in the EXAMPLES section of each page of section
# 3 compiles as it stands, without a warning, and succeeds when it is run. That of
# mem.hpp.3 is in C++.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

# The program of a page as its source has it, with the escapes of roff.
source_of_example() {
    sed -n '/^\.SH EXAMPLES/,/^\.SH SEE/p' "$1" | sed -n '/^\.EX/,/^\.EE/p' | sed '/^\.E[XE]$/d'
}

has_program() {
    grep 'main(' "$1"
}

# Without the user's flags, which may ask for more than a page can promise.
compiles_without_warning() {
    silent $compiler -O2 -Wall -Wextra -Werror -I"$abs_srcdir/include" -c -o "$work/strict.o" "$1"
}

# The user's flags for C serve C++ as well: they may ask for a sanitizer, for example.
links() {
    $compiler -I"$abs_srcdir/include" $CFLAGS -c -o "$work/example.o" "$1" &&
        (cd "$abs_builddir" &&
            $LIBTOOL --tag=CC --mode=link $compiler $CFLAGS $LDFLAGS -no-install \
                -o "$work/example" "$work/example.o" libmem.la)
}

# check_page PAGE PROGRAM: by the compiler that $compiler names.
check_page() {
    name=$(basename "$1")
    rm -f "$work"/example*
    source_of_example "$1" >"$work/example.roff"
    undo_escapes <"$work/example.roff" >"$work/$2"
    check "$name: there is a program" has_program "$work/$2"
    check "$name: the program has no escape but the known ones" is_plain "$work/example.roff"
    check "$name: the program compiles without a warning" compiles_without_warning "$work/$2"
    check "$name: the program links with the library" links "$work/$2"
    check "$name: the program succeeds" "$work/example"
}

compiler="$CC -std=c11"
for page in "$abs_srcdir"/man/*.3; do
    [ "$(basename "$page")" = mem.hpp.3 ] || check_page "$page" example.c
done

compiler="${CXX:-c++} -std=c++17"
echo '#include <memory_resource>' >"$work/probe.cc"
if $compiler -fsyntax-only "$work/probe.cc" 2>/dev/null; then
    check_page "$abs_srcdir/man/mem.hpp.3" example.cc
else
    skip "mem.hpp.3: the program" "$compiler does not work"
fi
finish
