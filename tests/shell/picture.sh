#!/bin/sh
# picture.sh - mem-replay --svg draws what the heap was: well-formed, of a size that does not grow with
# the trace, each cell, curve and mark where it belongs; and a file is replaced whole or not at all.
#
# SPDX-License-Identifier: MIT
# Copyright (c) the libmem authors

: "${abs_srcdir:=$(cd "${srcdir:-.}" && pwd)}"
# shellcheck source=tests/shell/replay.sh disable=SC1091
. "$abs_srcdir/tests/shell/replay.sh"


# draws STATUS PICTURE OPTION... TRACE: and has nothing to say but its report.
draws() {
    wanted=$1 picture=$2
    shift 2
    rm -f "$picture"
    run "$replay" --svg "$picture" "$@"
    ended_with "$wanted" && diff /dev/null err && [ -s "$picture" ]
}

well_formed() {
    if have xmllint; then
        xmllint --noout "$@"
    elif have python3; then
        for file in "$@"; do
            python3 -c 'import sys, xml.etree.ElementTree as e; e.parse(sys.argv[1])' "$file" || return
        done
    fi
}

# Whether a line of the picture is this one.
has_line() {
    grep -qxF -- "$2" "$1" || { echo "not in $1: $2" && return 1; }
}

# ---- The shipped traces ----

bytes_between() {
    bytes=$(wc -c <"$3")
    echo "$bytes bytes"
    [ "$bytes" -ge "$1" ] && [ "$bytes" -le "$2" ]
}

draws_shipped() {
    draws 0 "$1.svg" "$traces/$1.rep.xz" && bytes_between 5000 60000 "$1.svg" &&
        well_formed "$1.svg" && has_line "$1.svg" "<title>$1.rep.xz: the heap through time</title>"
}
# Traces are of xz, which may not be there.
if "$replay" "$traces/git.rep.xz" >/dev/null 2>&1; then
    for name in $shipped; do
        check "$name: 5 to 60 KB, well-formed" draws_shipped "$name"
    done
    is_that_of_readme() {
        draws 1 readme.svg --style first,worst "$traces/python.rep.xz" &&
            cmp readme.svg "$abs_srcdir/doc/heap-python.svg"
    }
    if [ "$(getconf PAGESIZE)" -eq 4096 ] && [ -z "${MEM_TEST_LIGHT-}" ]; then
        check 'the picture of the README is what is drawn' is_that_of_readme
    fi
else
    skip 'pictures of the shipped traces' 'no liblzma'
fi

# ---- One cell after the other ----

# Regions of one page of 4096 bytes have 256 rows; others may have more.
page=$(getconf PAGESIZE)
rows=$((page / 16 < 600 ? page / 16 : 600))
half=$((rows / 2))

# The lower half is live for two thirds of the time. The last sixth of column 666 is not.
trace steps.rep 2 "a 0 $((page / 2))" "a 1 $page" 'f 0'
shows_cells() {
    draws 1 steps.svg --region "$page" steps.rep && well_formed steps.svg &&
        has_line steps.svg "m0 ${half}h667v${half}h-667z\"/>" &&
        has_line steps.svg "m0 ${half}h666v${half}h-666z\"/>" &&
        [ "$(grep -c "^m0 ${half}h66" steps.svg)" -eq 5 ]
}
check 'known cells of a known trace' shows_cells

# Live, free: half of 120 pixels each, then nothing and all. The largest chunk likewise.
shows_curves() {
    has_line steps.svg '<path fill="#000" d="M0 60h667v60h333v2h-334v-60h-666z"/>' &&
        has_line steps.svg '<path fill="#888" d="M0 60h666v-60h334v2h-333v60h-667z"/>' &&
        has_line steps.svg '<path fill="#d4d4d4" d="M0 120v-60h667v-60h333v120z"/>'
}
check 'known curves' shows_curves

# A hole in the midst of what is live, and something live in it.
trace hole.rep 4 "a 0 $((page / 4))" "a 1 $((page / 2))" "a 2 $((page / 4))" 'f 1' "a 3 $((page / 4))" \
    "a 1 $((page / 4))"
shows_hole() {
    draws 0 hole.svg --region "$page" hole.rep && well_formed hole.svg
}
check 'a hole that is filled again' shows_hole

if have python3; then
    has_cells() {
        python3 "$abs_srcdir/tests/shell/picture.py" "$@"
    }
    check 'a hole: each cell' has_cells hole.rep "$page" hole.svg
    seed=${MEM_TEST_SEED:-$(date +%s)}
    shows_random() {
        echo "seed $seed, $1 pages, $2 operations"
        has_cells --draw "$seed" $(($1 * page)) "$2" >random.rep &&
            rm -f random.svg && run "$replay" --region $(($1 * page)) --svg random.svg random.rep &&
            [ "$status" -le 1 ] && has_cells random.rep $(($1 * page)) random.svg
    }
    for size in '1 1' '3 7' '37 300' '16 1000' '2 1700'; do
        # shellcheck disable=SC2086 # words
        check "a random trace, each cell: ${size% *} pages, ${size#* } operations" shows_random $size
    done
else
    skip 'random traces, each cell' 'no python3'
fi

# ---- What was refused ----

mib=1048576
# A hole, and the rest behind an object: more is free than in one piece.
trace refused.rep 4 'a 0 400000' 'a 1 16' 'f 0' 'a 2 700000' 'a 3 2000000'
shows_refusals() {
    draws 1 refused.svg --region $mib refused.rep && well_formed refused.svg &&
        grep 'full, fragmented:   1, 1' out &&
        grep '>refused: 1 full, 1 fragmented<' refused.svg &&
        has_line refused.svg '<path fill="none" stroke="#a00" d="M692 723l3 3-3 3-3-3z"/>' &&
        has_line refused.svg '<path fill="#a00" stroke="#a00" d="M892 711l3 6h-6z"/>' &&
        grep 'because the heap was full, 1, because it was fragmented, 1\.' refused.svg
}
check 'a mark for each refusal, by its shape: full, or fragmented' shows_refusals
shows_none() {
    draws 0 served.svg hole.rep && grep 'no request refused' served.svg &&
        [ "$(grep -c '#a00' served.svg)" -eq 2 ]
}
check 'no mark but those of the legend, when nothing is refused' shows_none

# ---- Several styles ----

shows_panels() {
    draws 0 "$1.svg" --style "$2" --region $mib hole.rep && well_formed "$1.svg" &&
        [ "$(grep -o '>[a-z]* fit<' "$1.svg" | tr -d '<>' | tr '\n' ',')" = "$3" ]
}
check 'two styles: a panel each, in their order' shows_panels two worst,first 'worst fit,first fit,'
check 'three styles' shows_panels three first,worst,best 'first fit,worst fit,best fit,'
differ() {
    trace apart.rep 4 'a 0 400000' 'a 1 16' 'f 0' 'a 2 300000'
    draws 0 apart.svg --style first,worst --region $mib apart.rep &&
        grep -A1 '^<path fill="#111"' apart.svg | grep '^m' | sort -u | wc -l >count &&
        [ "$(cat count)" -eq 2 ]
}
check 'styles that place differently look different' differ

# ---- Any length, any name ----

# A thousand times as many operations, and no larger picture.
grows_not() {
    trace short.rep 2 'a 0 100' 'a 1 3000' 'f 0' 'f 1'
    awk 'BEGIN { n = 4000; print 0; print 2; print 4 * n; print 1
        while (n--) print "a 0 100\na 1 3000\nf 0\nf 1" }' >long.rep
    draws 0 short.svg short.rep && draws 0 long.svg long.rep &&
        bytes_between 1000 20000 long.svg && same_size short.svg long.svg
}
same_size() {
    for file in "$@"; do
        grep -o '<svg.*viewBox="[^"]*"' "$file"
    done >sizes
    [ "$(sort -u sizes | wc -l)" -eq 1 ]
}
check 'a long trace makes no large picture, and one of the same width and height' grows_not
draws_nothing() {
    trace empty.rep 0
    draws 0 empty.svg empty.rep && well_formed empty.svg
}
check 'a trace without operations' draws_nothing
moves() {
    trace grow.rep 1 "a 0 $((page / 4))" "r 0 $((page / 2))"
    draws 0 in-place.svg --region "$page" grow.rep &&
        draws 0 move.svg --resize move --region "$page" grow.rep && ! cmp -s in-place.svg move.svg
}
check 'a resize that moves is shown where it moved' moves
escapes() {
    cp hole.rep "$1"
    draws 0 name.svg "$1" && well_formed name.svg && has_line name.svg "<title>$2: the heap through time</title>"
}
check 'a name that XML has its own ideas of' escapes "<a>&\"']]>.rep" \
    '&lt;a&gt;&amp;&quot;&#39;]]&gt;.rep'
check 'a name of other letters' escapes "$(printf '\303\251\343\201\202.rep')" "$(printf '\303\251\343\201\202.rep')"
# shellcheck disable=SC1112
check 'a name that is no UTF-8, or no XML' escapes "$(printf 'a\377b\357\277\276.rep')" \
    "$(printf 'a\357\277\275b\357\277\275.rep')"
hundred=$(printf '%0100d' 0)
check 'a long name' escapes "$hundred.rep" "$(printf '%080d' 0)$(printf '\342\200\246')"
needs_nothing() {
    ! grep -E 'var\(|<script|<style|href|url\(|class=| id=' two.svg
}
check 'nothing in it but shapes and text' needs_nothing

# ---- The file ----

replaces() {
    echo old >old.svg && chmod 640 old.svg
    run "$replay" --svg old.svg hole.rep
    ended_with 0 && well_formed old.svg && [ -n "$(find old.svg -perm 640)" ]
}
check 'a file is replaced, and keeps its rights' replaces
has_rights_of_new() {
    rm -f new.svg
    (umask 027 && "$replay" --svg new.svg hole.rep >out)
    [ -n "$(find new.svg -perm 640)" ]
}
check 'a new file has the rights of any' has_rights_of_new
cannot() {
    complains 2 "$1" "$replay" --svg "$2" hole.rep && leaves_nothing
}
leaves_nothing() {
    [ -z "$(find . -name '*.svg.*')" ]
}
mkdir folder.svg
check 'a folder that is not there' cannot 'none/a.svg: No such file or directory' none/a.svg
check 'a path that is a folder' cannot 'folder.svg: Is a directory' folder.svg
mkfifo pipe.svg
check 'a path that is a pipe' cannot 'pipe.svg: Invalid argument' pipe.svg
check 'a name that is too long' cannot "$hundred$hundred$hundred.svg: File name too long" "$hundred$hundred$hundred.svg"
deep=$(printf '%05000d' 0 | sed 's/00/x\//g')a.svg
too_deep() {
    run "$replay" --svg "$deep" hole.rep
    ended_with 2 && [ "$(wc -l <err)" -eq 1 ] && grep 'File name too long' err
}
check 'a path that is too long' too_deep
# The report fits; the picture does not.
fills() {
    (ulimit -f 1 && "$replay" --svg large.svg "$traces/git.rep.xz" >/dev/null 2>err)
    [ $? -eq 2 ] && grep -x 'mem-replay: large.svg: File too large' err && [ ! -e large.svg ] && leaves_nothing
}
if "$replay" "$traces/git.rep.xz" >/dev/null 2>&1; then
    check 'a picture that cannot be written whole is not there' fills
fi
spares() {
    trace bad.rep 1 'f 0'
    echo old >kept.svg
    run "$replay" --svg kept.svg bad.rep
    ended_with 2 && [ "$(cat kept.svg)" = old ] && leaves_nothing
}
check 'a bad trace leaves the old picture' spares

# ---- The command line ----

check 'a name that does not end in .svg' complains 2 "--svg takes a file that ends in .svg, not 'hole.rep' $see" \
    "$replay" --svg hole.rep steps.rep
check 'a name that is only .svg' complains 2 "--svg takes a file that ends in .svg, not '.svg' $see" \
    "$replay" --svg .svg steps.rep
check 'two traces' complains 2 "--svg draws one trace, and does not go with a second one, 'steps.rep' $see" \
    "$replay" --svg a.svg hole.rep steps.rep
check 'a search' complains 2 "--min-region does not go with '--svg' $see" \
    "$replay" --svg a.svg --min-region hole.rep
check 'no file' complains 2 "no value is given for '--svg' $see" "$replay" hole.rep --svg
finish
