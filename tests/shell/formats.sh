#!/bin/sh
# formats.sh - mem-replay reads recordings of other tools, packed or not, and says of a bad one what is
# wrong and where.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/shell/replay.sh disable=SC1091
. "$abs_srcdir/tests/shell/replay.sh"

samples=$abs_srcdir/tests/samples

# ---- Samples ----

# has LINE VALUE: a line of the last report.
has() {
    grep -x "$1: *$2" out
}

# answers FILE OPERATIONS PEAK LIVE REFUSED: REFUSED is `-` where the format does not know.
answers() {
    run "$replay" "$1"
    cat out err
    ended_with 0 && has operations "$2" && has 'peak of live bytes' "$3" && has 'live objects' "$4" || return
    [ "$5" = - ] || has 'left out' "$5 requests refused, 0 unknown objects"
}
sample() {
    case $("$replay" "$samples/$1" 2>&1) in
    *'was built without'*) skip "$1" 'its packing is not known here' ;;
    *) check "$1" answers "$samples/$1" "$2" "$3" "$4" "$5" ;;
    esac
}
sample calls.rep 15 100215 3 -
sample calls.mlog.xz 15 100215 3 1
sample calls.mtrace 15 100215 3 1
sample calls.valgrind 15 100215 3 1
sample calls.logalloc 16 100215 3 1
sample calls.android 16 100215 3 1
sample calls.heaptrack.raw.zst 18 172952 4 -

# Where a log has alignments and places of calls, they are known.
keeps_alignment() {
    printf '%s\n' '1 1 aligned_alloc(4096,16)=0x1000' '1 1 memalign(4096,16)=0x2000' >aligned
    run "$replay" --min-region aligned
    ended_with 0 && has 'smallest region' $((2 * $(getconf PAGESIZE)))
}
check 'alignments are asked for' keeps_alignment

other_process() {
    run "$replay" --process 7002 "$samples/calls.logalloc"
    ended_with 0 && has process 7002 && has operations 1 && has 'peak of live bytes' 5000
}
check 'another process of a log' other_process

# ---- Packed ----

# packed NAME COMMAND...
packed() {
    name=$1
    shift
    "$@" <"$samples/calls.valgrind" >packed.$name
    case $("$replay" packed.$name 2>&1) in
    *'built without'*)
        check "$name: a clear message without its library" complains 2 \
            "packed.$name: $("$replay" packed.$name 2>&1 | sed 's/^mem-replay: [^:]*: //')" "$replay" packed.$name
        return
        ;;
    esac
    check "$name" answers packed.$name 15 100215 3 1
    check "$name, from standard input" answers_input packed.$name
    sed 5q "$samples/calls.android" | "$@" >two.$name && sed 1,5d "$samples/calls.android" | "$@" >>two.$name
    check "$name, in two pieces" answers two.$name 16 100215 3 1
    size=$(wc -c <packed.$name)
    dd if=packed.$name of=short.$name bs=$((size - 5)) count=1 2>/dev/null
    check "$name: the end is missing" says_bad short.$name 'data is truncated'
    { dd if=packed.$name bs=$((size / 2)) count=1 2>/dev/null && printf 'XXXXXXXXXXXXXXXXXXXX'; } >broken.$name
    check "$name: damaged" says_bad broken.$name 'data is'
}
answers_input() {
    "$replay" - <"$1" >out && has operations 15 && dd if="$1" bs=100 2>/dev/null | "$replay" - >out && has operations 15
}
says_bad() {
    run "$replay" "$1"
    cat err
    ended_with 2 && grep "^mem-replay: $1:[0-9]*: the \.[a-z]* $2" err
}
for packer in xz gzip zstd; do
    if have $packer; then
        packed $packer $packer -c
    else
        skip "packed by $packer" 'it is not installed'
    fi
done

# A log is read here and there in the file, and so unpacked first.
packed_log() {
    xz -dc "$samples/calls.mlog.xz" >plain.mlog && answers plain.mlog 15 100215 3 1 &&
        gzip -c plain.mlog >packed.mlog && answers packed.mlog 15 100215 3 1
}
if have xz && have gzip && ! "$replay" packed.gzip 2>&1 | grep 'built without' &&
    ! "$replay" "$samples/calls.mlog.xz" 2>&1 | grep 'built without'; then
    check 'a log of mem-run, packed by another packer' packed_log
else
    skip 'a packed log of mem-run' 'a packer or its library is missing'
fi

# ---- Recordings that begin late, or lack something ----

# late FORMAT LINE...: an unknown free, an unknown resize, an object where one lives.
late() {
    about=$1
    shift
    printf '%s\n' "$@" >late
    check "$about: what is not known is counted" begins_late
}
begins_late() {
    run "$replay" late
    cat out err
    ended_with 0 && grep -x 'left out: *0 requests refused, 3 unknown objects' out && has operations 4 &&
        has 'live objects' 2 && has 'peak of live bytes' 50
}
late mtrace '= Start' '@ ./a:[0x1] - 0x100' '@ ./a:[0x1] < 0x200' '@ ./a:[0x1] > 0x300 0x14' \
    '@ ./a:[0x1] + 0x400 0xa' '@ ./a:[0x1] + 0x400 0x1e'
late logalloc '1 1 free(0x100)' '1 1 realloc(0x200,20)=0x300' '1 1 malloc(10)=0x400' '1 1 malloc(30)=0x400'
late android '1: free 0x100' '1: realloc 0x300 0x200 20' '1: malloc 0x400 10' '1: malloc 0x400 30'
late valgrind '--1-- free(0x100)' '--1-- realloc(0x200,20) = 0x300' '--1-- malloc(10) = 0x400' '--1-- malloc(30) = 0x400'

# ---- What the tools do ----

# Output without a newline in front, with a NUL byte, and a calloc of too many bytes, which Valgrind
# leaves without a result.
reads_torn() {
    printf 'hello--1-- malloc(1000) = 0x1000\n\000--2-- malloc(7) = 0x7000\n%s\n' \
        '--1-- calloc(18446744073709551615,2)malloc(10) = 0x2000' >torn && answers torn 2 1010 2 -
}
check 'valgrind: calls amid other output' reads_torn
for call in '1 1 calloc(18446744073709551615,2)=0x0' '1: calloc 0x0 18446744073709551615 2'; do
    printf '%s\n' "$call" >refused
    check "a product of too many bytes: $call" answers refused 0 0 0 1
done
rounds_alignment() {
    printf '1 1 memalign(48,16)=0x1000\n1 1 memalign(3000,16)=0x2000\n' >odd
    run "$replay" --min-region odd
    ended_with 0 && has 'smallest region' $((2 * $(getconf PAGESIZE)))
}
check 'an alignment is rounded up to a power of two' rounds_alignment
from_its_place() {
    { echo remark && cat "$samples/calls.rep"; } >behind
    { read -r _ && "$replay" - >out; } <behind && has operations 15
}
check 'standard input is read from where it stands' from_its_place

# ---- Bad input ----

# bad WHAT MESSAGE LINE...
bad() {
    about=$1 message=$2
    shift 2
    printf '%s\n' "$@" >bad
    check "bad input: $about" complains 2 "bad$message" "$replay" bad
}
bad 'mtrace: no bracket' ':3: it is no line of mtrace' '= Start' '@ ./a:[0x1] + 0x100 0x10' '@ ./a 0x1 + 0x100 0x10'
bad 'mtrace: no size' ':2: it is no line of mtrace' '+ 0x100 0x10' '+ 0x200'
bad 'mtrace: something behind' ':2: it is no line of mtrace' '+ 0x100 0x10' '- 0x100 0x10'
bad 'mtrace: other text' ':2: it is no line of mtrace' '= Start' 'hello'
bad 'logalloc: no result' ':2: it is no line of logalloc' '1 1 malloc(1)=0x1000' '1 1 malloc(2)'
bad 'logalloc: no size' ':2: it is no line of logalloc' '1 1 malloc(1)=0x1000' '1 1 realloc(0x1000)=0x2000'
bad 'android: no size' ':2: it is no line of record_allocs' '1: malloc 0x1000 1' '1: realloc 0x1000 0x1000'
bad 'android: another function' ':2: it is no line of record_allocs' '1: malloc 0x1000 1' '1: alloca 0x1000 1'
bad 'valgrind: no size' ':2: the call of --trace-malloc is not all there' '--1-- malloc(1) = 0x10' '--1-- malloc() = 0x20'
bad 'valgrind: no address' ':2: the call of --trace-malloc is not all there' '--1-- malloc(1) = 0x10' '--1-- malloc(1) = '
bad 'valgrind: a result of nothing' ':2: the call of --trace-malloc is not all there' '--1-- free(0x10)' '--1--  = 0x10'
bad 'heaptrack: a number too few' ':3: it is no line of heaptrack' 'v 10400 3' '+ 10 0 100' '- '
bad 'heaptrack: interpreted' ':3: heaptrack has interpreted the file, and which object was freed is lost there: record with heaptrack --raw' \
    'v 10400 3' 's 1 a' '+ 0'
bad 'a number of more than 64 bits' ':2: it is no line of logalloc' '1 1 malloc(1)=0x1000' '1 1 free(0x11111111111111111)'
nul_inside() {
    printf '1 1 malloc(1)=0x1000\n1 1 malloc(\0001)=0x1000\n' >bad
    complains 2 'bad:2: it is no line of logalloc' "$replay" bad
}
check 'bad input: a NUL byte' nul_inside
missing_process() {
    complains 2 'calls.logalloc: the recording has no process 5' "$replay" --process 5 calls.logalloc &&
        complains 2 'calls.valgrind: the recording has no process 5' "$replay" --process 5 calls.valgrind
}
cp "$samples/calls.logalloc" "$samples/calls.valgrind" .
check 'a process that is not there' missing_process
one_process() {
    cp "$samples/calls.android" android
    complains 2 'android: --process is for recordings of several processes, and this is none' "$replay" --process 12 android
}
check 'a process of a recording that has one' one_process
finish
