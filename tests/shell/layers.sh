#!/bin/sh
# layers.sh - the sources keep to their layers: no file includes one of a layer above its own, and
# outside of the index nothing names what is inside of it.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/shell/harness.sh disable=SC1091
. "$abs_srcdir/tests/shell/harness.sh"

cd "$abs_srcdir/src" || exit 99

# Each may include itself and those after it.
layers='calls region index system'

# Those that come before a layer, as a pattern: "(calls|region)".
above() {
    names=
    for layer in $layers; do
        [ "$layer" != "$1" ] || break
        names=$names${names:+|}$layer
    done
    echo "($names)"
}

# Shows the lines of a layer's files that include a file of a layer above.
includes_downward() {
    ! grep -En "#include \"$(above "$1")/" "$1"/*.[ch]
}

# A name without its folder could be any file.
includes_by_folder() {
    ! grep -En '#include "[^/"]*"' "$1"/*.[ch] | grep -v '"config.h"$'
}

# The members of the structures that are the index's own: all but what its functions return.
private_structures='mem_index mem_map mem_segment mem_maxima mem_current mem_finger mem_fit mem_spot'
members() {
    for structure in $private_structures; do
        sed -n "/^struct $structure {/,/^};/p" index/*.h
    done | sed -n 's/^ .* \**\([a-z_]*\);.*/\1/p' | sort -u
}

# Shows the lines outside that name a member of the index; what else has such a member is not
# reached by way of one.
names_no_member() {
    names=$(members | tr '\n' '|')
    [ -n "$names" ] &&
        ! grep -En "\bindex(\.|->)(${names%|})\b" calls/*.[ch] region/*.[ch] system/*.[ch]
}

# Nor the structures within, nor the functions that know them.
names_nothing_inside() {
    ! grep -En '\bstruct mem_(map|segment|maxima|current|finger)\b|\bmem_(map|maxima|sizes|bits|lanes)_[a-z]' \
        calls/*.[ch] region/*.[ch] | grep -v ':#include'
}

for layer in $layers; do
    check "$layer includes by folder" includes_by_folder "$layer"
done
for layer in ${layers#* }; do
    check "$layer includes nothing of a layer above" includes_downward "$layer"
done
check 'outside of the index, no member of its structures is named' names_no_member
check 'outside of the index, none of its structures is named' names_nothing_inside
finish
