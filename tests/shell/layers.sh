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
layers='malloc calls region index system'

# Those that come before a layer, as a pattern: "(calls|region)".
above() {
    names=
    for layer in $layers; do
        [ "$layer" != "$1" ] || break
        names=$names${names:+|}$layer
    done
    echo "($names)"
}

# finds_nothing PATTERN FOLDER...: shows the lines that match, of which there should be none. Fails
# as well if there are no files to search.
finds_nothing() {
    pattern=$1
    shift
    for folder in "$@"; do
        [ -n "$(find "$folder" -name '*.[ch]')" ] || return
        ! grep -En "$pattern" "$folder"/*.[ch] || return
    done
}

include='#[[:space:]]*include[[:space:]]*["<]'

# A file is included with its folder, so that its layer can be seen, and from a layer. (configure
# makes config.h.)
includes_by_folder() {
    finds_nothing "$include(\./|\.\./)" "$1" &&
        ! grep -Ehn "$include" "$1"/*.[ch] | grep '"' | grep -Ev "\"(config|($(echo "$layers" | tr ' ' '|'))/[a-z_]*)\.h\""
}

# The members of the structures that are the index's own, and the variables by which they are reached.
members() {
    for structure in mem_index mem_map mem_segment mem_maxima mem_current mem_floors mem_around mem_fit mem_spot; do
        sed -n "/^struct $structure {/,/^};/p" index/*.h
    done | sed -n 's/^ .* \**\([a-z_]*\);.*/\1/p' | sort -u
}
variables='(index|\(\*index\)|fit|spot|around)'

names_no_member() {
    names=$(members | tr '\n' '|')
    [ -n "$names" ] &&
        finds_nothing "$variables(\.|->)(${names%|})\b" malloc calls region system
}

# Variables of the index's types have the names that names_no_member looks for.
has_no_alias() {
    ! grep -En 'struct mem_(index|fit|spot|around) (\* ?)?(const )?[a-z_]+\b' malloc/*.[ch] calls/*.[ch] region/*.[ch] system/*.[ch] |
        grep -Ev 'struct mem_(index \*?(const )?index|fit fit|spot spot|around around)\b'
}

# The layers above name neither the index's inner structures nor their functions.
names_nothing_inside() {
    inside='\bstruct mem_(map|segment|maxima|current|floors|order|apart|sets|tries|node)\b'
    inside=$inside'|\bmem_(map|maxima|sizes|floors|order|sets|tries|bits|lanes[0-9]*)_[a-z]'
    finds_nothing "$inside" malloc calls region
}

for layer in $layers; do
    check "$layer includes by folder" includes_by_folder "$layer"
done
for layer in ${layers#* }; do
    check "$layer includes nothing of a layer above" \
        finds_nothing "$include$(above "$layer")/" "$layer"
done
check 'outside of the index, no member of its structures is named' names_no_member
check 'outside of the index, its structures go by one name each' has_no_alias
check 'outside of the index, nothing within it is named' names_nothing_inside
finish
