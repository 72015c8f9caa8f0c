#!/bin/sh
# programs.sh - measures whole programs, whose malloc is replaced:
#
#     sh programs.sh ROUNDS [PROGRAM...]
#
# The programs are python3, perl, php, sqlite3, git, gxx, jq and redis; without an argument, all.
#
# Prints lines as run does (medians.awk tells which): for each program and allocator, the nanoseconds
# that it takes, and the most bytes that are resident; and once for each program, the most bytes that
# it has live. In each round, each program runs once with each allocator, one after the other, another
# one first than in the round before, and must succeed and write the same with each. libmem serves it
# by mem-run, the others are preloaded, glibc as well: a program may be linked with another. What is
# not there is left out, with a remark.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors
# shellcheck disable=SC2317 # functions are called by names that are put together

set -u
LC_ALL=C
export LC_ALL

: "${abs_builddir:=$(pwd)}"
rounds=$1
shift
[ $# -gt 0 ] || set -- python3 perl php sqlite3 git gxx jq redis
timed=$abs_builddir/bench/timed
memrun=$abs_builddir/mem-run
work=$(mktemp -d) || exit
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit

# ---- Allocators ----

# library NAME: the path of the first library of a name that begins so.
library() {
    ldconfig -p | sed -n "s/^[[:space:]]*$1\\.so\\.[0-9.]* .* => //p" | sed 1q
}

# Sets preload to what is preloaded for an allocator; false when it is not there.
find_allocator() {
    case $1 in
    "libmem first") preload=$memrun && [ -x "$memrun" ] && return ;;
    glibc) preload=$(library libc) ;;
    jemalloc) preload=$(library libjemalloc) ;;
    mimalloc) preload=$(library libmimalloc) ;;
    tcmalloc) preload=$(library libtcmalloc_minimal) ;;
    esac
    [ -n "$preload" ]
}

# with ALLOCATOR COMMAND...: notes in `noted` what it takes.
with() {
    allocator=$1
    shift
    find_allocator "$allocator"
    case $allocator in
    "libmem first") "$timed" noted "$memrun" -- "$@" ;;
    *) "$timed" noted env LD_PRELOAD="$preload" "$@" ;;
    esac
}

# ---- Programs ----

# For each there is make_NAME, which makes its input, and run_NAME PREFIX..., which runs it with the
# prefix in front, and writes the same each time.

# What is called python3 may be a script that looks for the interpreter: python is that itself.
make_python3() {
    python=$(python3 -c 'import sys; print(sys.executable)') || return
    cat >work.py <<'END'
import json
random = 1
def number():
    global random
    random = (random * 1103515245 + 12345) % 2147483648
    return random >> 16
rows = [{"id": i, "name": "n%d" % number(), "values": [number() for _ in range(8)]} for i in range(25000)]
text = json.dumps(rows)
again = json.loads(text)
words = {}
for row in again:
    words.setdefault(row["name"], []).append(row["id"])
print(len(text), len(words), sum(len(w) for w in words.values()))
END
}
run_python3() {
    PYTHONMALLOC=malloc PYTHONHASHSEED=0 "$@" "$python" work.py
}

make_perl() {
    cat >work.pl <<'END'
my $random = 1;
sub number { $random = ($random * 1103515245 + 12345) % 2147483648; return $random >> 16 }
my (%words, @lines);
for my $i (1 .. 400000) {
    my $word = "w" . number() % 20000;
    $words{$word} .= "$i," if length($words{$word} // "") < 400;
    push @lines, "$word $i" if $i % 4 == 0;
}
@lines = sort @lines;
print scalar(keys %words), " ", scalar(@lines), " $lines[0] $lines[-1]\n";
END
}
run_perl() {
    PERL_HASH_SEED=0 "$@" perl work.pl
}

make_php() {
    cat >work.php <<'END'
<?php
ini_set("memory_limit", -1);
$random = 1;
function number() { global $random; $random = ($random * 1103515245 + 12345) % 2147483648; return $random >> 16; }
$rows = [];
for ($i = 0; $i < 200000; $i++)
    $rows["k" . number() % 30000][] = ["id" => $i, "text" => str_repeat("x", number() % 60)];
ksort($rows);
$length = 0;
foreach ($rows as $key => $list)
    $length += strlen(serialize($list));
echo count($rows), " ", $length, "\n";
END
}
run_php() {
    USE_ZEND_ALLOC=0 "$@" php -n work.php
}

make_sqlite3() {
    cat >work.sql <<'END'
create table rows(id integer primary key, name text, value text);
create index names on rows(name);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 150000)
insert into rows select i, 'n' || (i * 7919 % 10007), printf('%064d', i * 31) from n;
select count(*), sum(length(value)) from rows where name like 'n1%';
select name, count(*) c from rows group by name order by c desc, name limit 3;
update rows set value = value || 'x' where id % 3 = 0;
select sum(length(value)) from rows;
END
}
run_sqlite3() {
    "$@" sqlite3 :memory: <work.sql
}

# A repository of many small files that change; each run packs a copy of it.
make_git() {
    git init -q --bare origin && awk 'BEGIN {
        for (c = 1; c <= 4000; c++) {
            printf "commit refs/heads/main\nmark :%d\ncommitter a <a@b> %d +0000\ndata 2\nc\n", c, c
            for (f = 1; f <= 4; f++) {
                text = ""
                for (l = 1; l <= 40; l++) text = text "line " l " of " (l % 7 ? f : c) "\n"
                printf "M 644 inline d%d/f%d\ndata %d\n%s\n", c % 20, (c * f) % 50, length(text), text
            }
        }
    }' | git -C origin fast-import --quiet
}
run_git() {
    rm -rf copy && cp -r origin copy && git -C copy unpack-objects -q <"$(echo origin/objects/pack/*.pack)"
    "$@" git -C copy -c gc.auto=0 -c pack.threads=1 gc --quiet
    git -C copy count-objects -v | grep in-pack
}

make_gxx() {
    cat >work.cc <<'END'
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>
std::map<std::string, std::vector<std::function<int(int)>>> table;
int main(int count, char **words) {
    std::regex pattern("(a|b)*c");
    std::unordered_map<std::string, std::shared_ptr<std::string>> known;
    for (int i = 0; i < count; i++) {
        if (std::regex_match(words[i], pattern))
            known[words[i]] = std::make_shared<std::string>(words[i]);
        table[words[i]].push_back([i](int x) { return x + i; });
    }
    return static_cast<int>(known.size());
}
END
}
run_gxx() {
    "$@" g++ -O1 -frandom-seed=1 -c work.cc -o work.o
    cksum <work.o
}

make_jq() {
    awk 'BEGIN {
        printf "["
        for (i = 1; i <= 60000; i++)
            printf "%s{\"id\":%d,\"name\":\"n%d\",\"values\":[%d,%d,%d]}", (i > 1 ? "," : ""), i, i * 7919 % 10007, i, i * 3, i * 7
        print "]"
    }' >work.json
}
run_jq() {
    "$@" jq -c 'group_by(.name) | map({key: .[0].name, sum: (map(.values[1]) | add)}) | sort_by(.sum) | .[-3:]' work.json
}

# Commands as clients send them.
make_redis() {
    awk 'function send(command,    words, i, n) {
        n = split(command, words, " ")
        printf "*%d\r\n", n
        for (i = 1; i <= n; i++) printf "$%d\r\n%s\r\n", length(words[i]), words[i]
    }
    BEGIN {
        for (i = 1; i <= 300000; i++) {
            send(sprintf("SET key:%d %0*d", i * 7919 % 40009, 20 + i % 200, i))
            if (i % 3 == 0) send(sprintf("LPUSH list:%d %d", i % 500, i))
            if (i % 5 == 0) send(sprintf("HSET hash:%d f%d %d", i % 300, i % 97, i))
            if (i % 7 == 0) send(sprintf("DEL key:%d", i * 31 % 40009))
        }
    }' >work.redis
}
run_redis() {
    "$@" redis-server --port 0 --unixsocket "$work/socket" --save '' --daemonize no >/dev/null &
    server=$!
    until redis-cli -s socket ping >/dev/null 2>&1; do
        kill -0 "$server" 2>/dev/null || return
        sleep 0.01
    done
    redis-cli -s socket --pipe <work.redis | tail -n 1
    redis-cli -s socket dbsize
    redis-cli -s socket shutdown nosave
    wait "$server"
    rm -f socket
}

# The command of a program.
command_of() {
    case $1 in
    gxx) echo g++ ;;
    redis) echo redis-server ;;
    *) echo "$1" ;;
    esac
}

# What it is called in the tables.
title_of() {
    case $1 in
    git) echo 'git gc' ;;
    gxx) echo g++ ;;
    *) echo "$1" ;;
    esac
}

# ---- Measuring ----

allocators='libmem first
glibc
jemalloc
mimalloc
tcmalloc'

# in_turn ROUND: the allocators that are there, from another one on in each round.
in_turn() {
    echo "$found" | awk -v round="$1" '
        { name[NR - 1] = $0 }
        END { for (i = 0; i < NR; i++) print name[(round - 1 + i) % NR] }'
}

# measure_one ROUND PROGRAM ALLOCATOR
measure_one() {
    rm -f noted
    "run_$2" with "$3" >written 2>messages
    title=$(title_of "$2")
    if ! [ -s noted ] || ! cmp -s written "expected-$2"; then
        echo "# FAILED: $3, $title"
        return 1
    fi
    read -r ns bytes <noted
    echo "$1,$3,program,$title,time,$ns"
    echo "$1,$3,program,$title,resident,$bytes"
}

# The most bytes live of a process, as mem-run tells.
measure_live() {
    "run_$1" "$memrun" --stats=csv --output figures >/dev/null 2>&1
    awk -F, -v title="$(title_of "$1")" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "peak") field = i; next }
        $3 != "whole" && $field > most { most = $field }
        END { printf "1,libmem first,program,%s,live,%d\n", title, most }' figures
}

status=0
there=
for program; do
    if ! command -v "$(command_of "$program")" >/dev/null; then
        echo "# left out: $(title_of "$program"): not installed"
        continue
    fi
    "make_$program" && "run_$program" env >"expected-$program" 2>messages
    find_allocator 'libmem first' && measure_live "$program"
    there="$there $program"
done
found=$(echo "$allocators" | while read -r allocator; do
    find_allocator "$allocator" && echo "$allocator"
done)
echo "$allocators" | while read -r allocator; do
    find_allocator "$allocator" || echo "# left out: $allocator: not installed"
done
round=1
while [ $round -le "$rounds" ]; do
    for program in $there; do
        in_turn $round | { while read -r allocator; do
            measure_one $round "$program" "$allocator" </dev/null || exit 1
        done; } || status=1
        [ ! -t 2 ] || printf '\rround %d of %d: %-10s' $round "$rounds" "$(title_of "$program")" >&2
    done
    round=$((round + 1))
done
[ ! -t 2 ] || printf '\r%40s\r' '' >&2
exit $status
