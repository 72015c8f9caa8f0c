#!/bin/sh
# misuse.sh - what becomes of programs that misuse their heap, by allocator:
#
#     make misuse
#
# libmem and the malloc of the C library are always there; other allocators take its place by
# LD_PRELOAD where they are installed. Prints one table of all misuses and one of counts, as
# Markdown; the first is left in bench/misuse/results.md, the second in bench/misuse/counts.md.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

set -u
LC_ALL=C
export LC_ALL

: "${abs_builddir:=$(pwd)}"
: "${CC:=cc}"

cd "$abs_builddir/bench/misuse" || exit

# Who is compared

# library NAME: where the compiler finds a shared library; nothing if it does not.
library() {
    path=$($CC -print-file-name="$1")
    [ ! -f "$path" ] || echo "$path"
}

# Scudo is among clang's files, where other compilers do not find it.
scudo() {
    name=libclang_rt.scudo_standalone-$(uname -m).so
    for path in "$(clang -print-file-name="$name" 2>/dev/null)" \
        /usr/lib/llvm-*/lib/clang/*/lib/linux/"$name"; do
        [ ! -f "$path" ] || { echo "$path" && return; }
    done
}

# scudo_version PATH: Scudo has the version of its compiler, which is in the path.
scudo_version() {
    echo "$1" | sed -n 's|.*/clang/\([0-9.]*\)/.*| (LLVM \1)|p'
}

# How often each program is run: the system and some allocators choose addresses at random.
rounds=5

# worst FILE...: the worst of what a misuse came to, in the order of verdict.h.
worst() {
    awk -F '\t' '
        BEGIN {
            verdicts = split("refused,sound,crashes,hangs,aborts,overwritten,astray,overlap," \
                "chosen address", verdict, ",")
            for (i = 1; i <= verdicts; i++)
                rank[verdict[i]] = i
        }
        FNR == 1 { title = $1; next }
        !($2 in rank) { print FILENAME ": no verdict: " $2 >"/dev/stderr"; exit 1 }
        { name[FNR] = $1; rows = FNR }
        rank[$2] > most[FNR] { most[FNR] = rank[$2] }
        END {
            print title
            for (i = 2; i <= rows; i++)
                print name[i] "\t" verdict[most[i]]
        }' "$@"
}

# measured NAME COMMAND...: a column of the table.
measured() {
    name=$1
    shift
    for round in $(seq $rounds); do
        "$@" >"results-$name-$round.txt" || exit
    done
    worst "results-$name"-*.txt >"results-$name.txt" || exit
    columns="$columns results-$name.txt"
}

# preloaded NAME PATH: the same; the allocator is not there if the path is empty.
preloaded() {
    if [ -n "$2" ]; then
        measured "$1" env LD_PRELOAD="$2" ./with-malloc
    else
        left_out="$left_out $1"
    fi
}

measure() {
    columns=
    left_out=
    path=$(scudo)
    measured libmem ./with-libmem
    measured libc ./with-malloc
    preloaded jemalloc "$(library libjemalloc.so.2)"
    preloaded mimalloc "$(library libmimalloc.so.2)"
    preloaded tcmalloc "$(library libtcmalloc_minimal.so.4)"
    preloaded scudo "$path"
    [ ! -f results-scudo.txt ] || mark_scudo "$(scudo_version "$path")"
}

# mark_scudo VERSION
mark_scudo() {
    sed "1s/\$/$1/" results-scudo.txt >results-marked.txt && mv results-marked.txt results-scudo.txt
}

# Tables

# All misuses, a column for each allocator. What harms the program, and is seen by nobody, is bold.
results() {
    # shellcheck disable=SC2086 # names of files without spaces
    awk -F '\t' '
        FNR == 1 { heading = heading " | " $1; rule = rule "|---"; next }
        /overwritten$|astray$|overlap$|address$/ { $2 = "**" $2 "**" }
        { row[FNR] = row[FNR] " | " $2; name[FNR] = $1; rows = FNR }
        END {
            print "|" heading " |"
            print "|---" rule "|"
            for (i = 2; i <= rows; i++)
                print "| " name[i] row[i] " |"
        }' $columns
}

# How often each verdict was given, a row for each allocator.
counts() {
    echo '| | refused | sound | aborts | crashes, hangs | overwritten | led astray |'
    echo '|---|--:|--:|--:|--:|--:|--:|'
    # shellcheck disable=SC2086
    for column in $columns; do
        awk -F '\t' '
            NR == 1 { name = $1; next }
            $2 == "hangs" { $2 = "crashes" }
            $2 ~ /^(astray|overlap|chosen address)$/ { $2 = "led astray" }
            { n[$2]++ }
            END {
                printf "| %s | %d | %d | %d | %d | %d | %d |\n", name, n["refused"], n["sound"],
                    n["aborts"], n["crashes"], n["overwritten"], n["led astray"]
            }' "$column"
    done
}

rm -f results* counts.md
measure
results | tee results.md
echo
counts | tee counts.md
[ -z "$left_out" ] || printf '\nleft out, since not installed:%s\n' "$left_out"
