#!/bin/sh
# holders.sh - mem-replay --holders names the callers whose objects keep free memory apart, and by how
# much, in each of its forms; and nothing that a recording says does harm.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/shell/replay.sh disable=SC1091
. "$abs_srcdir/tests/shell/replay.sh"


# Names without addr2line: these files are not there.
# The free chunks lie so, by the objects between them, before the last object is allocated: 160 a 320
# a 160 b. It comes next, and then the rest of the region is as small as it ever is.
cat >heap.mtrace <<'END'
= Start
@ /no/prog:(load+0x10)[0x100] + 0x1000 0xa0
@ /no/prog:(keep+0x10)[0x200] + 0x2000 0x10
@ /no/prog:(load+0x10)[0x100] + 0x3000 0x140
@ /no/prog:(keep+0x10)[0x200] + 0x4000 0x10
@ /no/prog:(load+0x10)[0x100] + 0x5000 0xa0
@ /no/lib.so:[0x200] + 0x6000 0x20
@ /no/prog:[0x300] - 0x1000
@ /no/prog:[0x300] - 0x3000
@ /no/prog:[0x300] - 0x5000
@ [0x7000] + 0x7000 0x800
= End
END

table_is() {
    run "$replay" --region 4096 --holders heap.mtrace
    ended_with 0 && tail -n "$(wc -l <expected)" out | diff expected -
}

tells_people() {
    cat >expected <<'END'
first fit in 4096 bytes: after line 11, 640 of 1984 free bytes lie outside the largest chunk
   would join  largest then   objects their bytes  median age    on average  caller
          320           672         2          32           7            80  prog+0x200
            0             0         0           0           0            16  lib.so+0x200

END
    table_is
}
check 'the callers, what they hold apart, and their names without addr2line' tells_people

tells_csv() {
    cat >expected <<'END'
trace,style,region,line,joins,largest,objects,bytes,age,average,caller
heap.mtrace,first,4096,11,320,672,2,32,7,80,prog+0x200
heap.mtrace,first,4096,11,0,0,0,0,0,16,lib.so+0x200
END
    run "$replay" --region 4096 --holders --csv heap.mtrace
    ended_with 0 && diff expected out
}
check 'the same as a table for programs' tells_csv

tells_json() {
    run "$replay" --region 4096 --holders --json --style first,best heap.mtrace
    ended_with 0 || return
    object='"holders":{"line":11,"chunks":4,"free":1984,"largest":1344,"of":[{"joins":320,"largest":672,"objects":2,"bytes":32,"age":7,"average":80,"caller":"prog+0x200"},{"joins":0,"largest":0,"objects":0,"bytes":0,"age":0,"average":16,"caller":"lib.so+0x200"}]}'
    [ "$(grep -o -F "$object" out | wc -l)" -eq 2 ]
}
check 'the same as JSON, for each style' tells_json

tells_each_style() {
    run "$replay" --region 4096 --holders --style worst,first heap.mtrace
    ended_with 0 && grep -qx 'worst fit in 4096 bytes: after line .*' out &&
        grep -qx 'first fit in 4096 bytes: after line .*' out
}
check 'a table for each style' tells_each_style

tells_nobody() {
    printf '%s\n' '= Start' '@ ./prog:[0x10] + 0x1000 0x10' >nobody.mtrace
    run "$replay" --holders nobody.mtrace
    ended_with 0 && grep -qx 'no caller holds free memory apart by itself' out
}
check 'that nobody holds anything' tells_nobody

tells_of_nothing() {
    printf '%s\n' '= Start' '= End' >nothing.mtrace
    run "$replay" --holders nothing.mtrace
    ended_with 0 && grep -qx 'first fit in 4096 bytes: nothing was done' out
}
check 'that nothing was done' tells_of_nothing

# ---- Names ----

# heaptrack's chains begin with the caller, which is not asked for in the library of C++; the program
# itself goes by the name of x.
names_of_heaptrack() {
    {
        echo 'v 10400 3'
        echo 'x 8 /no/prog'
        echo 'm 1 x 10000 0 800 1000 500'
        echo 'm a /no/lib.so 20000 0 800'
        echo 't 10100 0'
        echo 't 10200 0'
        echo 't 20200 0'
        echo 'm 16 /no/libstdc++.so.6.0.1 30000 0 800'
        echo 't 30100 2'
        sed -n 's/^@ [^ ]* \([+-]\) 0x/\1 /p' heap.mtrace |
            awk '$1 == "+" { print "+", substr($3, 3), (n == 3 ? 4 : n < 5 ? 1 + n % 2 : 3), $2; n++; next } { print }'
    } >heap.heaptrack
    run "$replay" --region 4096 --holders heap.heaptrack
    ended_with 0 && grep -qx ' *320 *672 *2 *32 *7 *80  prog+0x200' out
}
check 'names of a recording of heaptrack' names_of_heaptrack

# A program with lines of its source, that has a function keep at a known address.
# named FUNCTION FILE FLAG...: what is called from one byte into the function of a program.
named() {
    function=$1 file=$2
    shift 2
    $CC -g -O0 "$file" -o prog "$@" || return
    address=$($NM prog | sed -n "s/^0*\\([0-9a-f]*\\) T $function\$/\\1/p")
    first=$($NM prog | sed -n 's/^0*\([0-9a-f]*\) . __executable_start$/\1/p')
    offset=$(printf '%#x' $((0x$address + 1 - 0x${first:-0})))
    sed "s|/no/prog:(keep+0x10)\[0x200\]|./prog:[$offset]|" heap.mtrace >named.mtrace
    run "$replay" --region 4096 --holders named.mtrace
    ended_with 0
}

names_by_addr2line() {
    cat >prog.c <<'END'
extern char __executable_start[];
int keep(int n) {
    return n + __executable_start[0];
}
int main(void) { return keep(-1); }
END
    named keep prog.c "$@" && grep -q '  keep (prog.c:2)$' out
}

keeps_the_place() {
    long=$(printf '%0200d' 0)
    sed "s/keep/keep_$long/" prog.c >'my prog.c'
    named "keep_$long" 'my prog.c' && grep -q '  keep_0*\.\.\. (my prog.c:2)$' out
}
if have addr2line; then
    check 'a function and its line, by addr2line' names_by_addr2line
    check 'the same in a program that has a place of its own' names_by_addr2line -no-pie
    check 'a function with a long name, in a file with a space in its name' keeps_the_place
else
    skip 'names by addr2line' 'not installed'
fi

harmless() {
    sed "s|/no/prog:(keep+0x10)|$1:|" heap.mtrace >harm.mtrace
    run timeout 60 "$replay" --region 4096 --holders harm.mtrace
    ended_with 0 && diff /dev/null err && grep -qx " *320 *672 *2 *32 *7 *80  $2+0x200" out
}
mkfifo fifo
check 'a FIFO is not read' harmless ./fifo fifo
check 'a device is not read' harmless /dev/zero zero
check 'a name with control characters is printed plainly' harmless "$(printf './a\033[2J')" 'a?\[2J'
check 'a name that looks like an option' harmless --help --help

# ---- Bad input ----

check '--holders without callers' complains 2 \
    "$abs_srcdir/tests/samples/calls.rep: --holders needs the callers of a recording, and this has none: record with mem-run to a file that ends in .mlog" \
    "$replay" --holders "$abs_srcdir/tests/samples/calls.rep"
check '--holders with --min-region' complains 2 "--min-region does not go with '--holders' $see" \
    "$replay" --min-region --holders heap.mtrace
check '--csv with --refusals and --holders' complains 2 \
    "--csv prints one table, and does not go with both --refusals and '--holders' $see" \
    "$replay" --csv --refusals --holders heap.mtrace
check '--csv with --budget and --holders' complains 2 \
    "--csv prints one table, and does not go with both --budget and '--holders' $see" \
    "$replay" --csv --budget --holders heap.mtrace

finish
