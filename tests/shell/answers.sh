#!/bin/sh
# answers.sh - mem-replay compares styles, tells a full heap from a fragmented one, and what is refused
# against the size of the region; for people and for programs.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/shell/replay.sh disable=SC1091
. "$abs_srcdir/tests/shell/replay.sh"

page=$(getconf PAGESIZE)
mib=1048576

# A hole of a page, half a page behind it, a quarter to place, then a page: in a region of two pages,
# best fit alone does not break the hole.
trace hole.rep 4 "a 0 $page" "a 1 $((page / 2))" 'f 0' "a 2 $((page / 4))" "a 3 $page"

# A hole of 400000 bytes, and the rest behind an object: more is free than in one piece.
trace holes.rep 4 'a 0 400000' 'a 1 16' 'f 0' 'a 2 700000' 'a 3 2000000'

# ---- The table ----

compares() {
    run "$replay" --style first,worst,best hole.rep
    cat out
    ended_with 0 && [ "$(sed 1q out)" = "hole.rep needs $((2 * page)) bytes by best fit, 1.143 times its peak; by first fit 1.714 times; by worst fit 1.714 times" ] &&
        grep -x "operations:         5" out &&
        grep -x "peak of live bytes: $((page * 7 / 4)) as requested, $((page * 7 / 4)) rounded to 16: no allocator can do with less" out &&
        for row in "first $((3 * page)) 1.714" "worst $((3 * page)) 1.714" "best $((2 * page)) 1.143"; do
            # shellcheck disable=SC2086 # words
            set -- $row
            grep -E "^$1 +$2 +$3 +0 +0 +[0-9]+\.[0-9] +[0-9]+ +[0-9]+\$" out || return
        done
}
check 'styles are compared in a table, and in words' compares

# The largest free chunk is smallest when the most is live; afterwards all is free.
trace worst.rep 3 'a 0 600000' 'a 1 16' 'f 0' 'a 2 400000' 'f 1' 'f 2'
tells_worst() {
    run "$replay" --style first,best --region $mib --csv worst.rep
    cut -d, -f 13- out >moments
    cat moments
    ended_with 0 && [ "$(sed -n 2p moments)" = "6,1,$((mib - 600016)),$((mib - 600016))" ]
}
check 'the worst moment is when the largest free chunk is smallest' tells_worst

rounds() {
    trace odd.rep 2 'a 0 1' 'a 1 17' 'r 1 33'
    run "$replay" --style first,best odd.rep
    ended_with 0 && grep 'peak of live bytes: 34 as requested, 64 rounded to 16' out
}
check 'the least that an allocator can do with' rounds

# ---- Refusals ----

tells_why() {
    run "$replay" --region $mib --refusals holes.rep
    cat out
    ended_with 1 && grep -x 'full, fragmented:   1, 1' out &&
        grep -E "^ +8 +700000 +$((mib - 16)) +$((mib - 400016)) +fragmented\$" out &&
        grep -E "^ +9 +2000000 +$((mib - 16)) +$((mib - 400016)) +full\$" out
}
check 'each refusal has its line, its request, and why' tells_why
tells_each_style() {
    run "$replay" --region $mib --refusals --style first,worst holes.rep
    cat out
    ended_with 1 && [ "$(grep -c -E '^ +8 +700000 .* fragmented$' out)" -eq 2 ] &&
        grep -x 'worst fit: 2 requests refused in 1048576 bytes' out
}
check 'the refusals of each style' tells_each_style
lists_none() {
    run "$replay" --refusals hole.rep
    ended_with 0 && ! grep -E 'asked for|full' out
}
check 'nothing is listed where nothing was refused' lists_none

# ---- The budget ----

trace two.rep 2 'a 0 100000' 'a 1 100000'
tells_budget() {
    run "$replay" --budget --csv two.rep
    cat out
    ended_with 0 && [ "$(sed 1q out)" = 'trace,style,region,region_to_peak,full,fragmented,bytes' ] &&
        [ "$(tail -n 1 out | cut -d, -f 3,5-)" = "$(((200000 + page - 1) / page * page)),0,0,0" ] &&
        [ "$(sed -n 2p out | cut -d, -f 3,5-)" = "$(((190000 + page - 1) / page * page)),1,0,100000" ] &&
        sed 1d out | cut -d, -f 3 | sort -n -c
}
check 'from 95 of 100 of the peak to where nothing is refused' tells_budget
has_points() {
    run "$replay" --budget --style first,worst "$abs_srcdir/traces/git.rep.xz"
    ended_with 0 && [ "$(sed '1,/^ *region /d' out | grep -c .)" -eq 40 ] &&
        tail -n 2 out | grep -E '^ +[0-9]+ +[0-9.]+ +0 +0 +0 +0$'
}
if "$replay" "$abs_srcdir/traces/git.rep.xz" 2>&1 | grep 'built without'; then
    skip 'in forty sizes, for each style' 'no liblzma'
else
    check 'in forty sizes, for each style' has_points
fi
has_no_budget_below() {
    trace most.rep 1 'a 0 40000000000'
    run "$replay" --budget --csv most.rep
    ended_with 1 && [ "$(wc -l <out)" -eq 2 ] && grep -q '^most.rep,first,[0-9]*,[0-9.]*,1,0,40000000000$' out
}
check 'a peak that no region has room for: one size is tried' has_no_budget_below

# ---- For programs ----

writes_csv() {
    run "$replay" --csv --style first,best hole.rep two.rep
    cat out
    ended_with 0 && [ "$(grep -c '^trace,style,' out)" -eq 1 ] && [ "$(grep -c . out)" -eq 5 ] &&
        grep -E "^hole.rep,best,5,$((page * 7 / 4)),$((page * 7 / 4)),$((2 * page)),1.143,([1-9][0-9]*)?,[1-9][0-9]*,0,0,[0-9.]+,[0-9]+,[0-9]+,[0-9]+,[0-9]+\$" out
}
check 'a table of several traces has one line of names' writes_csv
writes_refusals() {
    run "$replay" --csv --refusals --region $mib holes.rep
    cat out
    ended_with 1 && printf '%s\n' 'trace,style,region,line,bytes,free,largest,why' \
        "holes.rep,first,$mib,8,700000,$((mib - 16)),$((mib - 400016)),fragmented" \
        "holes.rep,first,$mib,9,2000000,$((mib - 16)),$((mib - 400016)),full" | diff - out
}
check 'refusals as a table' writes_refusals
cp hole.rep 'a "b", c.rep'
quotes_csv() {
    run "$replay" --csv 'a "b", c.rep'
    ended_with 0 && sed 1d out | grep '^"a ""b"", c.rep",first,'
}
check 'a name with commas and quotes is quoted' quotes_csv

cat >read.py <<'END'
import json, sys
first, second = [json.loads(line) for line in open("out", encoding="utf-8")]
assert first["trace"] == 'x"\\ä\ufffd\ufffd.rep', first["trace"]
assert second["trace"] == "two.rep"
styles = first["styles"]
assert [s["style"] for s in styles] == ["first", "worst", "best"]
assert all((s["full"], s["fragmented"]) == (1, 1) for s in styles)
assert styles[0]["refusals"][0] == {"line": 8, "bytes": 700000, "free": 1048560, "largest": 648560, "why": "fragmented"}
assert styles[0]["smallest_region"] >= first["peak_rounded"]
budget = second["budget"]
assert budget[0]["best"]["full"] == 1 and budget[-1]["worst"] == {"full": 0, "fragmented": 0, "bytes": 0}
END
writes_json() {
    odd=$(printf 'x"\\\303\244\377\303.rep')
    cp holes.rep "$odd"
    run "$replay" --json --refusals --budget --style first,worst,best --region $mib "$odd" two.rep
    cat out
    ended_with 1 && python3 read.py
}
if have python3; then
    check 'an object of JSON for each trace, whatever its name' writes_json
else
    skip 'an object of JSON' 'no python3'
fi

# ---- What cannot be done ----

# usage WHAT MESSAGE ARGUMENT...
usage() {
    about=$1 message=$2
    shift 2
    check "usage: $about" complains 2 "$message $see" "$replay" "$@"
}
for styles in first,next 'first,' ,first first,first first,,best ''; do
    usage "styles '$styles'" "--style takes first, worst or best, or several, not '$styles'" --style "$styles" hole.rep
done
usage 'another resize' "--resize takes in-place or move, not 'copy'" --resize copy hole.rep
usage 'two forms' "--csv does not go with '--json'" --csv --json hole.rep
usage 'two tables in one' "--csv prints one table, and does not go with both --refusals and '--budget'" --csv --refusals --budget hole.rep
usage 'a dump beside a table' "--dump goes only with one style, and not with '--budget, --html, --csv and --json'" --dump --budget hole.rep
usage 'a dump of several styles' "--dump goes only with one style, and not with '--budget, --html, --csv and --json'" --dump --style first,best hole.rep
usage 'a search with refusals' "--min-region does not go with '--refusals'" --min-region --refusals hole.rep
usage 'a search with a budget' "--min-region does not go with '--budget'" --min-region --budget hole.rep
usage 'a search of several styles' "--min-region does not go with 'several styles'" --min-region --style first,best hole.rep
usage 'a search for programs' "--min-region does not go with '--csv and --json'" --min-region --csv hole.rep
finish
