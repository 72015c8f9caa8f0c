#!/bin/sh
# interface.sh - the interface is the same wherever it is written down: in
# mem.h, in the version script, in the manual, in the list of pages that are
# installed and in the library that was built.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/harness.sh"

header=$abs_srcdir/include/mem.h
shared=$abs_builddir/.libs/libmem.so

# The places, each as sorted names

# The declarations of mem.h, a line each and without needless blanks.
declarations() {
    $CC -E -P -DMEM_NO_SHORT_NAMES '-D__attribute__(list)=' "$header" | tr '\n;' ' \n' | tr -s ' ' |
        sed -n '/Mem_[A-Za-z]* *(/{s/ *\([*(),]\) */\1/g;s/^ *//;s/ *$//;p;}'
}

# The names that the declarations of the input declare.
declared_names() {
    sed 's/(.*//; s/.*[ *]//'
}

# A declaration of m_error is not in mem.h, where a macro has this name.
names_in_header() {
    { echo m_error && declared_names <"$work/declarations"; } | words
}

names_in_map() {
    sed -n '/global:/,/local:/p' "$abs_srcdir/src/libmem.map" |
        sed 's|/\*.*\*/||; s/#.*//; s/[a-z]*://; s/;/ /g' | words
}

pages() {
    (cd "$abs_srcdir/man" && echo ./*.[1-8]) | sed 's|\./||g' | words
}

pages_installed() {
    sed -e ':join' -e '/\\$/{N;s/\\\n/ /;b join' -e '}' "$abs_srcdir/Makefile.am" |
        sed -n 's/^dist_man_MANS *+*= *//p' | sed 's|man/||g' | words
}

# libmem.3 is the overview, and mem.hpp.3 is of a header: of no symbol.
names_in_manual() {
    sed -n '/^libmem\.3$/d; /^mem\.hpp\.3$/d; s/\.3$//p' "$work/pages"
}

# Some versions of nm list the version as a symbol and append it to the others.
names_exported() {
    $NM -D --defined-only "$shared" | sed 's/.* //; s/@.*//; /^LIBMEM_0$/d' | words
}

# Conditions

map_is_closed() {
    tr -d '[:space:]' <"$abs_srcdir/src/libmem.map" |
        grep '^LIBMEM_0{global:[A-Za-z_;]*local:\*;};'
}

all_have_the_version() {
    ! $NM -D --defined-only "$shared" | grep -v -e '@@LIBMEM_0$' -e ' A LIBMEM_0$'
}

# has_title NAME PAGE
has_title() {
    sed -n '/^\.SH NAME/{n;p;}' "$2" | grep "^$1 \\\\- "
}

# in_synopsis DECLARATION PAGE: whether it stands there as in mem.h, blanks apart.
in_synopsis() {
    sed -n '/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/s/^\.BI* //p' "$2" |
        tr -d '" ' >"$work/synopsis"
    printf '%s;\n' "$1" | tr -d ' ' >"$work/declaration"
    grep -q -F -x -f "$work/declaration" "$work/synopsis" && return
    echo "declared:" && cat "$work/declaration"
    echo "in the synopsis:" && cat "$work/synopsis"
    return 1
}

# has_error NAME VALUE PAGE
has_error() {
    grep -F ".BR $1 \" ($2)\"" "$3"
}

# The checks

check_names() {
    check "the map has the one node LIBMEM_0, and keeps all other names local" map_is_closed
    check "mem.h and the map have the same names" same_lines "$work/mem.h" "$work/libmem.map"
    check "each name has a page, and each page a name" same_lines "$work/mem.h" "$work/manual"
    check "there is an overview, libmem.3" grep -F -x libmem.3 "$work/pages"
    check "each page is on the install list, and each page on it is there" \
        same_lines "$work/pages" "$work/Makefile.am"
}

check_synopses() {
    while read -r declaration; do
        name=$(echo "$declaration" | declared_names)
        for page in "$name" libmem; do
            check "$page.3: the synopsis has $name as mem.h declares it" \
                in_synopsis "$declaration" "$abs_srcdir/man/$page.3"
        done
    done <"$work/declarations"
}

check_titles() {
    sed -n 's/\.3$//p' "$work/pages" >"$work/titles"
    while read -r name; do
        check "$name.3: its name is $name" has_title "$name" "$abs_srcdir/man/$name.3"
    done <"$work/titles"
}

check_errors() {
    sed -n 's/^#define \(E_[A-Z_]*\)  *\([0-9]*\) .*/\1 \2/p' "$header" >"$work/errors"
    check "mem.h defines errors" test -s "$work/errors"
    while read -r name value; do
        for page in libmem m_error; do
            check "$page.3: $name is $value" has_error "$name" "$value" "$abs_srcdir/man/$page.3"
        done
    done <"$work/errors"
}

check_exports() {
    if [ ! -f "$shared" ]; then
        skip "mem.h and libmem.so have the same names" "no shared library was built"
        return
    fi
    names_exported >"$work/libmem.so"
    check "mem.h and libmem.so have the same names" same_lines "$work/mem.h" "$work/libmem.so"
    if $NM -D "$shared" | grep -q '@'; then
        check "libmem.so gives each name the version LIBMEM_0" all_have_the_version
    else
        skip "libmem.so gives each name the version LIBMEM_0" "$NM shows no versions"
    fi
}

declarations >"$work/declarations"
names_in_header >"$work/mem.h"
names_in_map >"$work/libmem.map"
pages >"$work/pages"
pages_installed >"$work/Makefile.am"
names_in_manual >"$work/manual"

check_names
check_synopses
check_titles
check_errors
check_exports
finish
