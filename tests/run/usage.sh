#!/bin/sh
# usage.sh - mem-run says what is wrong with its command line, in one line, and runs nothing then.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

see='(see mem-run --help)'

# usage WHAT MESSAGE ARGUMENT...
usage() {
    about=$1 message=$2
    shift 2
    check "$about" complains 125 "$message" "$memrun" "$@"
}

usage 'no program' "no program is given $see"
usage 'options, but no program' "no program is given $see" --stats --style best
usage 'nothing behind two dashes' "no program is given $see" --
usage 'an unknown option' "wrong option '--fast' $see" --fast true
usage 'a short option' "wrong option '-r' $see" -r true
usage 'no value for --region' "no value is given for '--region' $see" --region
usage 'a value that an option does not take' "wrong option '--strict=1' $see" --strict=1 true
usage 'an unknown style' "--style takes first, worst or best, not 'next' $see" --style next true
usage 'an unknown kind of stats' "--stats takes csv or nothing, not 'json' $see" --stats=json true
usage 'tolerant and strict' "--tolerant does not go with '--strict' $see" --tolerant --strict true
usage 'strict and tolerant' "--tolerant does not go with '--strict' $see" --strict --tolerant true
usage 'output without stats' "nothing is written without --stats to 'file' $see" --output file true

range="--region takes bytes, or a number with K, M or G, from 1 to 32G, not"
[ "$(getconf LONG_BIT)" -gt 32 ] || range="${range%32G*}2G, not"
for size in '' 0 0K 1T junk 1.5M -1 1KM 33G 34359738369 99999999999999999999; do
    usage "a region of '$size'" "$range '$size' $see" --region "$size" true
done

nothing_is_made() {
    run "$memrun" --stats --output made --region 0 touch ran
    ended_with 125 && [ ! -e made ] && [ ! -e ran ]
}
check 'nothing runs and no file is made' nothing_is_made

# says OPTION FIRST_LINE
says() {
    run "$memrun" "$1"
    ended_with 0 && diff /dev/null err && [ "$(head -n 1 out)" = "$2" ]
}
version=$(sed -n 's/^#define MEM_VERSION_STRING "\(.*\)"/\1/p' "$abs_srcdir/include/mem.h")
check '--version' says --version "mem-run (libmem) $version"
check '-V' says -V "mem-run (libmem) $version"
check '--help' says --help 'Usage: mem-run [OPTION]... [--] PROGRAM [ARGUMENT]...'
check '-h' says -h 'Usage: mem-run [OPTION]... [--] PROGRAM [ARGUMENT]...'

help_names_every_option() {
    "$memrun" --help >help
    for option in region style stats output tolerant strict help version; do
        grep -e "^  \(-[hV], \)\{0,1\}--$option\b" help || return
    done
}
check '--help names every option' help_names_every_option

notices_full_disk() {
    "$memrun" --help >/dev/full 2>err
    status=$?
    echo 'mem-run: cannot write to standard output: No space left on device' >expected
    ended_with 125 && diff expected err
}
[ ! -c /dev/full ] || check 'a full disk is noticed' notices_full_disk

# The program's own options are left to it.
leaves_options() {
    run "$memrun" "$@" echo --region x -h
    ended_with 0 && [ "$(cat out)" = '--region x -h' ] && diff /dev/null err
}
check 'options behind the program are its own' leaves_options
check 'options behind two dashes are not read' leaves_options --strict --
finish
