#!/bin/sh
# readme.sh - what README.md shows is what is there: its program is
# examples/first.c, its table has every function; and the links of all documents lead somewhere.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

readme=$abs_srcdir/README.md

# The block of C that is a whole program.
program() {
    awk '/^```c$/ { block = ""; inside = 1; next }
         /^```$/ { if (inside && block ~ /int main/) printf "%s", block; inside = 0 }
         inside { block = block $0 "\n" }' "$readme"
}

# All but the comment at the start.
shows_the_program() {
    sed '1,/^ \*\/$/d' "$abs_srcdir/examples/first.c" >"$work/first.c"
    program | cmp - "$work/first.c"
}

# Mem_ErrorLocation is behind the macro m_error, which the README explains; Mem_DebugLayout is no
# function.
has_every_function() {
    sed -n 's/^        \(Mem_[A-Za-z]*\);$/\1/p' "$abs_srcdir/src/libmem.map" |
        grep -v -x Mem_DebugLayout | words >"$work/names"
    [ -s "$work/names" ] || return
    while read -r name; do
        [ "$name" = Mem_ErrorLocation ] || grep -q "^| \`.*$name(" "$readme" || { echo "$name" && return 1; }
    done <"$work/names"
}

check "the program of the README is examples/first.c" shows_the_program
check "the README's table has every function" has_every_function
for document in "$abs_srcdir"/*.md "$abs_srcdir"/*/README.md; do
    check "the links of ${document#"$abs_srcdir"/} lead to files" links_lead_somewhere "$document"
done
finish
