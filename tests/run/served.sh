#!/bin/sh
# served.sh - a program that the module would not reach is refused, with one line that says why.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

static='is linked statically, so that no library can be loaded into it'
secure='and the loader loads nothing into such programs'

printf '#include <stdio.h>\nint main(void) { puts("ran"); return 0; }\n' >prog.c
compiled prog || exit 99

runs() {
    run "$memrun" "$@"
    ended_with 0 && diff /dev/null err && [ "$(cat out)" = ran ]
}
check 'a usual program runs' runs ./prog

# built WHAT FILE FLAG...: a program built otherwise; false, after a skip, if it cannot be.
built() {
    what=$1
    cp prog.c "$2.c"
    shift
    compiled "$@" && return
    skip "$what" 'it cannot be built here'
    return 1
}

# refused WHAT REASON FILE: what stands as the program is refused.
refused() {
    check "$1 is refused" complains 125 "$3 cannot be served: it $2" "$memrun" "$3"
}

# interpreted WHAT FILE: what interprets a script is refused, directly and by way of env.
interpreted() {
    printf '#!%s -x\n' "$work/$2" >script
    printf '#! /usr/bin/env %s\n' "./$2" >by-env
    printf '#!/usr/bin/env -S A=1 %s -x\n' "./$2" >by-split
    printf '#!%s/script\n' "$work" >twice
    chmod +x script by-env by-split twice
    reason="cannot be served: its interpreter"
    check "$1 as an interpreter is refused" complains 125 "./script $reason $work/$2 $static" \
        "$memrun" ./script
    check "$1 as the interpreter of one is refused" complains 125 \
        "./twice $reason $work/$2 $static" "$memrun" ./twice
    [ -x /usr/bin/env ] || return 0
    check "$1 that env starts is refused" complains 125 "./by-env $reason ./$2 $static" \
        "$memrun" ./by-env
    check "$1 behind options of env is refused" complains 125 "./by-split $reason ./$2 $static" \
        "$memrun" ./by-split
}

if built 'a static program' still -static; then
    refused 'a static program' "$static" ./still
    check 'one found in PATH is refused' complains 125 "still cannot be served: it $static" \
        env "PATH=$work:$PATH" "$memrun" still
    interpreted 'a static program' still
fi
if built 'a static program at any address' still-pie -static-pie; then
    refused 'a static program at any address' "$static" ./still-pie
fi
printf '#!%s\n' "$work/prog" >script
chmod +x script
check 'a script runs' runs ./script

# Sanitizers, linked in both ways that compilers have

sanitized='is built with a sanitizer, which has a malloc of its own'
for sanitizer in address thread leak; do
    if built "gcc's sanitizer: $sanitizer" "$sanitizer" -fsanitize=$sanitizer; then
        refused "a program with the sanitizer: $sanitizer" "$sanitized" "./$sanitizer"
    fi
done
if have clang; then
    for sanitizer in address thread leak memory; do
        if CC=clang built "clang's sanitizer: $sanitizer" "clang-$sanitizer" -fsanitize=$sanitizer; then
            refused "a program with clang's sanitizer: $sanitizer" "$sanitized" "./clang-$sanitizer"
        fi
    done
fi
if built 'the sanitizer that leaves malloc alone' undefined -fsanitize=undefined; then
    check 'a program with the sanitizer that leaves malloc alone runs' runs ./undefined
fi

# Other machines. The bytes of the head say which: here they are changed. Byte 4 is the size of the
# words, byte 18 the machine.

# with_byte FILE OFFSET BYTE
with_byte() {
    cp prog "$1"
    # shellcheck disable=SC2059 # a format is what it is
    printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
word='\001'
[ "$(getconf LONG_BIT)" -gt 32 ] || word='\002'
with_byte words 4 "$word"
refused 'a program with words of another size' 'has words of another size than libmem here' ./words
with_byte machine 18 '\001'
refused 'a program for another machine' 'is for another machine than libmem here' ./machine
if have musl-gcc && CC=musl-gcc built "another C library's program" libc; then
    ldd "$memrun" | grep -q musl ||
        refused "another C library's program" 'is linked with another C library' ./libc
fi

# Rights: files of others, so this needs root.

# gives WHAT FILE MODE OWNER
gives() {
    cp prog "$2" && chown "$4" "$2" && chmod "$3" "$2"
    refused "a $1 program" "is $1, $secure" "./$2"
}
runs_by_setpriv() {
    run setpriv --no-new-privs "$memrun" ./set-user
    ended_with 0 && diff /dev/null err
}
if [ "$(id -u)" -eq 0 ] && cp prog own && chown 1:1 own 2>/dev/null; then
    gives set-user-ID set-user 4755 1:0
    gives set-group-ID set-group 2755 0:1
    cp prog mine && chmod 6755 mine
    check "a set-user-ID program of one's own runs" runs ./mine
    cp prog marked && chown 0:1 marked && chmod 2745 marked
    check 'a file that only looks set-group-ID runs' runs ./marked
    printf '#!%s/prog\n' "$work" >set-script
    chown 1:1 set-script && chmod 6755 set-script
    check 'a set-user-ID script runs' runs ./set-script
    if have setpriv; then
        check 'a set-user-ID program without effect runs' \
            runs_by_setpriv
    fi
else
    skip 'set-user-ID and set-group-ID programs' 'it takes root'
fi

# Files that only seem to be programs

damaged() {
    head -c "$1" prog >short && chmod +x short
    run "$memrun" ./short
    [ "$status" -gt 0 ] && [ "$status" -lt 128 ]
}
for bytes in 4 20 64 100; do
    check "a program that ends after $bytes bytes does no harm" damaged $bytes
done
finish
