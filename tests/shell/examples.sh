#!/bin/sh
# examples.sh - each program in examples/ compiles by the line in its header, without a warning, and
# prints what its header promises.
#
# With the folder named in $examples, `make installcheck` runs it for those that were installed;
# then the environment leads pkg-config and the programs to the installed library.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

# Makes pkg-config find the library of the build, as if it were installed.
use_build() {
    examples=$abs_srcdir/examples
    cat >"$work/libmem.pc" <<END
Name: libmem
Description: the library of this build
Version: ${VERSION:-0}
Cflags: -I$abs_srcdir/include
Libs: -L$abs_builddir/.libs -lmem -lpthread
END
    PKG_CONFIG_PATH=$work${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
    LD_LIBRARY_PATH=$abs_builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export PKG_CONFIG_PATH LD_LIBRARY_PATH
}

# section TITLE FILE: what stands indented under that title in the header comment.
section() {
    awk -v title="$1" '
        /^ \*\/$/ { exit }
        /^ \* [^ ]/ { inside = index($0, " * " title) == 1 }
        inside && sub(/^ \*     /, "")' "$2"
}

# words_of_line PATTERN: the words of the compile line that match.
words_of_line() {
    echo "$line" | tr ' ' '\n' | grep -e "$1"
}

# What pkg-config says; nothing for a program that needs no package.
flags() {
    [ -z "$packages" ] || $PKG_CONFIG "$@" $packages
}

# Each source by itself, without the user's flags, which may ask for more than an example can promise.
compiles_without_warning() {
    strict="$(words_of_line '^-std=') $(flags --cflags)" || return
    # shellcheck disable=SC2034 # the eval uses it
    for source in $(words_of_line '\.cc*$'); do
        eval "silent $compiler -O2 -Wall -Wextra -Werror $strict"' -c -o "$work/strict.o" "$source"' ||
            return
    done
}

# Runs the line itself, with this build's tools and the user's flags. The output of pkg-config is
# inserted before the eval, because it has backslashes before non-ASCII letters.
compiles() {
    found=$(flags --cflags --libs) || return
    before=${line%"\$(pkg-config --cflags --libs $packages)"}
    [ -z "$packages" ] || [ "$before" != "$line" ] || return
    eval '$compiler $CFLAGS $LDFLAGS '"${before#* } $found"
}

# Addresses differ from run to run.
prints_what_it_promises() {
    section Prints "$1" | sed 's/0x[0-9a-f]*/ADDRESS/' >"$work/promised"
    "./$2" >"$work/printed" || return
    sed 's/0x[0-9a-f]*/ADDRESS/' "$work/printed" | diff "$work/promised" - && [ -s "$work/promised" ]
}

# Whether pages have the size for which the header promises an output, if it names one.
has_its_pages() {
    ! section 'Prints, where a page has 4 KiB' "$1" | grep . >"$work/output" ||
        [ "$(getconf PAGESIZE)" = 4096 ]
}

# check_program NAME FILE, in the folder of the file.
check_program() {
    line=$(section Compile "$2")
    packages=$(echo "$line" | sed -n 's/.*--libs \(.*\))$/\1/p')
    program=$(echo "$line" | sed -n 's/.* -o \([a-z]*\) .*/\1/p')
    case $line in
    "c++ "*) compiler=$CXX ;;
    *) compiler=$CC ;;
    esac
    if [ -z "$line" ]; then
        check "$1 tells how it is compiled" false
    elif [ -n "$packages" ] && ! $PKG_CONFIG --exists $packages; then
        skip "$1" "$PKG_CONFIG does not find $packages"
    elif [ "$compiler" = "$CXX" ] && ! $CXX -std=c++17 -fsyntax-only "$work/probe.cc" 2>/dev/null; then
        skip "$1" "$CXX does not compile C++17"
    else
        check "$1 compiles without a warning" compiles_without_warning
        check "$1 compiles as its header says" compiles
        has_its_pages "$2" || { skip "what $1 prints" "pages have another size" && return; }
        check "$1 prints what its header promises" prints_what_it_promises "$2" "$program"
    fi
}

is_listed() {
    grep -F "| [$1]($1) |" "$examples/README.md"
}

[ -n "${examples:-}" ] || use_build
echo '#include <memory_resource>' >"$work/probe.cc"
cp -R "$examples" "$work/examples" && chmod -R u+w "$work/examples" || exit
cd "$work/examples" || exit
find . -name '*.c*' -exec grep -l 'main(' {} + | sed 's|^\./||' | sort >"$work/programs"
while read -r name; do
    cd "$work/examples/$(dirname "$name")" || exit
    check_program "$name" "$(basename "$name")"
    check "examples/README.md lists $name" is_listed "$name"
done <"$work/programs"
finish
