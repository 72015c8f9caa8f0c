#!/bin/sh
# header.sh - mem.h compiles alone in C and C++, mem.hpp in C++17, and what they define has the
# values and the types that programs written for this interface rely on.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

strict="-fsyntax-only -pedantic -Wall -Wextra -Wundef -Werror -I$abs_srcdir/include"

# A compiler for C++ that works.
find_cxx() {
    echo 'int main() { return 0; }' >"$work/probe.cc"
    for CXX in "${CXX:-c++}" g++ clang++; do
        $CXX -fsyntax-only "$work/probe.cc" 2>/dev/null && return
    done
    return 1
}

# compiles_alone STANDARD FILE COMPILER [HEADER]: twice over, with and without the short names.
compiles_alone() {
    alone=${4:-mem.h}
    printf '#include <%s>\n#include <%s>\n' "$alone" "$alone" >"$2"
    for option in -UMEM_NO_SHORT_NAMES -DMEM_NO_SHORT_NAMES; do
        check "$alone compiles alone with -std=$1 $option" \
            silent $3 -std="$1" $strict $option "$2"
    done
}

# mem.hpp says so when the standard is too old for it.
refuses_old_standard() {
    printf '#include <mem.hpp>\n' >"$work/old.cc"
    ! $CXX -std=c++14 $strict "$work/old.cc" >"$work/refused" 2>&1 &&
        grep -F 'mem.hpp is for C++17' "$work/refused"
}

# mem.hpp neither defines the short names nor takes them away: a program that includes mem.h too has
# them, in either order. And the program may keep the name mem for itself.
check_names_of_hpp() {
    flags="-std=c++17 $strict"
    printf '%s\n' '#include <mem.hpp>' 'int m_error, BF, WF, FF;' >"$work/none.cc"
    check "mem.hpp leaves the short names to the program" silent $CXX $flags "$work/none.cc"
    printf '%s\n' '#include <mem.h>' '#include <mem.hpp>' 'int f() { return m_error + FF; }' \
        >"$work/before.cc"
    check "mem.h before mem.hpp has its short names" silent $CXX $flags \
        -Wno-missing-declarations "$work/before.cc"
    printf '%s\n' '#include <mem.hpp>' '#include <mem.h>' 'int f() { return m_error + FF; }' \
        >"$work/after.cc"
    check "mem.h after mem.hpp has its short names" silent $CXX $flags "$work/after.cc"
    printf '%s\n' 'int mem;' '#define MEM_NO_NAMESPACE_MEM' '#include <mem.hpp>' \
        'libmem::region *r;' >"$work/mem.cc"
    check "a program may have a mem of its own" silent $CXX $flags "$work/mem.cc"
    printf '%s\n' '#include <mem.hpp>' 'mem::region *r;' >"$work/alias.cc"
    check "namespace mem is another name of libmem" silent $CXX $flags "$work/alias.cc"
}

# warns_of_dropped CALL: whether the compiler warns if the result of CALL is dropped.
warns_of_dropped() {
    printf '%s\n' '#include <mem.h>' 'void f(void *p, Mem_Region *r);' \
        "void f(void *p, Mem_Region *r) { (void)p; (void)r; $1; }" >"$work/dropped.c"
    ! $CC -std=c11 -Wall -Werror -c -I"$abs_srcdir/include" -o "$work/dropped.o" \
        "$work/dropped.c" >"$work/warned" 2>&1 &&
        grep -e 'unused.result' "$work/warned"
}

# The result of a free may be dropped, and mem.h tells compilers nothing of sizes and addresses.
check_results() {
    for call in 'Mem_Realloc(p, 1, FF)' 'Mem_RegionRealloc(r, p, 1, FF)'; do
        check "the compiler warns where $call is dropped" warns_of_dropped "$call"
    done
    printf '%s\n' '#include <mem.h>' 'int f(void);' 'int f(void) { char *p = Mem_Alloc(-1, FF);' \
        'Mem_Init(0); p = Mem_Alloc(100, FF); Mem_Alloc(0, WF); p[111] = 1; Mem_Free(p);' \
        'Mem_Free(0); return Mem_Free(p) + (Mem_Alloc(5, BF) == p); }' >"$work/free.c"
    check "no other result, size or address is judged by the compiler" silent \
        $CC -std=c11 -O2 -Wall -Wextra -Werror -c -I"$abs_srcdir/include" -o "$work/free.o" \
        "$work/free.c"
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
    compiles_alone c89 "$work/alone.c" "$CC"
    compiles_alone c99 "$work/alone.c" "$CC"
    compiles_alone c11 "$work/alone.c" "$CC"
    compiles_alone c17 "$work/alone.c" "$CC"
    compiles_alone c99 "$work/alone.c" "$CC" mem_debug.h
    if ! find_cxx; then
        skip "mem.h compiles as C++" "no compiler for it"
        return
    fi
    compiles_alone c++98 "$work/alone.cc" "$CXX"
    compiles_alone c++11 "$work/alone.cc" "$CXX"
    compiles_alone c++17 "$work/alone.cc" "$CXX"
    compiles_alone c++11 "$work/alone.cc" "$CXX" mem_debug.h
    if $CXX -std=c++17 -include memory_resource -fsyntax-only "$work/probe.cc" 2>/dev/null; then
        compiles_alone c++17 "$work/alone.cc" "$CXX" mem.hpp
        check "mem.hpp compiles without run-time type information" \
            silent $CXX -std=c++17 -fno-rtti $strict "$work/alone.cc"
        check "mem.hpp compiles without exceptions" \
            silent $CXX -std=c++17 -fno-exceptions $strict "$work/alone.cc"
        check "mem.hpp asks for C++17" refuses_old_standard
        check_names_of_hpp
    else
        skip "mem.hpp compiles as C++17" "$CXX lacks it"
    fi
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
    has_value E_NO_MEMORY 6
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
    has_type '&Mem_Version' 'const char *(*)(void)'
    has_type '&Mem_Calloc' 'void *(*)(int, int, int)'
    has_type '&Mem_Realloc' 'void *(*)(void *, int, int)'
    has_type '&Mem_AlignedAlloc' 'void *(*)(int, int, int)'
    has_type '&Mem_Size' 'int (*)(const void *)'
    has_type '&Mem_GetStats' 'int (*)(struct Mem_Stats *)'
    has_type '&Mem_Walk' 'int (*)(int (*)(const struct Mem_Block *, void *), void *)'
    has_type '&Mem_Trim' 'size_t (*)(void)'
    has_type '&Mem_DefaultRegion' 'Mem_Region *(*)(void)'
    has_type '&Mem_RegionCreate' 'Mem_Region *(*)(size_t)'
    has_type '&Mem_RegionPlace' 'Mem_Region *(*)(void *, size_t)'
    has_type '&Mem_RegionDestroy' 'int (*)(Mem_Region *)'
    has_type '&Mem_RegionAlloc' 'void *(*)(Mem_Region *, size_t, int)'
    has_type '&Mem_RegionCalloc' 'void *(*)(Mem_Region *, size_t, size_t, int)'
    has_type '&Mem_RegionRealloc' 'void *(*)(Mem_Region *, void *, size_t, int)'
    has_type '&Mem_RegionAlignedAlloc' 'void *(*)(Mem_Region *, size_t, size_t, int)'
    has_type '&Mem_RegionFree' 'int (*)(Mem_Region *, void *)'
    has_type '&Mem_RegionSize' 'size_t (*)(Mem_Region *, const void *)'
    has_type '&Mem_RegionFreeList' 'MemNodePtr (*)(Mem_Region *)'
    has_type '&Mem_RegionGetStats' 'int (*)(Mem_Region *, struct Mem_Stats *)'
    has_type '&Mem_RegionWalk' \
        'int (*)(Mem_Region *, int (*)(const struct Mem_Block *, void *), void *)'
    has_type '&Mem_RegionCheck' 'int (*)(Mem_Region *)'
    has_type '&Mem_RegionDump' 'void (*)(Mem_Region *)'
    has_type '&Mem_RegionTrim' 'size_t (*)(Mem_Region *)'
    has_type '(Mem_Region *)0' 'struct Mem_Region *'
    for field in region_bytes index_bytes live_bytes live_blocks peak_live_bytes free_bytes \
        free_chunks largest_free; do
        has_type "&((struct Mem_Stats *)0)->$field" 'size_t *'
    done
    for field in allocations frees refused bad_frees; do
        has_type "&((struct Mem_Stats *)0)->$field" 'unsigned long long *'
    done
    has_type '&((struct Mem_Stats *)0)->reserved' 'unsigned long long (*)[8]'
    has_type '&((struct Mem_Block *)0)->address' 'void **'
    has_type '&((struct Mem_Block *)0)->size' 'size_t *'
    has_type '&((struct Mem_Block *)0)->live' '_Bool *'
    holds "a struct Mem_Stats has nothing but these" \
        'struct like { size_t sizes[8]; unsigned long long counts[12]; };' \
        '_Static_assert(sizeof(struct Mem_Stats) == sizeof(struct like), "");'
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

# is_left_out NAME: whether MEM_NO_SHORT_NAMES keeps mem.h from defining it.
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
check_results
check_constants
check_types
check_short_names
check_versions
finish
