#!/bin/sh
# header.sh - mem.h compiles alone in C and C++, and what it defines has the
# values and the types that programs written for this interface rely on.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/harness.sh"

strict="-fsyntax-only -pedantic -Wall -Wextra -Wundef -Werror -I$abs_srcdir/include"

# A compiler for C++ that works.
find_cxx() {
    echo 'int main() { return 0; }' >"$work/probe.cc"
    for CXX in "${CXX:-c++}" g++ clang++; do
        $CXX -fsyntax-only "$work/probe.cc" 2>/dev/null && return
    done
    return 1
}

# compiles_alone STANDARD FILE COMPILER: twice over, with and without the short names.
compiles_alone() {
    printf '#include <mem.h>\n#include <mem.h>\n' >"$2"
    for option in -UMEM_NO_SHORT_NAMES -DMEM_NO_SHORT_NAMES; do
        check "mem.h compiles alone with -std=$1 $option" \
            silent $3 -std="$1" $strict $option "$2"
    done
}

# holds WHAT LINE...: WHAT is so if the compiler accepts these lines after mem.h.
holds() {
    what=$1
    shift
    printf '%s\n' '#include <stddef.h>' '#include <mem.h>' "$@" >"$work/holds.c"
    check "$what" silent $CC -std=c11 $strict "$work/holds.c"
}

has_value() {
    holds "$1 is $2" "_Static_assert($1 == $2, \"\");"
}

# has_type EXPRESSION TYPE: the very type, without conversion.
has_type() {
    holds "$1 has type $2" "_Static_assert(_Generic(($1), $2: 1, default: 0), \"\");"
}

check_languages() {
    compiles_alone c11 "$work/alone.c" "$CC"
    compiles_alone c17 "$work/alone.c" "$CC"
    if ! find_cxx; then
        skip "mem.h compiles as C++" "no compiler for it"
        return
    fi
    compiles_alone c++98 "$work/alone.cc" "$CXX"
    compiles_alone c++11 "$work/alone.cc" "$CXX"
    compiles_alone c++17 "$work/alone.cc" "$CXX"
}

check_constants() {
    has_value BESTFIT 0
    has_value WORSTFIT 1
    has_value FIRSTFIT 2
    has_value BF BESTFIT
    has_value WF WORSTFIT
    has_value FF FIRSTFIT
    has_value E_NO_SPACE 1
    has_value E_CORRUPT_FREESPACE 2
    has_value E_BAD_ARGS 4
    has_value E_BAD_POINTER 5
}

check_types() {
    has_type '&Mem_Init' 'int (*)(int)'
    has_type '&Mem_Alloc' 'void *(*)(int, int)'
    has_type '&Mem_Free' 'int (*)(void *)'
    has_type '&Mem_Dump' 'void (*)(void)'
    has_type '&Mem_FreeList' 'MemNodePtr (*)(void)'
    has_type '&Mem_Check' 'int (*)(void)'
    has_type '&Mem_StrError' 'const char *(*)(int)'
    has_type '&Mem_ErrorLocation' 'int *(*)(void)'
    has_type '&m_error' 'int *'
    has_type '(MemNodePtr)0' 'struct __list_t *'
    has_type '&((MemNodePtr)0)->size' 'int *'
    has_type '&((MemNodePtr)0)->type' '_Bool *'
    has_type '&((MemNodePtr)0)->next' 'struct __list_t **'
    holds "a node has size, type and next, in this order and alone" \
        'struct like { int size; _Bool type; struct like *next; };' \
        '_Static_assert(offsetof(struct __list_t, size) == offsetof(struct like, size), "");' \
        '_Static_assert(offsetof(struct __list_t, type) == offsetof(struct like, type), "");' \
        '_Static_assert(offsetof(struct __list_t, next) == offsetof(struct like, next), "");' \
        '_Static_assert(sizeof(struct __list_t) == sizeof(struct like), "");'
}

# is_left_out NAME: that mem.h does not define it with MEM_NO_SHORT_NAMES.
is_left_out() {
    printf '%s\n' '#include <mem.h>' "#ifdef $1" '#error' '#endif' >"$work/short.c"
    silent $CC -std=c11 $strict -DMEM_NO_SHORT_NAMES "$work/short.c"
}

check_short_names() {
    for name in BF WF FF m_error; do
        holds "$name is a macro" "#ifndef $name" '#error' '#endif'
        check "$name is left out with MEM_NO_SHORT_NAMES" is_left_out "$name"
    done
}

check_versions() {
    if [ -z "${VERSION:-}" ]; then
        skip "mem.h has the version of the package" "VERSION is not set"
        return
    fi
    numbers=$(echo "$VERSION" | sed 's/^\([0-9]*\.[0-9]*\.[0-9]*\).*/\1/; s/\./, /g')
    check "MEM_VERSION_STRING is $VERSION" \
        grep -F -x "#define MEM_VERSION_STRING \"$VERSION\"" "$abs_srcdir/include/mem.h"
    has_value MEM_VERSION_MAJOR "${numbers%%,*}"
    has_value MEM_VERSION_MINOR "$(echo "$numbers" | cut -d' ' -f2 | tr -d ,)"
    has_value MEM_VERSION_PATCH "${numbers##* }"
    has_value MEM_VERSION "MEM_MAKE_VERSION($numbers)"
    holds "#if can compare versions, and they are in order" \
        '#if MEM_MAKE_VERSION(0, 1, 99) >= MEM_MAKE_VERSION(0, 2, 0)' '#error' '#endif' \
        '#if MEM_MAKE_VERSION(0, 99, 99) >= MEM_MAKE_VERSION(1, 0, 0)' '#error' '#endif'
}

check_languages
check_constants
check_types
check_short_names
check_versions
finish
