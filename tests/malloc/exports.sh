#!/bin/sh
# exports.sh - the module exports the malloc family, what debuggers look for, and nothing else, and is
# linked so that its first call can come before the program begins.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/malloc/module.sh"

map=$abs_srcdir/src/malloc/libmem-malloc.map

$NM -D --defined-only "$MODULE" | sed 's/.* //' | sort >"$work/exported"
$NM -D -u "$MODULE" | sed 's/^ *[Uw] //; s/@.*//' | sort -u >"$work/needed"
sed -n 's/^ *\([A-Za-z_0-9]*\);$/\1/p' "$map" | sort >"$work/listed"

# What the machine's libc has: musl lacks some.
is_glibc() {
    printf '#include <features.h>\n' | $CC -E -dM - | grep -q __GLIBC__
}

# Names that libc's that have no place for.
lacking() {
    is_glibc || echo cfree dlopen mallinfo mallinfo2 malloc_info malloc_stats malloc_trim mallopt \
        pvalloc __posix_memalign __libc_calloc __libc_free __libc_mallinfo __libc_malloc \
        __libc_mallopt __libc_memalign __libc_pvalloc __libc_realloc __libc_reallocarray \
        __libc_valloc
    grep -q 'HAVE_MALLINFO2 1' "$abs_builddir/config.h" || echo mallinfo2
}

exports_what_is_listed() {
    lacking | words | uniq >"$work/lacking"
    comm -23 "$work/listed" "$work/lacking" >"$work/expected"
    same_lines "$work/expected" "$work/exported"
}

needs_none() {
    [ -s "$work/needed" ] && ! grep -x -E "$1" "$work/needed"
}

has_flag() {
    readelf -d "$MODULE" | grep -E "FLAGS.*\b$1\b"
}

check 'it exports what its map lists, as far as libc has it' exports_what_is_listed
check 'it calls no other malloc' \
    needs_none '(__libc_)?(malloc|calloc|realloc|reallocarray|free|memalign|aligned_alloc|posix_memalign)'
check 'it asks no function of the environment, which programs define themselves' \
    needs_none '(secure_)?getenv'
if is_glibc; then
    check 'its thread-local variables are static' needs_none '__tls_get_addr'
fi
if have readelf; then
    check 'its symbols are bound before it runs' has_flag NOW
    check 'it stays when it is closed' has_flag NODELETE
fi
finish
