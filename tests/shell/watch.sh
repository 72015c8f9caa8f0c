#!/bin/sh
# watch.sh - AddressSanitizer and Valgrind's memcheck report each misuse of a region's
# memory at the line that did it, and nothing else; Helgrind and DRD report the races of the
# program, and none of the library.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

source=$abs_srcdir/tests/shell/misuse.c

# The misuses that both tools see.
misuses=$(sed -n '/---- Memcheck alone/q; s|.*; /\* \([a-z_]*\) \*/$|\1|p' "$source")

# Programs in which there is nothing to see.
sound="nothing place_again nested_regions use_while_asked refused_frees guarded_regions"

# Where valgrind's header was, misuse.c can use it too.
header=
if grep '^#define HAVE_VALGRIND_MEMCHECK_H 1' "$abs_builddir/config.h" >/dev/null; then
    header=-DHAVE_MEMCHECK_H
fi

# built PROGRAM OPTION: compiles misuse.c with the option, and links it with the library.
built() {
    $CC -I"$abs_srcdir/include" $CFLAGS -std=c11 -g -O0 $header $2 -c -o "$work/$1.o" "$source" &&
        (cd "$abs_builddir" &&
            $LIBTOOL --tag=CC --mode=link $CC $CFLAGS $LDFLAGS $2 -no-install \
                -o "$work/$1" "$work/$1.o" libmem.la)
}

line_of() {
    grep -n "/\* $1 \*/" "$source" | cut -d: -f1
}

# names_line MISUSE: whether the first line of the source that the tool names is that of the misuse.
names_line() {
    cat "$work/said"
    grep -m 1 -o 'misuse\.c:[0-9]*' "$work/said" | grep -x "misuse\.c:$(line_of "$1")"
}

# ---- AddressSanitizer ----

run_asan() {
    ASAN_OPTIONS=detect_leaks=0 "$work/with-asan" "$1" >"$work/said" 2>&1
}

asan_reports() {
    ! run_asan "$1" && grep 'ERROR: AddressSanitizer' "$work/said" && names_line "$1"
}

asan_is_silent() {
    run_asan "$1" || { cat "$work/said" && return 1; }
    ! grep Sanitizer "$work/said"
}

finds_no_leak() {
    ASAN_OPTIONS=detect_leaks=1 "$work/$1" "$2"
}

check_asan() {
    case $CFLAGS in
    *thread*) skip "AddressSanitizer" "another sanitizer is there" && return ;;
    esac
    if ! built with-asan -fsanitize=address >"$work/output" 2>&1; then
        skip "AddressSanitizer" "$CC cannot link with it"
        return
    fi
    for misuse in $misuses; do
        check "AddressSanitizer reports $misuse" asan_reports "$misuse"
    done
    for program in $sound; do
        check "AddressSanitizer has nothing to report of $program" asan_is_silent "$program"
    done
    check_leaks AddressSanitizer with-asan
    if built with-lsan -fsanitize=leak >"$work/output" 2>&1; then
        check_leaks LeakSanitizer with-lsan
    else
        skip "LeakSanitizer" "$CC cannot link with it"
    fi
}

# check_leaks TOOL PROGRAM: checks the search for leaks, if the system lets the tool stop the
# program.
check_leaks() {
    if finds_no_leak "$2" nothing >"$work/output" 2>&1; then
        check "$1 takes what objects lead to for reachable" finds_no_leak "$2" keep_memory_of_malloc
    else
        skip "$1 takes what objects lead to for reachable" "it cannot look for leaks"
    fi
}

# ---- memcheck ----

run_memcheck() {
    valgrind --command-line-only=yes --error-exitcode=99 --leak-check=full \
        --show-leak-kinds=definite,possible --errors-for-leak-kinds=$2 \
        "$work/plain" "$1" >"$work/said" 2>&1
}

memcheck_reports() {
    run_memcheck "$1" none
    [ $? -eq 99 ] && names_line "$1"
}

memcheck_is_silent() {
    run_memcheck "$1" definite,possible || { cat "$work/said" && return 1; }
    grep 'ERROR SUMMARY: 0 errors' "$work/said"
}

memcheck_tells_of_object() {
    run_memcheck write_after_free none
    cat "$work/said"
    grep "is 99 bytes inside a block of size 100 free'd" "$work/said"
}

memcheck_reports_leaks() {
    run_memcheck lose_objects definite
    [ $? -eq 99 ] && cat "$work/said" && grep 'definitely lost: 300 bytes in 3 blocks' "$work/said" &&
        grep 'misuse\.c:' "$work/said" && grep 'lose_objects' "$work/said"
}

memcheck_knows_what_is_kept() {
    run_memcheck keep_objects definite,possible || { cat "$work/said" && return 1; }
    cat "$work/said"
    grep 'still reachable: 108 bytes in 2 blocks' "$work/said"
}

# Not all versions of valgrind can read the debug information of all compilers.
valgrind_runs_it() {
    check "a program links with the library" built plain ''
    valgrind --quiet --tool=none "$work/plain" nothing >"$work/said" 2>&1 &&
        ! grep 'debuginfo reader' "$work/said" >"$work/output"
}

check_valgrind() {
    case $CFLAGS in
    *-fsanitize*) skip "valgrind" "a sanitizer is there" && return ;;
    esac
    if ! have valgrind; then
        skip "valgrind" "it is not there"
    elif [ -z "$header" ]; then
        skip "valgrind" "the library was built without its header"
    elif ! valgrind_runs_it; then
        skip "valgrind" "it cannot run a program with this library"
    else
        check_memcheck_reports
        check_races helgrind
        check_races drd
    fi
}

check_memcheck_reports() {
    for misuse in $misuses use_of_uninitialized_object; do
        check "memcheck reports $misuse" memcheck_reports "$misuse"
    done
    check "memcheck tells of which object free memory was a part" memcheck_tells_of_object
    check "memcheck reports objects that are lost at exit" memcheck_reports_leaks
    check "memcheck reports no object that another leads to" memcheck_knows_what_is_kept
    for program in $sound; do
        check "memcheck has nothing to report of $program" memcheck_is_silent "$program"
    done
}

# ---- Helgrind and DRD ----

run_for_races() {
    valgrind --command-line-only=yes --tool="$1" --error-exitcode=99 "$work/plain" "$2" \
        >"$work/said" 2>&1
}

tool_is_silent() {
    run_for_races "$1" "$2" || { cat "$work/said" && return 1; }
}

# Helgrind begins with the places where the threads were started.
tool_reports() {
    run_for_races "$1" "$2"
    [ $? -eq 99 ] && grep "misuse\.c:$(line_of "$2")" "$work/said"
}

check_races() {
    for program in share_regions place_again; do
        check "$1 has nothing to report of $program" tool_is_silent "$1" $program
    done
    check "$1 reports race_for_object" tool_reports "$1" race_for_object
}

check_asan
check_valgrind
finish
