# shellcheck shell=sh
# run.sh - what the tests of mem-run share: where it is, and a folder of the test's own to run it in. A
# test sources it instead of harness.sh.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

. "$abs_srcdir/tests/shell/harness.sh"

memrun=$abs_builddir/mem-run
# shellcheck disable=SC2034 # for complains
program=mem-run

if [ ! -x "$memrun" ]; then
    skip 'mem-run' 'not built'
    finish
fi
case $("$memrun" sh -c : 2>&1) in
*'is linked with another C library')
    skip 'mem-run' "it is not for this system's C library"
    finish
    ;;
esac
cd "$work" || exit 99

# ends STATUS COMMAND...: with the status, and prints nothing.
ends() {
    wanted=$1
    shift
    run "$@"
    ended_with "$wanted" && diff /dev/null out && diff /dev/null err
}

# compiled NAME [FLAG...]: makes a program of NAME.c here; false if the compiler cannot.
compiled() {
    name=$1
    shift
    $CC $CFLAGS -fno-builtin -w "$name.c" -o "$name" "$@" $LDFLAGS >"$work/output" 2>&1
}

# eventually COMMAND...: it succeeds within a minute.
eventually() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 1200 ] || return
        sleep 0.05
    done
}

# running NAME: the processes of that name that run in this folder, and not merely wait to be waited
# for; a number in a line each. False when there are none.
running() {
    for folder in /proc/[0-9]*; do
        read -r pid name state _ <"$folder/stat" && [ "$name" = "($1)" ] && [ "$state" != Z ] &&
            [ "$(readlink "$folder/cwd")" = "$(pwd -P)" ] && echo "$pid"
    done 2>/dev/null | grep .
}
