#!/bin/sh
# status.sh - mem-run ends as the program does, says nothing, and leaves it its surroundings.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
. "$abs_srcdir/tests/run/run.sh"

for code in 0 1 3 125 255; do
    check "the status of the program: $code" ends $code "$memrun" sh -c "exit $code"
done
for signal in 15:TERM 9:KILL 2:INT 3:QUIT 6:ABRT 13:PIPE; do
    name=${signal#*:}
    check "128 and the signal: $name" ends $((128 + ${signal%:*})) "$memrun" sh -c "kill -$name \$\$"
done

mkdir bin
printf '#!/bin/sh\n' >bin/locked
printf 'exit 4\n' >bin/plain
printf '#!/no/such/shell\n' >bin/lost
printf '#!%s/bin/loop\n' "$work" >bin/loop
chmod +x bin/plain bin/lost bin/loop
PATH=$work/bin:$PATH
cannot='Permission denied'
check 'not found in PATH' complains 127 'no-such: No such file or directory' "$memrun" no-such
check 'not found by path' complains 127 './no: No such file or directory' "$memrun" ./no
check 'no name at all' complains 127 ': No such file or directory' "$memrun" ''
check 'in a file that is no folder' complains 126 'bin/plain/x: Not a directory' "$memrun" bin/plain/x
check 'a folder' complains 126 "./bin: $cannot" "$memrun" ./bin
check 'a file without permission' complains 126 "bin/locked: $cannot" "$memrun" bin/locked
check 'a file without permission, by PATH' complains 126 "locked: $cannot" "$memrun" locked
check 'no interpreter' complains 127 \
    'lost: its interpreter /no/such/shell: No such file or directory' "$memrun" lost
check 'a script that interprets itself' complains 126 \
    'loop: Too many levels of symbolic links' "$memrun" loop
check 'a file without an interpreter is read by the shell' ends 4 "$memrun" plain

looks_on() {
    mkdir -p later && printf '#!/bin/sh\nexit 6\n' >later/locked && chmod +x later/locked
    PATH=$PATH:$work/later run "$memrun" locked
    ended_with 6
}
check 'the next of the name in PATH is taken' looks_on

# What the program sees

sees() {
    expected=$1
    shift
    run "$@"
    [ "$(cat out)" = "$expected" ] && diff /dev/null err
}
# shellcheck disable=SC2016 # for another shell
input_is_left() {
    run "$memrun" sh -c 'read -r a; echo "$a"' <<END
first
second
END
    [ "$(cat out)" = first ]
}
check 'standard input is left alone' input_is_left
# shellcheck disable=SC2016
check 'its name is as it was given' sees plain-name "$memrun" sh -c 'echo "$0"' plain-name
check 'it is in the same process group' sees same \
    sh -c "\"\$1\" sh -c 'read -r _ _ _ _ mine _ </proc/\$\$/stat; read -r _ _ _ _ its _ </proc/\$PPID/stat;
        [ \"\$mine\" = \"\$its\" ] && echo same'" sh "$memrun"
check 'ignored signals stay ignored' sees ignored sh -c "trap '' INT TERM
    \"\$1\" sh -c 'kill -INT \$\$; kill -TERM \$\$; echo ignored'" sh "$memrun"
# shellcheck disable=SC2016
check 'other signals act' ends 130 "$memrun" sh -c 'kill -INT $$'

# shellcheck disable=SC2016
keeps_preload() {
    echo 'int mem_test_other; __attribute__((constructor)) static void run(void) { mem_test_other = 1; }' >other.c
    $CC $CFLAGS -shared -fPIC other.c -o "$work/other.so" || return
    LD_PRELOAD=$work/other.so run "$memrun" sh -c 'cat /proc/$$/maps; echo "$LD_PRELOAD"'
    ended_with 0 && grep "^[0-9a-f]*-.*$work/other.so" out && grep 'libmem-malloc\.so' out &&
        [ "$(tail -n 1 out | sed 's|^[^:]*/libmem-malloc\.so:||')" = "$work/other.so" ]
}
check 'an LD_PRELOAD that is there is kept' keeps_preload

# variable NAME VALUE OPTION...: what the module is told, with another value there before.
variable() {
    name=$1 expected=$2
    shift 2
    run env "$name=strict" "$memrun" "$@" sh -c "echo \"\$$name\""
    [ "$(cat out)" = "$expected" ]
}
check 'the module is told the region' variable LIBMEM_REGION 3145728 --region 3M
check 'the module is told no region' variable LIBMEM_REGION ''
check 'the module is told the style' variable LIBMEM_STYLE best --style best
check 'the module is told the usual style' variable LIBMEM_STYLE first
check 'the module is told to be exact' variable LIBMEM_EXACT 1 --exact
check 'the module is not told to be exact' variable LIBMEM_EXACT ''
check 'the module is told to be tolerant' variable LIBMEM_MISUSE tolerant --tolerant
check 'the module is told to be strict' variable LIBMEM_MISUSE strict --strict
check 'the module is told neither' variable LIBMEM_MISUSE ''
check 'the module is told of no file' variable LIBMEM_LOG ''

# What the options come to

cat >heap.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
    (void)argc;
    char local;
    char *volatile wrong = argv[1][0] == 'i' ? (char *)malloc(100) + 16 : &local;
    if (argv[1][0] == 'f') /* full */
        return malloc(8 << 20) == NULL ? 9 : 8;
    free(wrong);
    return 7;
}
END
compiled heap || exit 99

ended_in() {
    run "$memrun" "$@"
    sed 's/^/err: /' err
    ended_with "$wanted"
}
comes_to() {
    what=$1 wanted=$2
    shift 2
    check "$what" ended_in "$@"
}
comes_to 'a request past the budget is refused' 9 --region 4M ./heap full
comes_to 'a request within the budget is served' 8 --region 16M ./heap full
comes_to 'a bad free aborts' 134 ./heap inside
comes_to 'a bad free is ignored' 7 --tolerant ./heap inside
comes_to 'a foreign free aborts when that is asked for' 134 --strict ./heap outside
for style in first best worst; do
    comes_to "the program runs with $style fit" 8 --style $style ./heap full
done
finish
