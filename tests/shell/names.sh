#!/bin/sh
# names.sh - a program that is linked with libmem.a may use every name but those of mem.h and
# those with the library's prefix, as src/system/names.h sets it.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

archive=$abs_builddir/.libs/libmem.a
header=$abs_srcdir/src/system/names.h
prefix=$(sed -n 's/^#define MEM_PRIVATE(name) \([a-z_]*\)##name$/\1/p' "$header")
renamed=$(sed -n 's/^#define \(mem_[a-z_]*\) MEM_PRIVATE(.*/\1/p' "$header")

# Names of the library's own: those of the map, and those with the prefix.
is_ours() {
    grep -q "^ *$1;\$" "$abs_srcdir/src/libmem.map" || case $1 in "$prefix"*) ;; *) false ;; esac
}

# globals ARCHIVE NM: the names that it gives to a linker. (Compilers, sanitizers and
# coverage have their own, which begin with two underscores or have a dot.)
# shellcheck disable=SC2086 # configure may find a command with options
globals() {
    $2 -g "$1" 2>/dev/null | awk 'NF == 3 && $2 ~ /^[A-TV-Z]$/ {print $3}' | grep -v -e '^__' -e '\.'
}

# only_our_names ARCHIVE NM: whether there are some, and all are the library's own.
only_our_names() {
    globals "$1" "$2" | sort -u >"$work/globals"
    [ -s "$work/globals" ] || return 1
    while read -r name; do
        is_ours "$name" || echo "$name is neither in libmem.map nor in names.h"
    done <"$work/globals" >"$work/foreign"
    cat "$work/foreign"
    [ ! -s "$work/foreign" ]
}

# The debug build alone has valid.c.
no_name_is_stale() {
    for name in $renamed; do
        case $name in mem_valid_*) continue ;; esac
        grep -q -x "$prefix${name#mem_}" "$work/globals" || echo "$name is in names.h alone"
    done >"$work/stale"
    cat "$work/stale"
    [ ! -s "$work/stale" ]
}

# A program with a function of each name that the library's sources have. It uses every layer, and
# its exit status tells whether a function of its own was called.
write_program() {
    echo 'static int calls;'
    for name in $renamed; do
        echo "int $name(void); int $name(void) { calls++; return 0; }"
    done
    cat <<'END'
#include <mem.h>
#include <string.h>
#include <unistd.h>
static char memory[8192];
static int use(Mem_Region *region) {
    char *a = Mem_RegionAlloc(region, 100, FIRSTFIT), *b = Mem_RegionAlloc(region, 100, WORSTFIT);
    char *c = Mem_RegionAlignedAlloc(region, 64, 10, BESTFIT);
    if (!a || !b || !c)
        return 1;
    memset(b, 7, 100);
    a = Mem_RegionRealloc(region, a, 1000, FIRSTFIT);
    return !a || b[99] != 7 || Mem_RegionFree(region, a) || Mem_RegionFree(region, a) != -1 ||
           Mem_RegionFree(region, c) || Mem_RegionCheck(region);
}
int main(void) {
    Mem_Region *created = Mem_RegionCreate(4096), *placed = Mem_RegionPlace(memory, sizeof memory);
    if (Mem_Init(4096) || !created || !placed)
        return 2;
    if (fork() < 0 || use(Mem_DefaultRegion()) || use(created) || use(placed))
        return 3;
    Mem_Dump();
    Mem_Trim();
    return Mem_RegionDestroy(created) || Mem_RegionDestroy(placed) || calls;
}
END
}

# runs_with ARCHIVE FLAGS: whether that program works when it is linked with the archive, and the
# library calls none of its functions.
# shellcheck disable=SC2086 # several flags
runs_with() {
    write_program >"$work/program.c"
    $CC $CFLAGS $2 -I"$abs_srcdir/include" "$work/program.c" -o "$work/program" "$1" $LDFLAGS \
        -lpthread && "$work/program" >"$work/printed"
}

# The library once more, for link-time optimization, which may move functions from file to file. The
# malloc module is none of its files.
# shellcheck disable=SC2086
build_for_lto() {
    mkdir "$work/lto"
    for source in "$abs_srcdir"/src/*/*.c; do
        case $source in */src/malloc/*) continue ;; esac
        $CC $CFLAGS -flto -O2 -DHAVE_CONFIG_H -I"$abs_builddir" -I"$abs_srcdir/include" \
            -iquote "$abs_srcdir/src" -c "$source" -o "$work/lto/$(basename "$source" .c).o" || return
    done
    "$lto_ar" rcs "$work/lto.a" "$work"/lto/*.o
}

# Sets the tools that read and write archives of such code; false without them. (gcc's own tools
# fail in a folder whose name is not ASCII.)
find_lto_tools() {
    case $("$CC" --version 2>/dev/null) in
        *clang*) lto_ar=llvm-ar lto_nm=llvm-nm ;;
        *) lto_ar=gcc-ar lto_nm=gcc-nm ;;
    esac
    echo 'int main(void) { return 0; }' >"$work/empty.c"
    have $lto_ar && have $lto_nm && $CC -flto -O2 "$work/empty.c" -o "$work/empty" 2>/dev/null
}

names="every global name is in libmem.map or has the prefix"
linked="a program may have all names of the sources"
if [ -f "$archive" ] && [ -n "$(globals "$archive" "$NM")" ]; then
    check "libmem.a: $names" only_our_names "$archive" "$NM"
    check "libmem.a: every name in names.h is there" no_name_is_stale
    check "libmem.a: $linked" runs_with "$archive" ''
else
    skip "libmem.a: $names" "not built, or $NM cannot read it"
fi
if ! find_lto_tools || ! build_for_lto >"$work/lto.log" 2>&1; then
    skip "-flto: $names" "the compiler or its tools are not there"
else
    check "-flto: $names" only_our_names "$work/lto.a" "$lto_nm"
    check "-flto: $linked" runs_with "$work/lto.a" '-flto -O2'
fi
finish
