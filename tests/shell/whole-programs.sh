#!/bin/sh
# whole-programs.sh - what bench/ measures of whole programs is measured: a program that fails, or
# writes something else, gives no figures.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/shell/harness.sh"

timed=$abs_builddir/bench/timed
cd "$work" || exit 99

# ---- One run ----

notes_run() {
    "$timed" noted sh -c 'echo said' >said && [ "$(cat said)" = said ] &&
        grep -x -E '[1-9][0-9]* [1-9][0-9]*' noted
}
check 'a run: nanoseconds, and bytes that were resident' notes_run
notes_nothing() {
    wanted=$1
    shift
    rm -f noted
    "$timed" noted "$@"
    status=$?
    [ $status -eq "$wanted" ] && [ ! -e noted ]
}
check 'a command that fails has its status, and no figures' notes_nothing 3 sh -c 'exit 3'
check 'one that a signal ends has no figures' notes_nothing 99 sh -c 'kill -KILL $$'
check 'one that is not there has none' notes_nothing 99 ./nowhere
no_place() {
    ! "$timed" nowhere/noted true
}
check 'a folder that is not there' no_place

# ---- A program with each allocator ----

if ! have jq; then
    skip 'a whole program' 'no jq'
    finish
fi
case $("$abs_builddir/mem-run" true 2>&1) in
?*)
    skip 'a whole program' 'mem-run is not built, or not for this system'
    finish
    ;;
esac
measures_each() {
    sh "$abs_srcdir/bench/programs.sh" 1 jq nonesuch >figures || return
    cat figures
    ! grep FAILED figures && grep -x '# left out: nonesuch: not installed' figures &&
        grep -x -E '1,libmem first,program,jq,live,[1-9][0-9]*' figures || return
    for allocator in 'libmem first' glibc jemalloc mimalloc tcmalloc; do
        grep -x "# left out: $allocator: not installed" figures && continue
        for metric in time resident; do
            grep -x -E "1,$allocator,program,jq,$metric,[1-9][0-9]*" figures || return
        done
    done
}
check 'each allocator that is there has its time and its memory' measures_each
finish
