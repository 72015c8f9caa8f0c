#!/bin/sh
# interface.sh - the interface is the same wherever it is written down: in
# mem.h and mem_debug.h, in the version script, in the manual, in the lists of pages that are
# installed and in the library that was built.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

header=$abs_srcdir/include/mem.h
debug_header=$abs_srcdir/include/mem_debug.h
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

# The declaration of the one constant, which mem_debug.h has.
debug_declaration() {
    sed -n 's/^\(extern .* Mem_[A-Za-z]*\);$/\1/p' "$debug_header"
}

# mem.h does not declare m_error, which is a macro there.
names_in_header() {
    { echo m_error && { cat "$work/declarations" && debug_declaration; } | declared_names; } | words
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
        sed -n 's/^dist_man[1-8]_MANS *+*= *//p' | sed 's|man/||g' | words
}

# The types and constants of mem.h, without macros that serve the header alone, and without BF, WF
# and FF: too short for names of pages in the manual of a whole system.
other_names_in_header() {
    sed -n -e 's/^#define \([A-Za-z_]*\).*/\1/p' -e 's/^struct \(Mem_[A-Za-z]*\) {/\1/p' \
        -e 's/.*typedef .*[ *]\([A-Za-z_]*\);.*/\1/p' "$header" "$debug_header" |
        grep -v -x -e MEM_H -e MEM_DEBUG_H -e MEM_EXTENSION -e MEM_USE_RESULT -e MEM_SHORT_NAMES -e '[BWF]F' -e m_error
}

# The page that each name opens, as lines of a name and a file.
titles() {
    while read -r page; do
        names_of_page "$abs_srcdir/man/$page" | sed "s/\$/ $page/"
    done <"$work/pages"
}

# man ignores case: MEM_VERSION opens the page of Mem_Version.
as_man_sees_them() {
    tr '[:upper:]' '[:lower:]' | sort -u
}

# The names on the pages, but for those of the headers, the library, the module and the tools: mem.h
# does not define them.
names_in_manual() {
    sed 's/ .*//' "$work/titles" | grep -v -x -e libmem -e libmem-gdb -e libmem-malloc -e 'mem\.h' \
        -e 'mem\.hpp' -e 'mem_debug\.h' -e mem-replay -e mem-run
}

# The names of ours that the pages refer to; the others are the system's.
references() {
    sed -n -e 's/^\.BR \([^ ]*\) ([1-8]).*/\1/p' -e 's/^\.RB ( \([^ ]*\) ([1-8]).*/\1/p' \
        "$abs_srcdir"/man/*.[1-8] | sed 's/[\]//g' |
        grep -e '^Mem_' -e '^m_error$' -e '^libmem$' -e '^mem[-.]' | sort -u
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

# has_title NAME PAGE: whether the page names itself first.
has_title() {
    sed -n '/^\.SH NAME/{n;p;}' "$2" | grep "^$1[, ].*\\\\- "
}

each_name_has_one_page() {
    ! sed 's/ .*\./ /' "$work/titles" | sort | uniq -d | grep .
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

# includes ALL SOME: whether each line of a sorted file is in another; there are some.
includes() {
    comm -13 "$1" "$2" | sed 's/^/missing: /'
    [ -s "$2" ] && [ -z "$(comm -13 "$1" "$2")" ]
}

# has_error NAME VALUE PAGE
has_error() {
    grep -F ".BR $1 \" ($2)\"" "$3"
}

# The checks

check_names() {
    check "the map has the one node LIBMEM_0, and keeps all other names local" map_is_closed
    check "the headers and the map have the same names" same_lines "$work/mem.h" "$work/libmem.map"
    check "each name of the headers opens a page, and each page has names of theirs" \
        same_lines "$work/public" "$work/manual"
    check "no name stands in two pages of a section" each_name_has_one_page
    check "mem.h opens the overview, libmem.3" grep -F -x "mem.h libmem.3" "$work/titles"
    check "each page is on an install list, and each page on them is there" \
        same_lines "$work/pages" "$work/Makefile.am"
    check "the pages refer to names that open one" includes "$work/names" "$work/references"
}

check_synopses() {
    while read -r declaration; do
        name=$(echo "$declaration" | declared_names)
        for page in "$(sed -n "s/^$name //p" "$work/titles")" libmem.3; do
            check "$page: the synopsis has $name as mem.h declares it" \
                in_synopsis "$declaration" "$abs_srcdir/man/$page"
        done
    done <"$work/declarations"
}

check_debug_synopsis() {
    check "Mem_DebugLayout.3: the synopsis has it as mem_debug.h declares it" \
        in_synopsis "$(debug_declaration)" "$abs_srcdir/man/Mem_DebugLayout.3"
}

check_titles() {
    while read -r page; do
        check "$page: its name comes first" has_title "${page%.*}" "$abs_srcdir/man/$page"
    done <"$work/pages"
}

check_errors() {
    sed -n 's/^#define \(E_[A-Z_]*\)  *\([0-9]*\) .*/\1 \2/p' "$header" >"$work/errors"
    check "mem.h defines errors" test -s "$work/errors"
    while read -r name value; do
        check "m_error.3: $name is $value" has_error "$name" "$value" "$abs_srcdir/man/m_error.3"
    done <"$work/errors"
}

check_exports() {
    if [ ! -f "$shared" ]; then
        skip "the headers and libmem.so have the same names" "no shared library was built"
        return
    fi
    names_exported >"$work/libmem.so"
    check "the headers and libmem.so have the same names" same_lines "$work/mem.h" "$work/libmem.so"
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
titles >"$work/titles"
{ cat "$work/mem.h" && other_names_in_header; } | as_man_sees_them >"$work/public"
names_in_manual | as_man_sees_them >"$work/manual"
sed 's/ .*//' "$work/titles" | sort >"$work/names"
references >"$work/references"

check_names
check_synopses
check_debug_synopsis
check_titles
check_errors
check_exports
finish
